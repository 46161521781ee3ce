//! Document of live frames (AsyncAPI 3), from the types of the frames that are sent and read.

use axum::Router;
use axum::http::header;
use axum::routing::get;
use projections::live::{FRAME_TYPES, FrameType, frame_data_schemas};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::codes;
use super::schemas::describe_properties;
use super::words::Words;
use crate::app::AppState;
use crate::live::{ClientFrame, CloseReason, ServerFrame};

/// Message of the server, or of the client.
struct Message {
    key: String,
    summary: String,
    payload: Value,
}

/// Builds the document of live frames.
pub fn build_live_document() -> Value {
    describe_frames(&super::build_document())
}

/// Returns the route of the document of live frames.
pub(in crate::http) fn live_document_route(api: &Value) -> Router<AppState> {
    let text = describe_frames(api).to_string();
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], text.clone()) };
    Router::new().route("/api/asyncapi.json", get(answer))
}

fn describe_frames(api: &Value) -> Value {
    let words = Words::parse(include_str!("properties.txt"));
    let mut schemas = Map::new();
    for (name, schema) in frame_data_schemas() {
        let mut schema = schema.to_value();
        clean(&mut schema);
        describe_properties(name, &mut schema, &words);
        require_all(&mut schema);
        schemas.insert(name.to_owned(), schema);
    }
    for list in codes::frame_lists() {
        schemas.insert(list.name.to_owned(), list.schema());
    }
    let mut sent = messages_of::<ServerFrame>("", &words);
    sent.iter_mut().for_each(|message| require_all(&mut message.payload));
    sent.extend(FRAME_TYPES.iter().map(event_message));
    let received = messages_of::<ClientFrame>("client_", &words);
    let mut document = head();
    document["operations"] = json!({
        "sendFrames": operation("send", "Sends what concerns the person of the session.", &sent),
        "receiveFrames": operation("receive", "Reads hints of the client.", &received),
    });
    let all = sent.iter().chain(&received);
    document["channels"]["live"]["messages"] = all
        .clone()
        .map(|message| {
            (message.key.clone(), json!({ "$ref": format!("#/components/messages/{}", message.key) }))
        })
        .collect::<Map<_, _>>()
        .into();
    document["components"]["messages"] = all
        .map(|message| {
            let (name, summary) = (&message.payload["properties"]["type"]["const"], &message.summary);
            (message.key.clone(), json!({ "name": name, "summary": summary, "payload": message.payload }))
        })
        .collect::<Map<_, _>>()
        .into();
    document["components"]["schemas"] = schemas.into();
    add_components(api, &mut document);
    wrap_references(&mut document);
    document
}

