//! Headers of the API document, of requests and of responses.

use serde_json::{Map, Value, json};

use crate::http::idempotency::is_final;
use crate::http::problem::status_of;

/// Operations whose answer carries the version of one resource.
const WITH_VERSION: &str = include_str!("versioned.txt");

/// Reading operations whose answer is computed from the log, with its position.
const FROM_LOG: [&str; 2] = ["getNotificationPreferences", "getQuietHours"];

/// Header of an answer that was stored under its key.
const REPLAYED: &str = "Idempotency-Replayed";

/// Adds the headers to the components and to each operation.
pub(super) fn describe(document: &mut Value) {
    document["components"]["headers"] = response_headers();
    let parameters = request_headers();
    document["components"]["parameters"] = parameters;
    let base = crate::http::BASE;
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (_, item) in paths.iter_mut().filter(|(path, _)| path.starts_with(base)) {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            describe_operation(method, operation);
        }
    }
    if let Some(shared) = document["components"]["responses"].as_object_mut() {
        for response in shared.values_mut() {
            let code = response["x-problem-codes"][0].as_str().unwrap_or_default();
            let status = status_of(code).unwrap_or_default();
            let mut headers = headers_of_problem(status.as_str());
            let codes = response["x-problem-codes"].as_array();
            if codes.is_some_and(|codes| codes.iter().any(|code| code == "idempotency_key_reused")) {
                headers.push(REPLAYED);
            }
            add_headers(response, headers);
        }
    }
}

fn describe_operation(method: &str, operation: &mut Value) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    if operation.get("parameters").is_none() {
        operation["parameters"] = json!([]);
    }
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        for parameter in parameters.iter_mut().filter(|parameter| parameter["in"] == "header") {
            let component = match parameter["name"].as_str().unwrap_or_default() {
                "If-Match" if parameter["required"] == true => "RequiredIfMatch",
                "If-Match" => "IfMatch",
                "Min-Log-Position" => "MinLogPosition",
                other => unreachable!("{other} has no component"),
            };
            *parameter = reference("parameters", component);
        }
        if method == "post" {
            parameters.push(reference("parameters", "IdempotencyKey"));
        }
        parameters.extend(["AcceptLanguage", "RequestId"].map(|name| reference("parameters", name)));
    }
    let is_versioned = WITH_VERSION.lines().any(|line| line == id);
    let has_past = operation["parameters"]
        .as_array()
        .is_some_and(|list| list.iter().any(|parameter| parameter["name"] == "as_of"));
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses.iter_mut().filter(|(_, response)| response.get("$ref").is_none()) {
        let mut headers = headers_of_problem(status);
        if method == "post" && status.parse().is_ok_and(is_final) {
            headers.push(REPLAYED);
        }
        if status.starts_with('2') {
            if method != "get" || FROM_LOG.contains(&id.as_str()) {
                headers.push("X-Log-Position");
            }
            if is_versioned {
                headers.push("ETag");
            }
            if has_past {
                headers.push("X-As-Of-Position");
            }
        }
        add_headers(response, headers);
    }
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

fn headers_of_problem(status: &str) -> Vec<&'static str> {
    let mut headers = vec!["X-Request-Id", "RateLimit", "RateLimit-Policy"];
    if matches!(status, "429" | "503") {
        headers.push("Retry-After");
    }
    headers
}

fn add_headers(response: &mut Value, names: Vec<&str>) {
    if response["headers"].is_null() {
        response["headers"] = json!({});
    }
    for name in names {
        response["headers"][name] = reference("headers", name);
    }
}

fn response_headers() -> Value {
    let header = |about: &str, schema: Value| json!({ "description": about, "schema": schema });
    let position = json!({ "$ref": "#/components/schemas/LogPosition" });
    let text = |example: &str| json!({ "type": "string", "examples": [example] });
    let mut headers = Map::new();
    for (name, value) in [
        (
            "X-Request-Id",
            header("Id of the request: that of the client, or the trace id.", json!({ "type": "string" })),
        ),
        (
            "RateLimit",
            header(
                "What is left of the limit, and seconds until the next request.",
                text("\"account\";r=99;t=0"),
            ),
        ),
        ("RateLimit-Policy", header("The limit: requests and seconds.", text("\"account\";q=600;w=60"))),
        (
            "Retry-After",
            header("Seconds after which to try again.", json!({ "type": "integer", "minimum": 1 })),
        ),
        (
            "X-Log-Position",
            header("Position of the change in the log, if it was recorded there.", position.clone()),
        ),
        (
            "Idempotency-Replayed",
            header(
                "`true` if this is the stored answer of an earlier request.",
                json!({ "type": "string", "enum": ["true"] }),
            ),
        ),
        ("ETag", header("Version of the resource.", text("\"v3\""))),
        ("X-As-Of-Position", header("Position in the log as of which the answer is.", position)),
    ] {
        headers.insert(name.to_owned(), value);
    }
    headers.into()
}

fn request_headers() -> Value {
    let header = |name: &str, about: &str, required: bool, schema: Value| json!({ "name": name, "in": "header", "required": required, "description": about, "schema": schema });
    let text = |example: &str| json!({ "type": "string", "examples": [example] });
    let tag = json!({ "type": "string", "pattern": "^(\"v[0-9]{1,18}\"|\\*)$", "examples": ["\"v3\""] });
    json!({
        "AcceptLanguage": header("Accept-Language", "Languages of texts, `ru` and `en`, by preference.", false, text("en, ru;q=0.5")),
        "RequestId": header("X-Request-Id", "Id of the request, for the logs. The answer has it too.", false,
            json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" })),
        "MinLogPosition": header("Min-Log-Position", "Position that the answer must include, such as the `X-Log-Position` of a change.", false,
            json!({ "$ref": "#/components/schemas/LogPosition" })),
        "IdempotencyKey": header("Idempotency-Key", "Key of the request. A repetition with the same key and body gets the first answer.", false,
            json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" })),
        "IfMatch": header("If-Match", "Version that the change is about; another one is 412.", false, tag.clone()),
        "RequiredIfMatch": header("If-Match", "Version that the change is about; another one is 412.", true, tag),
    })
}
