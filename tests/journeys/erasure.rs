//! Erasure: the person is nowhere, and the history is complete.

use serde_json::json;
use tests::{LogRow, Person, Secrets, World, differences, eventually, found_in};

/// The person is erased in every store of the server; no event is lost.
#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_nowhere_and_the_history_is_whole() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (auditor, analyst) = (world.auditor(&admin).await, world.analyst(&admin).await);
    let anna = world.student().registers().await;
    let witness = world.student().registers().await;
    let secret_school = "Gymnasium of erasable memory";
    anna.patch("/me/profile", json!({ "school": secret_school, "bio": format!("{} bio", anna.name) }))
        .await
        .ok();
    let needles = Secrets::of_person(&anna).and("school", secret_school).and("token", &anna.token);
    the_crm_has(&world, &anna, true).await;
    others_write_about(&world, &admin, &anna).await;
    // The suspension has ended her sessions.
    let anna = anna.signs_in().await;
    tables_are_put_aside(&world, &admin).await;
    let before = LogRow::all(&world.pool).await;
    assert_ne!(
        found_in(&world.pool, &needles).await,
        Vec::<String>::new(),
        "the scanner finds what is there"
    );

    anna.call("DELETE", "/me").json(&json!({ "password": "wrong password 1" })).send().await.is_problem();
    anna.get("/me").await.is(200);
    eventually("a mail to her is in the folder", || async {
        if world.mails_to(&anna.email).is_empty() { Err("none".to_owned()) } else { Ok(()) }
    })
    .await;
    let erased = anna.erases_themselves().await.ok();

    anna.get("/me").await.is_problem().is(401);
    anna.tries_to_sign_in().await.refused(401, "invalid_credentials");
    the_crm_has(&world, &anna, false).await;
    for path in
        [format!("/crm/users/{}", anna.id), format!("/crm/users/{}/timeline", anna.id), "/crm/users".into()]
    {
        let shown = analyst.get_at(erased.position(), &path).await;
        assert_eq!(needles.found_in(&shown.text()), Vec::<String>::new(), "{shown:?}");
    }
    eventually("nothing in the database says who she was", || async {
        let finds = found_in(&world.pool, &needles).await;
        if finds.is_empty() { Ok(()) } else { Err(finds.join(", ")) }
    })
    .await;
    eventually("no mail to her is in the folder", || async {
        let mails = world.mails_to(&anna.email);
        if mails.is_empty() { Ok(()) } else { Err(format!("{mails:?}")) }
    })
    .await;
    the_stream_says_nothing(&world, &needles).await;
    let after = LogRow::all(&world.pool).await;
    assert_eq!(after[..before.len()], before[..], "not a byte of the history has changed");
    let audit =
        auditor.get(&format!("/audit/events?stream_type=Account&stream_id={}", anna.id)).await.is(200);
    assert_eq!(needles.found_in(&audit.text()), Vec::<String>::new(), "{audit:?}");
    assert_eq!(audit.rows()[0]["type"], "AccountRegistered");
    assert!(audit.rows().iter().any(|row| row["type"] == "AccountErased"));
    assert_eq!(needles.found_in(&world.app.log()), Vec::<String>::new());
    hashes_are_right(&world).await;

    witness.get("/me").await.is(200);
    let mut heir = world.student();
    heir.email.clone_from(&anna.email);
    heir.nickname.clone_from(&anna.nickname);
    heir.registers().await;
}

/// Other people write about her, each under an idempotency key, so that their answers are kept.
async fn others_write_about(world: &World, admin: &Person, anna: &Person) {
    let support = world.support(admin).await;
    let about = format!("{} {} {}", anna.name, anna.email, anna.phone);
    let ticket = json!({
        "requester_id": anna.id, "title": anna.name, "description": about, "category": "Оплата",
    });
    let keyed = async |person: &Person, path: String, body: serde_json::Value| {
        person.call("POST", &path).key(tests::random_u64()).json(&body).send().await.ok()
    };
    let opened = keyed(&support, "/crm/tickets".to_owned(), ticket).await;
    let id = opened["id"].as_str().expect("an id").to_owned();
    for what in ["replies", "notes"] {
        keyed(&support, format!("/crm/tickets/{id}/{what}"), json!({ "body": about })).await;
    }
    for what in ["suspend", "reinstate"] {
        keyed(&support, format!("/crm/users/{}/{what}", anna.id), json!({ "reason": about })).await;
    }
    let change = json!({ "action": "grant", "role": "teacher", "reason": about.chars().take(400).collect::<String>() });
    keyed(admin, format!("/admin/accounts/{}/roles", anna.id), change).await;
    let change = json!({ "action": "revoke", "role": "teacher", "reason": "no longer" });
    keyed(admin, format!("/admin/accounts/{}/roles", anna.id), change).await;
    keyed(&support, "/conversations".to_owned(), json!({ "participant_id": anna.id })).await;
}

/// Rebuilds read models, so that their former tables are kept beside the live ones.
async fn tables_are_put_aside(world: &World, admin: &Person) {
    for model in ["crm_users", "directory"] {
        admin.post(&format!("/admin/projections/{model}/rebuild"), json!({})).await.ok();
        eventually("the former tables are put aside", || async {
            let aside = sqlx::query_scalar("select exists (select from projection.previous where name = $1)");
            let aside: bool = aside.bind(model).fetch_one(&world.pool).await.expect("a row");
            if aside { Ok(()) } else { Err(format!("{model} is being rebuilt")) }
        })
        .await;
    }
}

async fn the_crm_has(world: &World, person: &Person, wanted: bool) {
    eventually("the CRM has her or not", || async {
        let users = world.crm.users().await;
        let has = users.iter().any(|user| user["email"] == person.email.as_str());
        if has == wanted { Ok(()) } else { Err(format!("{} users, has her: {has}", users.len())) }
    })
    .await;
    if !wanted {
        let finds = Secrets::of_person(person).found_in(&format!("{:?}", world.crm.users().await));
        assert_eq!(finds, Vec::<String>::new());
    }
}

async fn the_stream_says_nothing(world: &World, needles: &Secrets) {
    let stream = eventually("the stream is the log", || async {
        let (log, stream) = (LogRow::all(&world.pool).await, world.stream.messages().await?);
        let wrong = differences(&log, &stream);
        if wrong.is_empty() { Ok(stream) } else { Err(wrong.join("; ")) }
    })
    .await;
    for message in stream {
        assert_eq!(needles.found_in(&format!("{message:?}")), Vec::<String>::new());
    }
}

/// Computes the hashes again from the stored events.
async fn hashes_are_right(world: &World) {
    let wrong: Vec<i64> = sqlx::query_scalar(
        "select position from log.events where leaf_hash is distinct from log.leaf_hash(position, aggregate_type,
         aggregate_id, sequence, event_type, event_version, log.micros(recorded_at),
         log.text_sha256(payload::text), log.text_sha256(metadata::text))",
    )
    .fetch_all(&world.pool)
    .await
    .expect("the hashes can be computed again");
    assert_eq!(wrong, Vec::<i64>::new());
}