fn head() -> Value {
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kafedra: live frames",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Frames of the WebSocket `GET /api/v1/live`. A frame has ids and codes; the client fetches \
                what it shows from the API again. The client keeps the last `position` and reconnects with it as `after`.",
            "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        "defaultContentType": "application/json",
        "servers": {
            "installation": {
                "host": "{host}",
                "protocol": "wss",
                "description": "This installation. Without TLS the protocol is `ws`.",
                "variables": { "host": { "description": "Public host of the installation." } },
                "security": [
                    { "$ref": "#/components/securitySchemes/cookie" },
                    { "$ref": "#/components/securitySchemes/bearer" },
                ],
            },
        },
        "channels": {
            "live": {
                "address": "/api/v1/live",
                "title": "Live socket",
                "description": "One connection of a person.",
                "bindings": { "ws": { "method": "GET", "query": {
                    "type": "object",
                    "properties": { "after": { "type": "integer", "minimum": 0,
                        "description": "Last position that the client has seen; the events after it are sent first." } },
                } } },
                "x-close-codes": CloseReason::ALL.iter().map(|reason| {
                    json!({ "code": reason.code(), "reason": reason.as_str() })
                }).collect::<Vec<_>>(),
            },
        },
        "components": {
            "securitySchemes": {
                "cookie": { "type": "httpApiKey", "in": "cookie", "name": crate::http::cookies::SESSION_COOKIE.plain },
                "bearer": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn operation(action: &str, summary: &str, messages: &[Message]) -> Value {
    let messages: Vec<_> = messages
        .iter()
        .map(|message| json!({ "$ref": format!("#/channels/live/messages/{}", message.key) }))
        .collect();
    json!({ "action": action, "summary": summary, "channel": { "$ref": "#/channels/live" }, "messages": messages })
}

/// Returns the message of an event.
fn event_message(frame: &FrameType) -> Message {
    let references: Vec<_> =
        frame.data.iter().map(|name| json!({ "$ref": format!("#/components/schemas/{name}") })).collect();
    let data = match &references[..] {
        [only] => only.clone(),
        several => json!({ "oneOf": several }),
    };
    let payload = json!({
        "type": "object",
        "required": ["position", "type", "data"],
        "properties": {
            "position": { "$ref": "#/components/schemas/LogPosition" },
            "type": { "type": "string", "const": frame.kind },
            "data": data,
        },
    });
    Message { key: frame.kind.to_owned(), summary: frame.meaning.to_owned(), payload }
}

/// Returns the messages of an enum of frames, one of each variant.
fn messages_of<F: JsonSchema>(prefix: &str, words: &Words) -> Vec<Message> {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let schema = settings.into_generator().into_root_schema_for::<F>().to_value();
    let variants = schema["oneOf"].as_array().expect("an enum of frames has variants");
    variants
        .iter()
        .map(|variant| {
            let mut payload = variant.clone();
            clean(&mut payload);
            let about = payload.as_object_mut().and_then(|fields| fields.remove("description"));
            let about = about.as_ref().and_then(Value::as_str).unwrap_or_default();
            let summary = about.split("\n\n").next().unwrap_or_default().to_owned();
            let kind = payload["properties"]["type"]["const"].as_str().expect("a frame has a type");
            let (key, owner) = (format!("{prefix}{kind}"), format!("{prefix}{kind}_frame"));
            if let Some(data) = payload.pointer_mut("/properties/data") {
                describe_properties(&owner, data, words);
            }
            describe_properties(&owner, &mut payload, words);
            Message { key, summary, payload }
        })
        .collect()
}

/// Requires every property: a frame that is sent has all of them, null where there is no value.
fn require_all(schema: &mut Value) {
    if let Some(data) = schema.pointer_mut("/properties/data") {
        require_all(data);
    }
    let names =
        schema["properties"].as_object().map(|properties| properties.keys().cloned().collect::<Vec<_>>());
    schema["required"] = names.unwrap_or_default().into();
}

/// Removes what describes the Rust type.
fn clean(schema: &mut Value) {
    if let Some(fields) = schema.as_object_mut() {
        fields.remove("$schema");
        fields.remove("title");
    }
}

/// Puts each reference that has a text beside it into `allOf`: AsyncAPI ignores what is beside a reference.
fn wrap_references(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(wrap_references),
        Value::Object(fields) => {
            if fields.len() > 1
                && let Some(reference) = fields.remove("$ref")
            {
                fields.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
            }
            fields.values_mut().for_each(wrap_references);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Adds the components of the API document to which the frames refer.
fn add_components(api: &Value, document: &mut Value) {
    loop {
        let mut missing = Vec::new();
        collect_missing(document, document, &mut missing);
        if missing.is_empty() {
            return;
        }
        for name in missing {
            let schema = api["components"]["schemas"][&name].clone();
            assert!(schema.is_object(), "{name} is no component of the API document");
            document["components"]["schemas"][name] = schema;
        }
    }
}

fn collect_missing(document: &Value, value: &Value, missing: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_missing(document, item, missing)),
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str).unwrap_or_default();
            if let Some(name) = reference.strip_prefix("#/components/schemas/")
                && document["components"]["schemas"].get(name).is_none()
            {
                missing.push(name.to_owned());
            }
            fields.values().for_each(|field| collect_missing(document, field, missing));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
