//! JSON bodies. An invalid field is reported with its JSON pointer.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use domain::Reason;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::body_errors::{deserialize_value, push_segment};
use super::problem::Problem;
use super::unique_json::UniqueValue;

/// Bytes of a file. Only for the API document.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes bodies that handlers read as bytes")]
pub struct Binary(Vec<u8>);

/// A JSON body as `T`. `T` must have `#[serde(deny_unknown_fields)]`: an unknown field is refused.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let has_type = check_media_type(request.headers())?;
        let bytes = Bytes::from_request(request, state).await?;
        match (has_type, bytes.is_empty()) {
            (true, _) => parse_object(&bytes).map(Self),
            // A call without a body is a call with all defaults.
            (false, true) => parse_object(b"{}").map(Self),
            (false, false) => Err(Problem::new("unsupported_media_type")),
        }
    }
}

/// Distinguishes a null field from an absent one: `#[serde(default, deserialize_with = "double_option")]`.
///
/// # Errors
/// The error of the deserializer if the field has another type.
pub fn double_option<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    field: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(field).map(Some)
}

/// Reads the whole body, up to a limit in bytes.
///
/// # Errors
/// `body_too_large` (413) if it is longer; `malformed_request` (400) if it breaks off.
pub async fn read_bytes(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new("body_too_large")),
        Err(_) => Err(Problem::new("malformed_request")),
    }
}

/// A JSON body as `T`: a list of objects, an object, or null.
#[derive(Clone, Debug)]
pub struct JsonListOrNull<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonListOrNull<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !check_media_type(request.headers())? {
            return Err(Problem::new("unsupported_media_type"));
        }
        let value = parse_value(&Bytes::from_request(request, state).await?)?;
        // serde would accept an array for a struct, also inside a list.
        let wrong = match &value {
            Value::Object(_) | Value::Null => None,
            Value::Array(items) => items.iter().position(|item| !item.is_object()).map(|at| format!("/{at}")),
            Value::String(_) | Value::Number(_) | Value::Bool(_) => Some(String::new()),
        };
        match wrong {
            Some(pointer) => Err(Problem::field(&pointer, "wrong_type")),
            None => deserialize_value(value).map(Self),
        }
    }
}

/// Checks that a body has the type `application/json` or `application/…+json` in UTF-8. Returns false without a
/// type.
///
/// # Errors
/// `unsupported_media_type` (415) for any other type or encoding.
fn check_media_type(headers: &HeaderMap) -> Result<bool, Problem> {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Ok(false) };
    let is_json = parse_net::media::parse_media_type(value.as_bytes()).is_ok_and(|media| {
        let is_utf8 = media.charset().is_none_or(|charset| {
            ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known.as_bytes()))
        });
        media.is_json() && is_utf8
    });
    if is_json { Ok(true) } else { Err(Problem::new("unsupported_media_type")) }
}

/// Parses a JSON object. serde_json limits the depth to 128 levels; the types of `T` limit numbers.
///
/// # Errors
/// `malformed_json` (400), or `invalid_fields` (422) with the pointer of the field.
pub fn parse_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value = parse_value(bytes)?;
    // serde would accept an array for a struct, field by field.
    if !value.is_object() {
        return Err(Problem::field("", "wrong_type"));
    }
    deserialize_value(value)
}

/// Parses JSON without U+0000 and without an object that has a member twice (RFC 8259, 4).
fn parse_value(bytes: &[u8]) -> Result<Value, Problem> {
    let parsed = serde_json::from_slice::<UniqueValue>(bytes);
    let UniqueValue(value) = parsed.map_err(|_| Problem::new("malformed_json"))?;
    let mut zeros = Vec::new();
    find_nul(&value, &mut String::new(), &mut zeros);
    if !zeros.is_empty() {
        return Err(Problem { errors: zeros, ..Problem::new("invalid_fields") });
    }
    Ok(value)
}

