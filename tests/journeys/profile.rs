//! A profile returns what its person has set, and a change leaves other fields.

use serde_json::json;
use tests::World;

/// A change of the profile keeps name, e-mail, nickname and phone. Fields that are not named stay.
#[tokio::test(flavor = "multi_thread")]
async fn a_profile_comes_back_as_it_was_told_field_by_field() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let education = json!({
        "university": "МГУ", "degree": "магистр", "graduation_year": 2009, "courses": ["ТРИЗ", "ЕГЭ"],
    });
    teacher.patch("/me/profile", json!({ "education": education })).await.ok();
    let changes = json!({
        "subjects": ["mathematics"], "city": "Тверь", "hourly_rate": { "amount": 250_000, "currency": "RUB" },
        "bio": "Люблю считать.\nИ учить.", "takes_requests": true, "durations": [45, 60],
    });
    let answer = teacher.patch("/me/profile", changes.clone()).await.ok();
    for account in [answer, teacher.get("/me").await.is(200)] {
        let profile = &account["profile"];
        assert_eq!(profile["education"], education, "{account:?}");
        for (field, value) in changes.as_object().expect("an object") {
            assert_eq!(&profile[field], value, "{field}: {account:?}");
        }
        assert_eq!(account["name"], teacher.name.as_str());
        assert_eq!(account["email"], teacher.email.as_str());
        assert_eq!(account["nickname"], teacher.nickname.as_str());
        assert_eq!(account["phone"], teacher.phone.as_str());
        assert!(account["profile_completeness"].as_u64().is_some_and(|percent| (1..=100).contains(&percent)));
    }
    teacher.patch("/me/profile", json!({ "city": null })).await.ok();
    let me = teacher.get("/me").await.is(200);
    assert_eq!((&me["profile"]["city"], &me["profile"]["education"]), (&json!(null), &education));
}

/// A person sets only their own fields, and every value is checked.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_sets_what_is_not_theirs_to_set() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let before = teacher.get("/me").await.is(200);
    for patch in [
        json!({ "rating": 5 }),
        json!({ "lessons_count": 100 }),
        json!({ "roles": ["admin"] }),
        json!({ "role": "admin" }),
        json!({ "email": "else@person.example" }),
        json!({ "id": "00000000-0000-0000-0000-000000000000" }),
        json!({ "status": "active" }),
        json!({ "hourly_rate": { "amount": -1, "currency": "RUB" } }),
        json!({ "hourly_rate": 1000 }),
        json!({ "subjects": ["astrology"] }),
        json!({ "durations": [37] }),
        json!({ "city": "Тверь", "rating": 5 }),
        json!({ "bio": "a\u{0}b" }),
        json!({ "school": "a student's field" }),
    ] {
        let refused = teacher.patch("/me/profile", patch.clone()).await.is_problem();
        assert!(matches!(refused.status, 409 | 422), "{patch}: {refused:?}");
    }
    let after = teacher.get("/me").await.is(200);
    assert_eq!(before.body, after.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nickname_is_unique_after_a_change_too() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let taken = anna.patch("/me/profile", json!({ "nickname": boris.nickname.to_uppercase() })).await;
    taken.refused(409, "nickname_taken");
    anna.patch("/me/profile", json!({ "nickname": format!("{}x", anna.nickname) })).await.ok();
    boris.patch("/me/profile", json!({ "nickname": anna.nickname })).await.ok();
}

/// A change with an outdated ETag does not overwrite a newer one.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_on_what_is_no_longer_so_is_refused() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let read = anna.get("/me").await.is(200).header("etag").to_owned();
    assert!(read.starts_with("\"v"), "{read}");
    let change = |city: &str, tag: &str| {
        anna.call("PATCH", "/me/profile").header("if-match", tag).json(&json!({ "city": city })).send()
    };
    let changed = change("Тверь", &read).await.ok();
    assert_ne!(changed.header("etag"), read);
    change("Псков", &read).await.is_problem().is(412);
    assert_eq!(anna.get("/me").await["profile"]["city"], "Тверь");
    change("Псков", changed.header("etag")).await.ok();
}
