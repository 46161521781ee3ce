//! The API document is typed and told to the end: a walk over each kind of gap.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Names of properties and parameters that hold a code of a closed list.
const CODES: [&str; 26] = [
    "status",
    "state",
    "kind",
    "role",
    "roles",
    "subject",
    "subjects",
    "goals",
    "grade",
    "grades",
    "format",
    "formats",
    "lesson_type",
    "lesson_types",
    "experience",
    "teacher_type",
    "learning_style",
    "priority",
    "channel",
    "my_role",
    "locale",
    "unit",
    "interval",
    "measure",
    "entity_type",
    "code",
];

/// Strings of those names that are no code of one closed list.
const FREE: [&str; 11] = [
    // Words of the program, not of the contract.
    "TaskCounts.kind",
    "Term.code",
    "Reason.code",
    // Their list depends on the role, on other fields, or on the kind; the text names the codes.
    "ProfileChanges.experience",
    "BulkResult.code",
    "ReportFact.unit",
    "NotificationData.status",
    "SeriesConflict.code",
    "NotificationData.role",
    // A code of another list for each operation.
    "listTickets.status",
    "listTickets.priority",
];

/// A schema with its place: `Schema.property`, or `operationId.parameter`.
struct Found<'a> {
    place: String,
    schema: &'a Value,
}

fn document() -> Value {
    api::http::document::build_document()
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let items = document["paths"].as_object().expect("paths").values();
    items.filter_map(Value::as_object).flat_map(Map::values)
}

fn properties(document: &Value) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        collect_properties(name, schema, &mut found);
    }
    found
}

fn collect_properties<'a>(owner: &str, schema: &'a Value, found: &mut Vec<Found<'a>>) {
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{owner}.{name}");
        collect_properties(&place, schema, found);
        found.push(Found { place, schema });
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        schema[key].as_array().into_iter().flatten().for_each(|part| collect_properties(owner, part, found));
    }
    if schema["items"].is_object() {
        collect_properties(owner, &schema["items"], found);
    }
}

/// Each parameter, with the schema of its value and its text.
fn parameters(document: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for operation in operations(document) {
        let id = operation["operationId"].as_str().expect("an operation id");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = match parameter["$ref"].as_str().and_then(|text| text.strip_prefix('#')) {
                Some(pointer) => document.pointer(pointer).expect("the reference leads to a parameter"),
                None => parameter,
            };
            found.push((format!("{id}.{}", parameter["name"].as_str().unwrap_or_default()), parameter));
        }
    }
    found
}

fn is_bare(schema: &Value) -> bool {
    let Some(fields) = schema.as_object() else { return false };
    let told = ["properties", "additionalProperties", "$ref", "oneOf", "anyOf", "allOf", "enum"];
    let is_object = schema["type"] == "object" || schema["type"][0] == "object";
    (is_object && !told.iter().any(|key| fields.contains_key(*key))) || fields.is_empty()
}

#[test]
fn no_schema_is_a_bare_object() {
    let document = document();
    let mut bare = Vec::new();
    walk("", &document, &mut |path, value| {
        let is_schema =
            ["/schema", "/items"].iter().any(|end| path.ends_with(end)) || path.contains("/properties/");
        let is_whole = path.rsplit('/').nth(1).is_none_or(|parent| parent != "required");
        if is_schema && is_whole && is_bare(value) {
            bare.push(path.to_owned());
        }
    });
    assert_eq!(bare, Vec::<String>::new());
}

