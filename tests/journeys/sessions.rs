//! Signing in, signing out, and access afterwards.

use serde_json::json;
use tests::World;

/// The server checks the password, for every device.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_opens_the_door_and_nothing_else_does() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    for (email, password) in [
        (anna.email.as_str(), "another password 1"),
        (anna.email.as_str(), ""),
        ("nobody@person.example", anna.password.as_str()),
    ] {
        let form = json!({ "email": email, "password": password });
        let refused = world.client().post("/session", &form).await.is_problem();
        assert!(matches!(refused.status, 401 | 422), "{refused:?}");
        if refused.status == 401 {
            refused.refused(401, "invalid_credentials");
        }
    }
    let mut upper = anna.clone();
    upper.email = anna.email.to_uppercase();
    let elsewhere = upper.signs_in().await;
    assert_eq!(elsewhere.get("/me").await.is(200)["id"], anna.id.as_str());
    world.client().get("/me").await.refused(401, "unauthenticated");
    world.client().call("GET", "/me").bearer("made-up").send().await.is_problem().is(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_on_every_process_when_it_is_ended() {
    let world = World::start().await;
    let second = world.another_app().await;
    let desk = world.student().registers().await;
    let (phone, tablet) = (desk.signs_in().await, desk.signs_in().await.through(&second.client));

    let sessions = desk.get("/sessions").await.is(200);
    let rows = sessions.body.as_array().cloned().unwrap_or_else(|| sessions.rows().clone());
    assert_eq!(rows.len(), 3, "{sessions:?}");
    let current: Vec<_> = rows.iter().filter(|session| session["current"] == true).collect();
    assert_eq!(current.len(), 1, "{sessions:?}");

    phone.delete("/session").await.ok();
    phone.get("/me").await.is_problem().is(401);
    phone.through(&second.client).get("/me").await.is_problem().is(401);

    let tablets = tablet.get("/sessions").await.is(200);
    let rows = tablets.body.as_array().cloned().unwrap_or_else(|| tablets.rows().clone());
    let id = rows.iter().find(|session| session["current"] == true).expect("the present one")["id"].clone();
    desk.delete(&format!("/sessions/{}", id.as_str().expect("an id"))).await.ok();
    tablet.get("/me").await.is_problem().is(401);
    desk.get("/me").await.is(200);

    let stranger = world.student().registers().await;
    let rows = desk.get("/sessions").await.is(200);
    let rows = rows.body.as_array().cloned().unwrap_or_else(|| rows.rows().clone());
    let path = format!("/sessions/{}", rows[0]["id"].as_str().expect("an id"));
    stranger.delete(&path).await.is_problem().is(404);
}

/// Scripts cannot read the cookie, and pages of other origins cannot use it.
#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_a_session_too_but_only_for_our_own_pages() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let answer = anna.tries_to_sign_in().await.is(200);
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["kafedra_session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let cookie = cookie.split(';').next().expect("a first part").to_owned();
    let change = |origin: &str| {
        let call = world.client().call("PATCH", "/me/profile").header("cookie", &cookie);
        call.header("origin", origin).json(&json!({ "city": "Тверь" })).send()
    };
    let own = world.client().url.clone();
    change(&own).await.ok();
    let evil = [format!("{own}.evil.example"), "http://evil.example".to_owned(), "null".to_owned()];
    for origin in &evil {
        change(origin).await.is_problem().is(403);
    }
    let me = world.client().call("GET", "/me").header("cookie", &cookie).send().await;
    assert_eq!(me.is(200)["id"], anna.id.as_str());
}
