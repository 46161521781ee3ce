//! A person reads their own writes, on every process.

use serde_json::json;
use tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_names_a_position_never_sees_an_older_state() {
    let world = World::start().await;
    let second = world.another_app().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await.through(&second.client);
    let path = format!("/crm/users/{}", support.id);
    for _ in 0..15 {
        let anna = world.student().registers().await;
        let seen = support.get_at(anna.position, &format!("/crm/users/{}", anna.id)).await.is(200);
        assert_eq!(seen["email"], anna.email.as_str());
        let changed = anna.post("/me/phone", json!({ "phone": "+74950000001" })).await.ok();
        let seen = support.get_at(changed.position(), &format!("/crm/users/{}", anna.id)).await.is(200);
        assert_eq!(seen["phone"], "+74950000001");
    }
    let far = support.get_at(1_000_000_000, &path).await.refused(503, "projection_behind");
    assert!(!far.header("retry-after").is_empty(), "{far:?}");
    let nonsense = support.call("GET", &path).header("min-log-position", "soon").send().await;
    nonsense.is_problem().is(400);
}

/// A client's request id is in the answer and in the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_travels_into_the_log_and_back() {
    let world = World::start().await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let anna = world.student();
    let call = world.client().call("POST", "/accounts").json(&anna.form()).header("traceparent", trace);
    let answer = call.header("x-request-id", "from-outside-17").send().await.is(201);
    assert_eq!(answer.header("x-request-id"), "from-outside-17");
    let log = tests::LogRow::all(&world.pool).await;
    let metadata = log[0].metadata.to_string();
    assert!(
        metadata.contains("from-outside-17") || metadata.contains("0af7651916cd43dd8448eb211c80319c"),
        "{metadata}"
    );
}
