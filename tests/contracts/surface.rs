//! Properties of every route: unknown paths, origins, health.

use tests::{Settings, World};

/// A JSON client never gets HTML.
#[tokio::test(flavor = "multi_thread")]
async fn the_unknown_is_answered_with_a_problem_too() {
    let world = World::start().await;
    let client = world.client();
    for (method, path) in
        [("GET", "/nowhere"), ("POST", "/nowhere/at/all"), ("GET", "/api/nowhere"), ("GET", "/%ff")]
    {
        client.call(method, path).send().await.is_problem().is(404);
    }
    let wrong = client.call("DELETE", "/accounts").send().await.is_problem().is(405);
    assert!(wrong.header("allow").contains("POST"), "{wrong:?}");
    let form = world.student().form().to_string();
    let post = || client.call("POST", "/accounts");
    post().body(form.clone(), "text/plain").send().await.is_problem().is(415);
    post().body("{\"email\":", "application/json").send().await.is_problem().is(400);
    post().body("", "application/json").send().await.is_problem().is(400);
    post().body(vec![0xff, 0xfe, 0x00], "application/json").send().await.is_problem().is(400);
    post().body(vec![b' '; 300 * 1024], "application/json").send().await.is_problem().is(413);
    let russian = client.call("GET", "/me").header("accept-language", "ru").send().await.is_problem();
    let english = client.call("GET", "/me").header("accept-language", "en").send().await.is_problem();
    assert_ne!(russian["title"], english["title"]);
    assert_eq!(russian["code"], english["code"]);
}

/// Exactly the listed origins are allowed: no other prefix, suffix, scheme or port.
#[tokio::test(flavor = "multi_thread")]
async fn only_listed_origins_may_read_with_a_cookie() {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_HTTP__ALLOWED_ORIGINS", "[\"https://school.example\"]".into()));
    let world = World::with(settings).await;
    let preflight = |origin: &'static str| {
        let call = world.client().call("OPTIONS", "/me/profile").header("origin", origin);
        call.header("access-control-request-method", "PATCH").send()
    };
    let allowed = preflight("https://school.example").await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://school.example");
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    for foreign in [
        "https://school.example.evil.example",
        "https://evilschool.example",
        "http://school.example",
        "https://school.example:444",
        "https://sub.school.example",
        "https://schoolxexample",
        "null",
    ] {
        let answer = preflight(foreign).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{foreign}: {answer:?}");
        let read = world.client().call("GET", "/me").header("origin", foreign).send().await;
        assert_eq!(read.header("access-control-allow-origin"), "", "{foreign}: {read:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_says_how_it_is_and_ends_in_order_when_asked() {
    let mut world = World::start().await;
    world.client().get("/health/live").await.is(200);
    world.client().get("/health/ready").await.is(200);
    let metrics = world.client().get("/metrics").await.is(200);
    assert!(metrics.header("content-type").starts_with("text/plain"), "{metrics:?}");
    let text = metrics.text();
    for family in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = family.split(' ').next().unwrap_or_default();
        assert!(text.contains(&format!("# HELP {name} ")), "{name} has no HELP");
    }
    for name in ["kafedra_log_head_position", "kafedra_listener_lag_events", "kafedra_pool_connections"] {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name}: {text}");
    }
    // With a query it goes to the public listener, which has no metrics.
    world.client().get("/metrics?public").await.is(404);
    let people = futures::future::join_all((0..20).map(|_| {
        let new = world.student();
        async move { new.client.call("POST", "/accounts").json(&new.form()).attempt().await }
    }));
    // The lock holds the appends, so that at least one request is in flight when the process is asked to end.
    let mut held = world.pool.begin().await.expect("a connection");
    let lock = sqlx::query("lock table log.append_order in exclusive mode").execute(&mut *held);
    lock.await.expect("the lock");
    let ending = async {
        tests::eventually("an append waits for the lock", || async {
            let waiting: bool = sqlx::query_scalar(
                "select exists (select from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock' and query like '%log.append%')",
            )
            .fetch_one(&world.pool)
            .await
            .expect("a row");
            if waiting { Ok(()) } else { Err("none waits".to_owned()) }
        })
        .await;
        tests::signal(Some(world.app.pid()), rustix::process::Signal::TERM);
        tests::eventually("the process does not accept further requests", || async {
            match world.client().call("GET", "/health/live").attempt().await {
                Err(_) => Ok(()),
                Ok(answer) => Err(format!("{answer:?}")),
            }
        })
        .await;
        held.rollback().await.expect("the lock is released");
    };
    let (answers, ()) = futures::join!(people, ending);
    world.app.ends().await;
    let acknowledged = answers.iter().flatten().filter(|answer| answer.status == 201).count();
    let registered: i64 =
        sqlx::query_scalar("select count(*) from log.events where event_type = 'AccountRegistered'")
            .fetch_one(&world.pool)
            .await
            .expect("the log can be read");
    assert!(acknowledged > 0, "a request in flight is finished");
    // Every request was finished or refused; no acknowledged registration was lost.
    assert!(acknowledged as i64 <= registered, "{acknowledged} acknowledged, {registered} in the log");
    for answer in answers.into_iter().flatten().filter(|answer| answer.status != 201) {
        answer.is_problem().is(503);
    }
    let log = world.app.log();
    assert!(!log.contains("panicked"), "{log}");
}
