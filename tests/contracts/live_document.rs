//! The document of live frames is valid AsyncAPI 3, complete and served.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use tests::World;

use crate::generators::{node, run};

fn document() -> Value {
    api::http::document::build_live_document()
}

#[test]
fn redocly_finds_neither_errors_nor_warnings_in_the_live_document() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("asyncapi.json");
    fs::write(&path, document().to_string()).unwrap();
    let result = run(node("redocly").args(["lint", "--format=json"]).arg(path));
    let result: Value = serde_json::from_str(&result).expect("the result is JSON");
    assert_eq!(result["totals"], json!({ "errors": 0, "warnings": 0, "ignored": 0 }), "{result}");
}

#[test]
fn every_reference_of_the_live_document_leads_to_something() {
    let document = document();
    let mut lost = BTreeSet::new();
    collect_lost(&document, &document, &mut lost);
    assert_eq!(lost, BTreeSet::new());
}

fn collect_lost(document: &Value, value: &Value, lost: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_lost(document, item, lost)),
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str)
                && document.pointer(reference.trim_start_matches('#')).is_none()
            {
                lost.insert(reference.to_owned());
            }
            fields.values().for_each(|field| collect_lost(document, field, lost));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_frame_and_each_of_its_fields_has_a_text() {
    let document = document();
    let mut silent = Vec::new();
    for (key, message) in document["components"]["messages"].as_object().unwrap() {
        assert!(message["summary"].as_str().is_some_and(|text| text.split(' ').count() <= 12), "{key}");
        silent.extend(untold(key, &message["payload"], &["type", "data", "position"]));
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        silent.extend(untold(name, schema, &[]));
    }
    assert_eq!(silent, Vec::<String>::new());
}

fn untold(owner: &str, schema: &Value, except: &[&str]) -> Vec<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let silent = properties
        .filter(|(name, property)| !except.contains(&name.as_str()) && !property["description"].is_string());
    silent.map(|(name, _)| format!("{owner}.{name}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_document_is_served_beside_the_api_document() {
    let world = World::start().await;
    let served = world.client().get("/api/asyncapi.json").await.is(200);
    assert_eq!(served.header("content-type"), "application/json");
    assert_eq!(served.body, document());
}
