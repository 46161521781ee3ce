//! Malicious input: every mutation answers it with a typed refusal, and the process stays alive.

use std::fmt::Write;

use serde_json::json;
use tests::{Answer, Person, World};

use crate::document::{Operation, operations};
use crate::permissions::one_of_each_role;

/// No body ends a process or causes a 5xx.
#[tokio::test(flavor = "multi_thread")]
async fn no_body_brings_more_than_a_refusal() {
    let mut world = World::start().await;
    let people: Vec<Person> = one_of_each_role(&world).await.into_iter().map(|(_, person)| person).collect();
    let operations = operations(&world).await;
    let mut sent = 0;
    // Ending the test's own session is left out here.
    for operation in operations.iter().filter(|o| o.changes_something() && o.path != "/session") {
        let person = who_comes_in(operation, &people).await;
        for body in bodies(operation) {
            let what: String = body.chars().take(60).collect();
            sent += 1;
            typed(send(&person, operation, body).await, operation, &what);
        }
    }
    let signing_in =
        Operation { method: "POST".into(), path: "/session".into(), fields: fields(&operations) };
    for body in bodies(&signing_in) {
        typed(send(&people[0], &signing_in, body).await, &signing_in, "sign-in");
    }
    assert!(sent > 200, "{sent}");
    assert!(world.app.is_alive());
    assert!(!world.app.log().contains("panicked"), "{}", world.app.log());
    people[0].get("/me").await.is(200);
}

/// The same for paths, queries and headers.
#[tokio::test(flavor = "multi_thread")]
async fn no_path_query_or_header_brings_more_than_a_refusal() {
    let mut world = World::start().await;
    let people: Vec<Person> = one_of_each_role(&world).await.into_iter().map(|(_, person)| person).collect();
    let long = "x".repeat(4_000);
    for operation in operations(&world).await.iter().filter(|o| o.method == "GET") {
        let person = who_comes_in(operation, &people).await;
        let path = operation.to_nobody();
        for query in [
            "limit=%00",
            "limit=1e9",
            "cursor=%00",
            "q=%00",
            "q=%ED%A0%80",
            "from=9999999-01-01T00:00:00Z",
            "after=-1",
            "after=99999999999999999999",
            "limit=1&limit=2",
            "%",
            "as_of=now",
            "[]=1",
            long.as_str(),
        ] {
            let answer = person.get(&format!("{path}?{query}")).await;
            assert!(answer.status < 500, "{query}: {answer:?}");
        }
        for (name, value) in [
            ("min-log-position", "-1"),
            ("min-log-position", "99999999999999999999"),
            ("accept", "image/png"),
            ("traceparent", "nonsense"),
            ("x-request-id", long.as_str()),
            ("authorization", long.as_str()),
            ("cookie", "kafedra_session=%00"),
            ("accept-language", "…;q=x"),
        ] {
            let answer = person.call("GET", &path).header(name, value).send().await;
            assert!(answer.status < 500, "{name}: {value}: {answer:?}");
        }
        let crooked = operation.path.replace(['{', '}'], "%00");
        let answer = person.get(&crooked).await;
        assert!(answer.status < 500, "{crooked}: {answer:?}");
    }
    for key in ["", " ", &long, "…"] {
        let answer =
            people[0].call("POST", "/me/phone").key(key).json(&json!({ "phone": null })).send().await;
        assert!(answer.status < 500, "{answer:?}");
    }
    assert!(world.app.is_alive());
    assert!(!world.app.log().contains("panicked"), "{}", world.app.log());
}

/// 10 MiB of JSON are refused before they are read.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_ten_mebibytes_is_refused_everywhere() {
    let mut world = World::start().await;
    let people: Vec<Person> = one_of_each_role(&world).await.into_iter().map(|(_, person)| person).collect();
    let huge = format!("{{\"name\":\"{}\"}}", "a".repeat(10 * 1024 * 1024));
    for operation in operations(&world).await.iter().filter(|o| o.changes_something() && o.path != "/session")
    {
        let person = who_comes_in(operation, &people).await;
        let call =
            person.call(&operation.method, &operation.to_nobody()).body(huge.clone(), "application/json");
        // A server that answers early may close the connection during the upload.
        if let Ok(answer) = call.attempt().await {
            assert!(matches!(answer.status, 400..=499) || operation.fields.is_empty(), "{answer:?}");
            assert!(answer.status < 500, "{answer:?}");
        }
    }
    assert!(world.app.is_alive());
    people[0].get("/me").await.is(200);
}

async fn send(person: &Person, operation: &Operation, body: String) -> Answer {
    let call = person.call(&operation.method, &operation.to_nobody());
    call.body(body, "application/json").send().await
}

#[track_caller]
fn typed(answer: Answer, operation: &Operation, what: &str) {
    assert!(answer.status < 500, "{} {} on {what}: {answer:?}", operation.method, operation.path);
    if answer.status >= 400 {
        answer.is_problem();
    }
}

/// A person who may call this route, so that the body is read at all.
async fn who_comes_in(operation: &Operation, people: &[Person]) -> Person {
    for person in people {
        let call = person.call(&operation.method, &operation.to_nobody());
        let call = if operation.changes_something() { call.body("null", "application/json") } else { call };
        if !matches!(call.send().await.status, 401 | 403) {
            return person.clone();
        }
    }
    panic!("no role may call {} {}", operation.method, operation.path);
}

fn fields(operations: &[Operation]) -> Vec<String> {
    let session = operations.iter().find(|o| o.path == "/session" && o.method == "POST");
    session.map(|session| session.fields.clone()).unwrap_or_default()
}

/// Bodies as JSON text; a library would not write some of them.
fn bodies(operation: &Operation) -> Vec<String> {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    let mut bodies: Vec<String> =
        ["null", "[]", "{}", "\"\"", "0", "true", "[{}]", "{\"\":\"\"}", "1e999", "{", "nul"]
            .map(str::to_owned)
            .into();
    bodies.push(deep("[", "]"));
    bodies.push(format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)));
    let long = format!("\"{}\"", "ж".repeat(20_000));
    let values = [
        "null",
        "1e400",
        "-1",
        "99999999999999999999999999",
        "0.1",
        "true",
        "{}",
        "[]",
        "[[]]",
        "\"\"",
        "\" \"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u202e\"",
        "[null]",
        "[\"\\u0000\"]",
        "{\"amount\":1e30,\"currency\":\"\\u0000\"}",
        "\"0001-01-01T00:00:00Z\"",
        "\"' or 1=1 --\"",
        long.as_str(),
    ];
    for field in &operation.fields {
        bodies.extend(values.iter().map(|value| format!("{{{field:?}:{value}}}")));
    }
    for value in values {
        let mut all = String::from("{");
        for field in &operation.fields {
            write!(all, "{field:?}:{value},").expect("writing to a string succeeds");
        }
        bodies.push(format!("{}}}", all.trim_end_matches(',')));
    }
    bodies
}
