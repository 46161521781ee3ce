//! Scan for secrets after one day of use.

use serde_json::json;
use tests::{Secrets, World, eventually, found_in};

/// No password, token or key anywhere; no personal data in logs, metrics or the stream.
#[tokio::test(flavor = "multi_thread")]
async fn neither_logs_nor_metrics_nor_the_stream_say_who_anybody_is() {
    let mut settings = tests::Settings::default();
    settings.environment.push(("KAFEDRA_LOG__LEVEL", "debug".into()));
    let world = World::with(settings).await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let anna = world.student().registers().await;
    a_day(&world, &anna, &support).await;

    let secrets = Secrets::default()
        .and("password", &anna.password)
        .and("token", &anna.token)
        .and("admin's token", &admin.token)
        .and("CRM key", &world.crm.key)
        .and("master key", &hex::encode(world.master_key));
    let all = Secrets::of_person(&anna).and_all(secrets.clone());
    let metrics = world.client().get("/metrics").await.is(200).text();
    assert!(metrics.contains("kafedra_"), "{metrics}");
    assert_eq!(all.found_in(&metrics), Vec::<String>::new());
    let log = world.app.log();
    assert!(log.len() > 1_000, "the log says something: {log}");
    let finds: Vec<_> = log.lines().filter(|line| !all.found_in(line).is_empty()).collect();
    assert_eq!(finds, Vec::<&str>::new());
    eventually("all is in the stream", || async {
        let (last, head) = (world.stream.last_sequence().await, anna.position);
        if last >= head { Ok(()) } else { Err(format!("{last} of {head}")) }
    })
    .await;
    for message in world.stream.messages().await.expect("the stream is there") {
        assert_eq!(all.found_in(&format!("{message:?}")), Vec::<String>::new(), "{}", message.subject);
    }
    assert_eq!(found_in(&world.pool, &secrets).await, Vec::<String>::new());
    let delivered = format!("{:?}", world.crm.log().await);
    assert_eq!(secrets.found_in(&delivered), Vec::<String>::new());
    for answer in ["/admin/crm/integration", "/admin/crm/deliveries", "/admin/system", "/admin/projections"] {
        assert_eq!(all.found_in(&admin.get(answer).await.text()), Vec::<String>::new(), "{answer}");
    }
}

/// Valid and invalid requests: errors are the usual leak into logs.
async fn a_day(world: &World, anna: &tests::Person, support: &tests::Person) {
    anna.signs_in().await;
    anna.patch("/me/profile", json!({ "bio": format!("{} {}", anna.name, anna.email) })).await.ok();
    anna.post("/me/phone", json!({ "phone": anna.phone })).await;
    anna.patch("/me/profile", json!({ "email": anna.email, "bio": 17 })).await.is_problem();
    world
        .client()
        .post("/accounts", &json!({ "email": anna.email, "password": anna.password }))
        .await
        .is_problem();
    let mut again = world.student().form();
    again["email"] = json!(anna.email);
    world.client().post("/accounts", &again).await.is_problem();
    world
        .client()
        .post("/session", &json!({ "email": anna.email, "password": "wrong password 7" }))
        .await
        .is_problem();
    let broken = format!("{{\"email\": \"{}\", \"password\": \"{}\"", anna.email, anna.password);
    world.client().call("POST", "/session").body(broken, "application/json").send().await.is_problem();
    support.get(&format!("/crm/users?q={}", anna.email)).await;
    world.crm.injects_faults(json!({ "status": 500 })).await;
    world.student().registers().await;
    world.crm.clears_faults().await;
    eventually("all people are in the CRM", || async {
        let users = world.crm.users().await.len();
        if users >= 3 { Ok(()) } else { Err(format!("{users} users")) }
    })
    .await;
}