/// Finds U+0000, which JSON allows and Postgres cannot store.
fn find_nul(value: &Value, pointer: &mut String, found: &mut Vec<Reason>) {
    let add = |pointer: &str, found: &mut Vec<Reason>| {
        if found.len() < 16 {
            found.push(Reason::field(pointer, "forbidden_character"));
        }
    };
    match value {
        Value::String(text) if text.contains('\0') => add(pointer, found),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                with_segment(pointer, &index.to_string(), |pointer| find_nul(item, pointer, found));
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if name.contains('\0') {
                    add(pointer, found);
                }
                with_segment(pointer, name, |pointer| find_nul(field, pointer, found));
            }
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

fn with_segment(pointer: &mut String, segment: &str, visit: impl FnOnce(&mut String)) {
    let length = pointer.len();
    push_segment(pointer, segment);
    visit(pointer);
    pointer.truncate(length);
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read matters here")]
    struct Order {
        name: String,
        #[serde(default)]
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read matters here")]
    struct Line {
        count: u8,
    }

    fn refusal(text: &str) -> (u16, String, String) {
        let problem = parse_object::<Order>(text.as_bytes()).unwrap_err();
        let first = problem.errors.first().cloned();
        let pointer = first.as_ref().and_then(|reason| reason.pointer.clone()).unwrap_or_default();
        (problem.status.as_u16(), pointer, first.map_or(problem.code.to_owned(), |reason| reason.code))
    }

    fn invalid(pointer: &str, code: &str) -> (u16, String, String) {
        (422, pointer.to_owned(), code.to_owned())
    }

    #[test]
    fn h5_a_member_that_comes_twice_is_refused() {
        for text in [
            r#"{"name":"a","name":"b"}"#,
            r#"{"name":"a","n\u0061me":"a"}"#,
            r#"{"name":"a","lines":[{"count":1,"count":2}]}"#,
        ] {
            assert_eq!(refusal(text).2, "malformed_json", "{text}");
        }
    }

    #[test]
    fn k13_a_body_is_json_in_utf_8() {
        let check = |value: &'static str| {
            check_media_type(&[(CONTENT_TYPE, value.parse().unwrap())].into_iter().collect()).unwrap_or(false)
        };
        for accepted in
            ["application/json", "application/json; charset=UTF-8", "Application/Merge-Patch+JSON"]
        {
            assert!(check(accepted), "{accepted}");
        }
        for refused in [
            "application/json; charset=windows-1251",
            "application/json; charset=utf-16",
            "text/json",
            "json",
            "application/jsonp",
            "",
        ] {
            assert!(!check(refused), "{refused}");
        }
    }

    #[test]
    fn e1_all_wrong_and_missing_fields_are_named_at_once_with_what_is_allowed() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only whether it can be read matters here")]
        struct Form {
            id: uuid::Uuid,
            at: jiff::Timestamp,
            status: domain::support::Status,
            count: u8,
            name: String,
            price: Line,
            lines: Option<Vec<Line>>,
        }
        let problem = parse_object::<Form>(b"{}").unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|error| error.pointer.clone().unwrap()).collect();
        assert_eq!(pointers, ["/id", "/at", "/status", "/count", "/name", "/price"]);
        assert!(problem.errors.iter().all(|error| error.code == "required"), "{problem:?}");
        let text = br#"{"id":7,"status":"nope","count":300,"name":null,"lines":[{"count":1},{}],"x":1}"#;
        let mut problem = parse_object::<Form>(text).unwrap_err();
        problem.errors.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        let found: Vec<_> =
            problem.errors.iter().map(|error| (error.pointer.clone().unwrap(), error.code.clone())).collect();
        let expected = [
            ("/at", "required"),
            ("/count", "out_of_range"),
            ("/id", "wrong_type"),
            ("/lines/1/count", "required"),
            ("/name", "wrong_type"),
            ("/price", "required"),
            ("/status", "unknown_value"),
            ("/x", "unknown_field"),
        ];
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        let status = problem.errors.iter().find(|error| error.code == "unknown_value").unwrap();
        assert_eq!(status.facts["allowed"], "open, in_progress, waiting, resolved, closed");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_pointer() {
        assert_eq!(refusal(r#"{"name":"a","colour":1}"#), invalid("/colour", "unknown_field"));
        assert_eq!(refusal(r#"{"lines":[]}"#), invalid("/name", "required"));
        assert_eq!(refusal(r#"{"name":7}"#), invalid("/name", "wrong_type"));
        assert_eq!(
            refusal(r#"{"name":"a","lines":[{"count":1},{}]}"#),
            invalid("/lines/1/count", "required")
        );
        assert_eq!(
            refusal(r#"{"name":"a","lines":[{"count":256}]}"#),
            invalid("/lines/0/count", "out_of_range")
        );
        assert_eq!(refusal(r#"{"name":"a","a/b~c":1}"#), invalid("/a~1b~0c", "unknown_field"));
        assert_eq!(refusal("[]"), invalid("", "wrong_type"));
    }

    #[test]
    fn u0000_is_refused_wherever_it_hides() {
        assert_eq!(refusal(r#"{"name":"a\u0000b"}"#), invalid("/name", "forbidden_character"));
        assert_eq!(refusal(r#"{"name":"a","x":{"\u0000":1}}"#), invalid("/x", "forbidden_character"));
    }

    #[test]
    fn what_is_no_json_is_malformed_and_never_a_crash() {
        let deep = "[".repeat(10_000);
        let nested = format!("{}{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        for text in ["", "{", "nul", r#"{"name":"\ud800"}"#, r#"{"name":1e999}"#, "NaN", &deep, &nested] {
            assert_eq!(refusal(text).0, StatusCode::BAD_REQUEST.as_u16(), "{:.40}", text);
        }
        assert_eq!(parse_object::<Order>(b"{\"name\":\"\xff\"}").unwrap_err().code, "malformed_json");
    }
}