fn walk(path: &str, value: &Value, visit: &mut impl FnMut(&str, &Value)) {
    visit(path, value);
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| walk(&format!("{path}/{i}"), item, visit));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| walk(&format!("{path}/{name}"), field, visit))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_property_and_parameter_is_told() {
    let document = document();
    let told = |value: &Value| value["description"].as_str().is_some_and(|text| !text.trim().is_empty());
    let mut silent: Vec<_> =
        properties(&document).into_iter().filter(|p| !told(p.schema)).map(|p| p.place).collect();
    silent.extend(parameters(&document).into_iter().filter(|(_, p)| !told(p)).map(|(place, _)| place));
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn every_code_is_of_a_list_with_meanings() {
    let document = document();
    let is_free = |place: &str| FREE.contains(&place);
    let is_code = |place: &str| CODES.contains(&place.rsplit('.').next().unwrap_or_default());
    let mut open: Vec<_> = properties(&document)
        .into_iter()
        .filter(|found| is_code(&found.place) && is_plain_text(found.schema) && !is_free(&found.place))
        .map(|found| found.place)
        .collect();
    let given = parameters(&document);
    let given =
        given.iter().filter(|(place, p)| is_code(place) && is_plain_text(&p["schema"]) && !is_free(place));
    open.extend(given.map(|(place, _)| place.clone()));
    assert_eq!(open, Vec::<String>::new());
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let Some(codes) = schema["enum"].as_array().filter(|_| schema["type"] == "string") else { continue };
        let meanings = schema["x-enum-descriptions"].as_array().map_or(0, Vec::len);
        let told =
            codes.iter().all(|code| schema["description"].to_string().contains(&format!("`{}`", text(code))));
        assert!(meanings == codes.len() || told, "{name} does not say what its codes mean");
    }
}

fn is_plain_text(schema: &Value) -> bool {
    let is_text = |schema: &Value| schema["type"] == "string" || schema["type"][0] == "string";
    is_text(schema) && schema.get("enum").is_none()
        || is_text(&schema["items"]) && schema["items"].get("enum").is_none()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn one_name_has_one_type() {
    let document = document();
    for (suffix, component) in
        [("_at", "Instant"), ("price", "Money"), ("time_zone", "TimeZoneName"), ("fee", "Money")]
    {
        let others: Vec<_> = properties(&document)
            .into_iter()
            .filter(|found| found.place.ends_with(suffix) && !found.schema.to_string().contains(component))
            .map(|found| found.place)
            .collect();
        assert_eq!(others, Vec::<String>::new(), "not a {component}");
    }
}

#[test]
fn every_list_is_a_page_of_a_component() {
    let document = document();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        if name.starts_with("Page_") {
            assert!(schema["properties"]["data"]["items"]["$ref"].is_string(), "{name} repeats its items");
            assert_eq!(schema["properties"]["page"]["$ref"], "#/components/schemas/PageInfo", "{name}");
        }
    }
}

#[test]
fn every_operation_has_a_short_summary_and_a_name_of_its_own() {
    let document = document();
    let mut names = BTreeSet::new();
    for operation in operations(&document) {
        let id = text(&operation["operationId"]);
        assert!(
            id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(|c| c.is_ascii_alphanumeric()),
            "{id}"
        );
        assert!(names.insert(id.to_owned()), "{id} stands twice");
        let words = text(&operation["summary"]).split_whitespace().count();
        assert!((1..=10).contains(&words), "{id}: {words} words");
    }
    assert!(document["servers"][0]["url"].is_string());
}

#[test]
fn every_answer_has_its_headers_and_every_refusal_its_codes() {
    let document = document();
    for operation in operations(&document) {
        let id = text(&operation["operationId"]);
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = match response["$ref"].as_str().and_then(|text| text.strip_prefix('#')) {
                Some(pointer) => document.pointer(pointer).unwrap(),
                None => response,
            };
            assert!(response["description"].is_string(), "{id} {status}");
            assert!(response["headers"]["X-Request-Id"].is_object(), "{id} {status}");
            if matches!(status.as_str(), "429" | "503") {
                assert!(response["headers"]["Retry-After"].is_object(), "{id} {status}");
            }
            if status.starts_with('4') || status.starts_with('5') {
                assert!(response["x-problem-codes"][0].is_string(), "{id} {status}");
            }
        }
    }
}
