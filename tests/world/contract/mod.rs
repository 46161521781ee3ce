//! The documents of the API and of live frames: each answer and frame is one of theirs.

mod schemas;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Map, Value};

use self::schemas::{close, compile, flatten};
use crate::{Answer, answer_record};

/// Path prefix of the operations.
const BASE: &str = "/api/v1";

/// Media type of a problem.
const PROBLEM: &str = "application/problem+json";

static API: LazyLock<Contract> = LazyLock::new(|| Contract::parse(include_str!("../../../api/openapi.json")));
static LIVE: LazyLock<Contract> =
    LazyLock::new(|| Contract::parse(include_str!("../../../api/asyncapi.json")));

/// A document whose objects have no other properties than the named ones.
pub struct Contract {
    document: Value,
    operations: Vec<Operation>,
    /// Validators by the text of the schema.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

struct Operation {
    /// Upper case.
    method: String,
    /// Path under `BASE`, with `{names}`.
    template: String,
    /// Number of the parts of the template.
    parts: usize,
    /// Responses by status.
    responses: Value,
}

/// Checks an answer to a request with this path, and records it.
///
/// # Panics
/// If the API document lacks its operation, status, header, media type, problem code, property or value.
pub(crate) fn check_answer(path: &str, answer: &Answer) {
    let Some(path) = path.strip_prefix(BASE) else { return };
    match API.check_answer(path, answer) {
        Ok(lines) => answer_record::record(lines),
        Err(fault) => panic!("not as the API document says: {fault}\n{answer:?}"),
    }
}

/// Checks a frame of a live socket, and records it.
///
/// # Panics
/// If the document of live frames lacks its type, property or value.
pub(crate) fn check_frame(frame: &Value) {
    match LIVE.check_frame(frame) {
        Ok(line) => answer_record::record(BTreeSet::from([line])),
        Err(fault) => panic!("not as the document of live frames says: {fault}\n{frame}"),
    }
}

/// Returns all lines that the documents allow to be recorded.
///
/// A line names a success, a refusal with its code, the code of a problem at any operation, or a type of frame.
pub fn documented_lines() -> BTreeSet<String> {
    let mut lines = API.answers();
    lines.extend(LIVE.frames());
    lines
}

impl Contract {
    fn parse(document: &str) -> Self {
        Self::new(serde_json::from_str(document).expect("a document is JSON"))
    }

