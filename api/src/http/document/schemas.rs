//! Schemas of the API document: components, words of properties, and what an answer always has.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::codes;
use super::words::{Words, is_nullable, remove_null};
use crate::http::problem::documented_codes;

/// Schemas of which each property may be absent.
const PARTIAL: [&str; 4] = ["StudentProfile", "TeacherProfile", "Education", "NotificationData"];

/// Adds the components that the words refer to, and applies the words to all properties.
pub(super) fn describe(document: &mut Value, words: &Words) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for (name, schema) in schemas.iter_mut() {
        describe_schema(name, schema, words);
    }
    schemas.extend(values());
    // The words refer to further schemas.
    let in_answers = reachable(document, "responses");
    let in_requests = reachable(document, "requestBody");
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for (name, schema) in schemas.iter_mut() {
        let place = SchemaUse {
            owner: name.clone(),
            is_answer: in_answers.contains(name),
            is_request: in_requests.contains(name) && !in_answers.contains(name),
        };
        require_properties(&place, schema, words);
    }
    for list in codes::lists() {
        schemas.insert(list.name.to_owned(), list.schema());
    }
    for (name, about, codes) in documented_codes() {
        let (codes, texts): (Vec<_>, Vec<_>) = codes.into_iter().unzip();
        let schema =
            json!({ "type": "string", "description": about, "enum": codes, "x-enum-descriptions": texts });
        schemas.insert(name.to_owned(), schema);
    }
}

struct SchemaUse {
    owner: String,
    is_answer: bool,
    /// True if the schema is part of requests only.
    is_request: bool,
}

fn describe_schema(owner: &str, schema: &mut Value, words: &Words) {
    for part in parts(schema) {
        describe_schema(owner, part, words);
    }
    describe_properties(owner, schema, words);
}

/// Returns the schemas of which a schema is composed.
fn parts(schema: &mut Value) -> impl Iterator<Item = &mut Value> {
    let composed = schema.as_object_mut().into_iter().flatten();
    composed
        .filter(|(key, _)| matches!(key.as_str(), "allOf" | "oneOf" | "anyOf"))
        .filter_map(|(_, parts)| parts.as_array_mut())
        .flatten()
}

/// Sets the properties that an answer always has, and closes what is only requested.
fn require_properties(place: &SchemaUse, schema: &mut Value, words: &Words) {
    for part in parts(schema) {
        require_properties(place, part, words);
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let is_partial = PARTIAL.contains(&place.owner.as_str());
    let always: Vec<_> = properties
        .keys()
        .filter(|name| !is_partial && !words.is_optional(&place.owner, name))
        .cloned()
        .collect();
    if place.is_answer {
        schema["required"] = always.into();
    }
    if is_partial || (place.is_answer && schema["required"].as_array().is_some_and(Vec::is_empty)) {
        schema.as_object_mut().map(|fields| fields.remove("required"));
    }
    if place.is_request && schema.get("additionalProperties").is_none() {
        schema["additionalProperties"] = false.into();
    }
}

/// Applies the words to the properties of a schema.
pub(super) fn describe_properties(owner: &str, schema: &mut Value, words: &Words) {
    for (name, property) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
    {
        words.apply(owner, name, property);
        drop_formats_of_machines(property);
    }
}

/// Removes the formats that stand for machine integers but are none of OpenAPI.
fn drop_formats_of_machines(property: &mut Value) {
    let Some(fields) = property.as_object_mut() else { return };
    let format = fields.get("format").and_then(Value::as_str).unwrap_or_default();
    if matches!(format, "uint8" | "uint16" | "uint32" | "uint64" | "int8" | "int16") {
        fields.remove("format");
    }
}

/// Returns the names of the schemas that a part of the operations refers to, directly or not.
fn reachable(document: &Value, part: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let operations = document["paths"].as_object().into_iter().flat_map(Map::values);
    for operation in operations.filter_map(Value::as_object).flat_map(Map::values) {
        collect(document, &operation[part], &mut found);
    }
    if part == "responses" {
        collect(document, &document["components"]["responses"], &mut found);
    }
    found
}

fn collect(document: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(document, item, found)),
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str).unwrap_or_default();
            if let Some(name) = reference.strip_prefix("#/components/schemas/")
                && found.insert(name.to_owned())
            {
                collect(document, &document["components"]["schemas"][name], found);
            }
            fields.values().for_each(|field| collect(document, field, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Applies the words to the parameters of an operation. A parameter cannot be null.
pub(super) fn describe_parameters(operation: &mut Value, words: &Words) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let mut schema = parameter["schema"].take();
        if let Some(text) = parameter.get("description") {
            schema["description"] = text.clone();
        }
        if is_nullable(&schema) {
            remove_null(&mut schema);
        }
        words.apply(&id, &name, &mut schema);
        drop_formats_of_machines(&mut schema);
        let text = schema.as_object_mut().and_then(|fields| fields.remove("description"));
        if let Some(text) = text {
            parameter["description"] = text;
        }
        parameter["schema"] = schema;
    }
}

/// Returns the values that have a component of their own.
fn values() -> Map<String, Value> {
    let text = |about: &str, format: &str, example: &str| json!({ "type": "string", "format": format, "description": about, "examples": [example] });
    let pattern = |about: &str, pattern: &str, example: &str| json!({ "type": "string", "pattern": pattern, "description": about, "examples": [example] });
    let values = json!({
        "Instant": text("Instant (RFC 3339). Answers have UTC.", "date-time", "2026-12-01T15:00:00Z"),
        "LocalDate": text("Date without a time zone (ISO 8601).", "date", "2026-12-01"),
        "LocalTime": pattern("Date and time without a time zone (ISO 8601).",
            r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$", "2026-12-01T18:00:00"),
        "TimeOfDay": pattern("Time of day as `HH:MM`.", r"^([01]\d|2[0-3]):[0-5]\d$", "18:00"),
        "TimeZoneName": json!({ "type": "string", "description": "IANA name of a time zone.", "maxLength": 64,
            "examples": ["Europe/Moscow"] }),
        "Currency": pattern("ISO 4217 code of a currency.", "^[A-Z]{3}$", "RUB"),
        "LogPosition": json!({ "type": "integer", "format": "int64", "minimum": 0,
            "description": "Position in the log.", "examples": [1204] }),
        "DurationMinutes": json!({ "type": "integer", "enum": domain::DURATIONS_MINUTES,
            "description": "Length of a lesson in minutes.", "examples": [60] }),
        "EventPayload": json!({ "type": "object", "additionalProperties": true,
            "description": "Content of an event, by its type. `kafedra events` prints the fields of each type." }),
        "StoredMetadata": json!({
            "description": "Metadata of an event; the stored text if it cannot be read.",
            "oneOf": [{ "$ref": "#/components/schemas/EventMetadata" }, { "type": "string" }],
        }),
        "Profile": json!({
            "description": "Fields of the profile that have a value, by the roles of the person.",
            "anyOf": [
                { "$ref": "#/components/schemas/TeacherProfile" },
                { "$ref": "#/components/schemas/StudentProfile" },
            ],
        }),
    });
    let Value::Object(values) = values else { unreachable!("written as an object above") };
    values
}
