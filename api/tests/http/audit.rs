//! The log as auditors see it.

use domain::Role;
use serde_json::{Value, json};

use crate::world::{PASSWORD, World, bearer};

const EVENTS: &str = "/api/v1/audit/events";

fn id_of(registered: &Value) -> &str {
    registered["account"]["id"].as_str().unwrap()
}

#[tokio::test]
async fn the_log_is_for_auditors_and_their_reads_are_recorded() {
    let world = World::with_read_models().await;
    let anna = world.student("anna").await;
    let admin = world.signed_in_as(Role::Admin).await;
    world.get(EVENTS, &[]).await.refused(401, "unauthenticated");
    for other in [&bearer(&anna), &admin] {
        world.read(EVENTS, other, &[]).await.refused(403, "forbidden");
    }
    let auditor_id = world.account_with(Role::Auditor).await;
    let auditor = world.session_of(auditor_id).await;
    world.read(&format!("{EVENTS}?limit=3"), &auditor, &[]).await.is(200);
    world.read(EVENTS, &auditor, &[("accept", "text/csv")]).await.is(200);
    let reads =
        sqlx::query!("select account_id, path_and_query, content_type from http.audit_reads order by 1, 2");
    let reads = reads.fetch_all(world.pool()).await.unwrap();
    assert_eq!(reads.len(), 2);
    assert!(reads.iter().all(|read| read.account_id == auditor_id.uuid()));
    assert_eq!((reads[0].path_and_query.as_str(), reads[0].content_type.as_str()), (EVENTS, "text/csv"));
    assert_eq!(reads[1].path_and_query, format!("{EVENTS}?limit=3"));
}

#[tokio::test]
async fn events_come_by_position_and_by_every_filter() {
    let world = World::with_read_models().await;
    let anna = world.student("anna").await;
    world.student("boris").await;
    let auditor = world.signed_in_as(Role::Auditor).await;
    let all = world.read(&format!("{EVENTS}?limit=100"), &auditor, &[]).await;
    let rows = all.is(200).body["data"].as_array().unwrap();
    for (row, position) in rows.iter().zip(1_u64..) {
        assert_eq!(row["position"], position);
        assert_eq!(row["leaf_hash"].as_str().unwrap().len(), 64);
    }
    assert_eq!(rows[0]["payload"]["AccountRegistered"]["email"], "anna@example.org");
    let first = world.read(&format!("{EVENTS}?limit=1"), &auditor, &[]).await;
    assert_eq!(first.is(200).body["page"], json!({ "next_cursor": "1", "has_more": true }));
    let second = world.read(&format!("{EVENTS}?limit=1&after=1"), &auditor, &[]).await;
    assert_eq!(second.is(200).body["data"][0], rows[1]);
    let instant = rows[1]["recorded_at"].as_str().unwrap();
    let of = |field: &str| rows.iter().filter(|row| row[field] == rows[0][field]).count();
    let by =
        |field: &str| rows.iter().filter(|row| row["metadata"][field] == rows[0]["metadata"][field]).count();
    let before = rows.iter().filter(|row| row["recorded_at"].as_str().unwrap() < instant).count();
    for (filter, found) in [
        (format!("stream_type=Account&stream_id={}", id_of(&anna)), of("stream_id")),
        ("type=AccountRegistered".to_owned(), of("type")),
        (format!("actor={}", rows[0]["metadata"]["actor"].as_str().unwrap()), by("actor")),
        (
            format!("correlation_id={}", rows[0]["metadata"]["correlation_id"].as_str().unwrap()),
            by("correlation_id"),
        ),
        (format!("to={instant}"), before),
        (format!("from={instant}"), rows.len() - before),
        (format!("from={instant}&type=AccountRegistered"), of("type") - 1),
        ("type=NothingOfTheKind".to_owned(), 0),
    ] {
        let answer = world.read(&format!("{EVENTS}?{filter}"), &auditor, &[]).await;
        assert_eq!(answer.is(200).body["data"].as_array().unwrap().len(), found, "{filter}: {rows:#?}");
    }
    world.read(&format!("{EVENTS}?colour=red"), &auditor, &[]).await.refused(400, "unknown_parameter");
    for broken in ["limit=101", "limit=0", "after=18446744073709551615", "after=x", "actor=me", "from=now"] {
        let answer = world.read(&format!("{EVENTS}?{broken}"), &auditor, &[]).await;
        answer.refused(400, "malformed_parameter");
    }
}

#[tokio::test]
async fn files_hold_every_event_line_by_line() {
    let world = World::with_read_models().await;
    for name in ["anna", "boris", "clara"] {
        world.student(name).await;
    }
    let auditor = world.signed_in_as(Role::Auditor).await;
    let all = world.read(&format!("{EVENTS}?limit=100"), &auditor, &[]).await;
    let rows = all.is(200).body["data"].as_array().unwrap();
    let file = world.read(EVENTS, &auditor, &[("accept", "application/x-ndjson")]).await;
    assert_eq!(file.is(200).header("content-type"), "application/x-ndjson");
    let lines: Vec<Value> = file.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(&lines, rows);
    let csv = world.read(EVENTS, &auditor, &[("accept", "text/csv")]).await;
    assert_eq!(csv.is(200).text().lines().count(), rows.len() + 1);
    let some = world.read(&format!("{EVENTS}?limit=2"), &auditor, &[("accept", "text/csv")]).await;
    assert_eq!(some.is(200).text().lines().count(), 3);
    let registered = format!("{EVENTS}?type=AccountRegistered&limit=500");
    let some = world.read(&registered, &auditor, &[("accept", "application/x-ndjson")]).await;
    assert_eq!(some.is(200).text().lines().count(), 4);
}

#[tokio::test]
async fn an_erased_person_can_not_be_read_in_the_audit() {
    let world = World::with_read_models().await;
    let anna = world.student("anna").await;
    let auth = bearer(&anna);
    let (headers, password) = ([("authorization", auth.as_str())], json!({ "password": PASSWORD }));
    let erased = world.call("DELETE", "/api/v1/me", &headers, &password).await;
    assert!(erased.status.is_success());
    let auditor = world.signed_in_as(Role::Auditor).await;
    let path = format!("{EVENTS}?stream_type=Account&stream_id={}", id_of(&anna));
    let answer = world.read(&path, &auditor, &[]).await;
    let first = &answer.is(200).body["data"][0];
    assert_eq!(first["type"], "AccountRegistered");
    assert_eq!(first["payload"]["AccountRegistered"]["email"], Value::Null);
    for form in ["application/json", "text/csv", "application/x-ndjson"] {
        let answer = world.read(&path, &auditor, &[("accept", form)]).await;
        assert!(!answer.is(200).text().contains("anna"), "{}", answer.text());
    }
}