    /// # Panics
    /// If the document does not have the form of OpenAPI or AsyncAPI.
    pub fn new(mut document: Value) -> Self {
        flatten(&mut document["components"]["schemas"]);
        close(&mut document);
        let mut operations = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let template = path.strip_prefix(BASE).unwrap_or(path);
                operations.push(Operation {
                    method: method.to_uppercase(),
                    template: template.to_owned(),
                    parts: template.split('/').count(),
                    responses: operation["responses"].clone(),
                });
            }
        }
        // A path without parameters precedes those that fit it too.
        operations.sort_by_key(|operation| operation.template.matches('{').count());
        Self { document, operations, validators: Mutex::default() }
    }

    /// Returns the lines of an answer to a request with this path under `/api/v1`.
    ///
    /// # Errors
    /// A sentence that says where the answer differs from the document.
    pub fn check_answer(&self, path: &str, answer: &Answer) -> Result<BTreeSet<String>, String> {
        let method = answer.asked.split(' ').next().unwrap_or_default();
        let status = answer.status;
        let long_path = calendar_path(path);
        let parts: Vec<&str> = long_path.as_deref().unwrap_or(path).split('/').collect();
        let operation = self.operations.iter().find(|known| known.method == method && known.fits(&parts));
        let Some(operation) = operation else {
            let is_refused = matches!(status, 404 | 405) || matches!(method, "HEAD" | "OPTIONS");
            let fault = || format!("{method} {path} is no operation, and its status is {status}");
            return if is_refused { Ok(BTreeSet::new()) } else { Err(fault()) };
        };
        let name = format!("{method} {} {status}", operation.template);
        let response = operation.responses.get(status.to_string());
        let response = self.resolve(response.ok_or_else(|| format!("{name}: no such status"))?);
        for header in self.document["components"]["headers"].as_object().into_iter().flat_map(Map::keys) {
            if answer.headers.contains_key(header) && response["headers"][header].is_null() {
                return Err(format!("{name}: no such header: {header}"));
            }
        }
        if answer.bytes.is_empty() && response["content"].is_null() {
            return Ok(BTreeSet::from([name]));
        }
        let media_type = answer.header("content-type").split(';').next().unwrap_or_default().trim();
        let content = response["content"].get(media_type);
        let content = content.ok_or_else(|| format!("{name}: no such media type: {media_type:?}"))?;
        if !is_json(media_type) {
            return Ok(BTreeSet::from([success_line(&name, media_type)]));
        }
        self.check_value(&name, &content["schema"], &answer.body)?;
        if media_type != PROBLEM {
            return Ok(BTreeSet::from([name]));
        }
        let code = answer.body["code"].as_str().unwrap_or_default();
        if !codes(response).any(|known| known == code) {
            return Err(format!("{name}: no such problem code: {code}"));
        }
        Ok(BTreeSet::from(refusal_lines(&name, code)))
    }

    /// Returns the line of a frame.
    ///
    /// # Errors
    /// A sentence that says where the frame differs from the document.
    pub fn check_frame(&self, frame: &Value) -> Result<String, String> {
        let kind = frame["type"].as_str().unwrap_or_default();
        let message = &self.document["components"]["messages"][kind];
        if message.is_null() {
            return Err(format!("no such type of frame: {kind:?}"));
        }
        let name = format!("frame {kind}");
        self.check_value(&name, &message["payload"], frame)?;
        Ok(name)
    }

    fn check_value(&self, name: &str, schema: &Value, value: &Value) -> Result<(), String> {
        let validator = {
            let mut validators = self.validators.lock().expect("no thread panics with this lock");
            let make = || Arc::new(compile(&self.document, schema));
            validators.entry(schema.to_string()).or_insert_with(make).clone()
        };
        match validator.iter_errors(value).next() {
            None => Ok(()),
            Some(error) => {
                let pointer = error.instance_path.to_string();
                Err(format!("{name}: {error} at {pointer:?} (schema {})", error.schema_path))
            }
        }
    }

    /// Returns all lines that documented answers have.
    pub fn answers(&self) -> BTreeSet<String> {
        let mut lines = BTreeSet::new();
        for operation in &self.operations {
            for (status, response) in operation.responses.as_object().into_iter().flatten() {
                let name = format!("{} {} {status}", operation.method, operation.template);
                let response = self.resolve(response);
                lines.extend(codes(response).flat_map(|code| refusal_lines(&name, code)));
                let content = response["content"].as_object();
                let media_types = content.into_iter().flat_map(Map::keys).filter(|name| *name != PROBLEM);
                lines.extend(media_types.map(|media_type| success_line(&name, media_type)));
                if content.is_none() {
                    lines.insert(name);
                }
            }
        }
        lines
    }

    /// Returns the lines of all documented frames.
    pub fn frames(&self) -> BTreeSet<String> {
        let messages = self.document["components"]["messages"].as_object().into_iter().flatten();
        let sent = messages.filter(|(kind, _)| !kind.starts_with("client_"));
        sent.map(|(kind, _)| format!("frame {kind}")).collect()
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str().and_then(|text| text.strip_prefix('#')) {
            Some(pointer) => self.document.pointer(pointer).expect("a reference leads to a component"),
            None => value,
        }
    }
}

impl Operation {
    /// Returns whether a path with these parts has the form of the template.
    fn fits(&self, parts: &[&str]) -> bool {
        let fits = |(wanted, given): (&str, &&str)| wanted.starts_with('{') || wanted == *given;
        self.parts == parts.len() && self.template.split('/').zip(parts).all(fits)
    }
}

/// Returns the documented path of the short address of a lesson's calendar.
fn calendar_path(path: &str) -> Option<String> {
    let lesson = path.strip_suffix(".ics").filter(|path| path.starts_with("/lessons/"))?;
    (!lesson.ends_with("/calendar")).then(|| format!("{lesson}/calendar.ics"))
}

/// Returns the problem codes of a response.
fn codes(response: &Value) -> impl Iterator<Item = &str> {
    response["x-problem-codes"].as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Returns the lines of a refusal: one of its operation, and one of its code at any operation.
fn refusal_lines(name: &str, code: &str) -> [String; 2] {
    [format!("{name} {code}"), format!("problem {code}")]
}

fn success_line(name: &str, media_type: &str) -> String {
    if is_json(media_type) { name.to_owned() } else { format!("{name} {media_type}") }
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}
