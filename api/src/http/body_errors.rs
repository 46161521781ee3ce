//! Finds all fields of a body that do not fit its type: wrong, unknown and missing ones.

use std::collections::VecDeque;

use domain::Reason;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::{Path, Segment};

use super::problem::Problem;

/// Most fields that one response names.
const ERRORS_MAX: usize = 16;
/// Largest body whose fields are all checked, in bytes. The response to a larger one names its first wrong field.
const CHECKED_BYTES: usize = 16_384;

/// Deserializes a body.
///
/// # Errors
/// `invalid_fields` (422) with all fields that do not fit. Each is named once, by its JSON pointer.
pub(super) fn deserialize_value<T: DeserializeOwned>(mut value: Value) -> Result<T, Problem> {
    let found = match find_error::<T>(&value) {
        Ok(body) => return Ok(body),
        Err(found) => found,
    };
    let mut errors = vec![found.reason.clone()];
    let is_small = value.to_string().len() <= CHECKED_BYTES;
    let mut next = Some(found).filter(|_| is_small);
    while let Some(found) = next {
        next = repair::<T>(&mut value, &found);
        let Some(other) = &next else { break };
        let is_inside = |known: &Reason| {
            let parent = known.pointer.as_deref().unwrap_or_default();
            known.code == "required" && pointer_of(other).starts_with(&format!("{parent}/"))
        };
        if errors.len() == ERRORS_MAX || errors.iter().any(|known| known.pointer == other.reason.pointer) {
            break;
        }
        if !errors.iter().any(is_inside) {
            errors.push(other.reason.clone());
        }
    }
    Err(Problem { errors, ..Problem::new("invalid_fields") })
}

/// Error of the deserializer, with its message.
struct FoundError {
    reason: Reason,
    message: String,
}

fn find_error<T: DeserializeOwned>(value: &Value) -> Result<T, FoundError> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let message = error.inner().to_string();
        FoundError { reason: field_reason(error.path(), &message), message }
    })
}

fn pointer_of(found: &FoundError) -> &str {
    found.reason.pointer.as_deref().unwrap_or_default()
}

/// Replaces the field of an error by a value that fits, so that the next error is found. Returns that error;
/// `None` if there is none, or if no value fits.
fn repair<T: DeserializeOwned>(value: &mut Value, found: &FoundError) -> Option<FoundError> {
    let (parent, name) = pointer_of(found).rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    if found.reason.code == "unknown_field" {
        value.pointer_mut(parent)?.as_object_mut()?.remove(&name)?;
        return find_error::<T>(value).err();
    }
    let mut candidates = candidates(&found.message);
    let mut names_values = !expected_values(&found.message).is_empty();
    while let Some(candidate) = candidates.pop_front() {
        match value.pointer_mut(parent)? {
            Value::Object(fields) => {
                fields.insert(name.clone(), candidate);
            }
            Value::Array(items) => *items.get_mut(name.parse::<usize>().ok()?)? = candidate,
            _ => return None,
        }
        match find_error::<T>(value) {
            Ok(_) => return None,
            Err(next) if pointer_of(&next) == pointer_of(found) => {
                // A missing field names its values only once it has a wrong one.
                let named = expected_values(&next.message);
                if !names_values && !named.is_empty() {
                    names_values = true;
                    candidates.extend(named.into_iter().map(Value::from));
                }
            }
            Err(next) => return Some(next),
        }
    }
    None
}

/// Returns values of all forms that a field may have. Those that the message names come first.
fn candidates(message: &str) -> VecDeque<Value> {
    let named = expected_values(message).into_iter().map(Value::from);
    let forms = [
        Value::Null,
        json!(""),
        json!(1),
        json!(true),
        json!([]),
        Value::Object(Map::new()),
        json!("00000000-0000-0000-0000-000000000000"),
        json!("2000-01-01T00:00:00Z"),
        json!("2000-01-01"),
        json!("2000-01-01T00:00:00"),
        json!("00:00"),
        json!("1"),
    ];
    named.chain(forms).collect()
}

/// Returns the values that serde names: the words in backquotes after `expected`.
fn expected_values(message: &str) -> Vec<&str> {
    if !message.starts_with("unknown variant") {
        return Vec::new();
    }
    let expected = message.split_once("expected").map_or("", |(_, expected)| expected);
    expected.split('`').skip(1).step_by(2).collect()
}

/// Appends a segment with the escapes of RFC 6901.
pub(super) fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
}

/// Converts a message of serde to pointer and code. The messages are stable (`serde::de::Error`).
fn field_reason(path: &Path, message: &str) -> Reason {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push_segment(&mut pointer, &index.to_string()),
            Segment::Map { key } => push_segment(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let named = message.split('`').nth(1).unwrap_or_default();
    let code = if message.starts_with("missing field") {
        push_segment(&mut pointer, named);
        "required"
    } else if message.starts_with("unknown field") {
        "unknown_field"
    } else if message.starts_with("unknown variant") {
        let allowed = expected_values(message).join(", ");
        return Reason::field(&pointer, "unknown_value").with("allowed", allowed);
    } else if message.starts_with("duplicate field") {
        "repeated"
    } else if message.starts_with("invalid type") {
        "wrong_type"
    } else if message.starts_with("invalid value") || message.starts_with("number out of range") {
        "out_of_range"
    } else {
        "malformed"
    };
    Reason::field(&pointer, code)
}
