//! The check finds each kind of difference between an answer or a frame and its document.

use reqwest::header::{HeaderMap, HeaderName};
use serde_json::{Value, json};
use tests::{Answer, Contract};

const PROBLEM: &str = "application/problem+json";

fn contract() -> Contract {
    let problem = |codes: &[&str]| {
        json!({ "x-problem-codes": codes, "content": { PROBLEM: {
        "schema": { "$ref": "#/components/schemas/Problem" } } } })
    };
    Contract::new(json!({
        "paths": { "/api/v1/lessons/{id}": {
            "get": { "responses": {
                "200": {
                    "headers": { "ETag": {} },
                    "content": {
                        "application/json": { "schema": { "$ref": "#/components/schemas/Lesson" } },
                        "text/csv": {},
                    },
                },
                "404": problem(&["lesson_not_found"]),
            } },
            "delete": { "responses": { "204": {} } },
        } },
        "components": {
            "headers": { "ETag": {}, "X-Log-Position": {} },
            "messages": { "pong": { "payload": { "type": "object", "required": ["type"],
                "properties": { "type": { "const": "pong" } } } } },
            "schemas": {
                "Problem": { "type": "object", "properties": { "code": { "type": "string" } } },
                "Named": { "type": "object", "required": ["title"], "properties": { "title": { "type": "string" } } },
                "Lesson": { "allOf": [
                    { "$ref": "#/components/schemas/Named" },
                    { "properties": {
                        "status": { "type": ["string", "null"], "enum": ["held", "missed", null] },
                        "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Lesson" } },
                    } },
                ] },
            },
        },
    }))
}

fn answer(asked: &str, status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
    let header =
        |(name, value): &(&'static str, &str)| (HeaderName::from_static(name), value.parse().unwrap());
    let headers: HeaderMap = headers.iter().map(header).collect();
    let body_json = serde_json::from_str(body).unwrap_or(Value::Null);
    Answer { asked: asked.to_owned(), status, headers, body: body_json, bytes: body.into() }
}

fn check(answer: &Answer) -> Result<Vec<String>, String> {
    let path = answer.asked.split_once(' ').unwrap().1;
    contract().check_answer(path, answer).map(|lines| lines.into_iter().collect())
}

fn check_body(body: &Value) -> Result<Vec<String>, String> {
    check(&answer("GET /lessons/7", 200, &[("content-type", "application/json")], &body.to_string()))
}

#[test]
fn a_documented_answer_has_a_line() {
    let body =
        json!({ "title": "Algebra", "status": "held", "parts": [{ "title": "Sums", "status": null }] });
    assert_eq!(check_body(&body).unwrap(), ["GET /lessons/{id} 200"]);
    let headers = [("content-type", "application/problem+json")];
    let refusal = answer("GET /lessons/7", 404, &headers, r#"{"code":"lesson_not_found"}"#);
    let lines = ["GET /lessons/{id} 404 lesson_not_found", "problem lesson_not_found"];
    assert_eq!(check(&refusal).unwrap(), lines);
    let headers = [("content-type", "text/csv; charset=utf-8"), ("etag", "\"v1\"")];
    assert_eq!(
        check(&answer("GET /lessons/7", 200, &headers, "a")).unwrap(),
        ["GET /lessons/{id} 200 text/csv"]
    );
    assert_eq!(check(&answer("DELETE /lessons/7", 204, &[], "")).unwrap(), ["DELETE /lessons/{id} 204"]);
    let all = ["DELETE /lessons/{id} 204", "GET /lessons/{id} 200", "GET /lessons/{id} 200 text/csv"];
    assert!(contract().answers().iter().eq(all.iter().chain(&lines)));
}

#[test]
fn an_undocumented_answer_is_a_fault_that_names_its_operation_and_status() {
    let json = ("content-type", "application/json");
    let problem = ("content-type", "application/problem+json");
    for (answer, fault) in [
        (answer("GET /lessons/7", 201, &[], ""), "GET /lessons/{id} 201: no such status"),
        (
            answer("GET /lessons/7", 404, &[problem], r#"{"code":"gone"}"#),
            "GET /lessons/{id} 404: no such problem code: gone",
        ),
        (answer("GET /lessons/7", 404, &[json], "{}"), "no such media type: \"application/json\""),
        (answer("GET /lessons/7", 200, &[], ""), "no such media type: \"\""),
        (
            answer("GET /lessons/7", 200, &[json, ("x-log-position", "7")], "{}"),
            "no such header: X-Log-Position",
        ),
        (answer("DELETE /lessons/7", 204, &[json], "{}"), "no such media type"),
        (answer("GET /lessons", 200, &[json], "{}"), "GET /lessons is no operation, and its status is 200"),
    ] {
        let found = check(&answer).unwrap_err();
        assert!(found.contains(fault), "{found}");
    }
    assert_eq!(check(&answer("GET /lessons", 404, &[], "")), Ok(vec![]));
}

#[test]
fn a_wrong_body_is_a_fault_that_names_its_pointer() {
    for (body, fault) in [
        (json!({ "title": 7 }), "GET /lessons/{id} 200: 7 is not of type \"string\" at \"/title\""),
        (json!({}), "\"title\" is a required property"),
        (json!({ "title": "Algebra", "status": "late" }), "at \"/status\""),
        (json!({ "title": "Algebra", "parts": [{ "title": "Sums", "room": 1 }] }), "at \"/parts/0\""),
    ] {
        let found = check_body(&body).unwrap_err();
        assert!(found.contains(fault), "{found}");
    }
}

#[test]
fn a_frame_is_one_of_the_documented_types_with_its_properties() {
    let check = |frame: Value| contract().check_frame(&frame);
    assert_eq!(check(json!({ "type": "pong" })).unwrap(), "frame pong");
    assert_eq!(check(json!({ "type": "ping" })).unwrap_err(), "no such type of frame: \"ping\"");
    assert!(check(json!({ "type": "pong", "late": true })).unwrap_err().starts_with("frame pong: "));
}
