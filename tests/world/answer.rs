//! Answer of the API, read whole, with the assertions on it.

use std::ops::Index;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// Status, headers and body of one call.
#[derive(Clone)]
pub struct Answer {
    /// Method and path, for messages.
    pub asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    /// The body as JSON; null if there is none.
    pub body: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub(crate) async fn read(asked: String, response: reqwest::Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Self { asked, status, headers, body, bytes })
    }

    /// Asserts success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!((200..300).contains(&self.status), "{self:?}");
        self
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Asserts a problem of RFC 9457 with this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.is_problem();
        assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{answer:?}");
        answer
    }

    /// Asserts any problem of RFC 9457.
    #[track_caller]
    pub fn is_problem(self) -> Self {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.body["status"], self.status, "{self:?}");
        for text in ["type", "title", "detail", "code", "trace_id"] {
            assert!(self.body[text].as_str().is_some_and(|text| !text.is_empty()), "{text}: {self:?}");
        }
        self
    }

    /// Position at which the change was committed.
    #[track_caller]
    pub fn position(&self) -> u64 {
        let header = self.header("x-log-position");
        header.parse().unwrap_or_else(|_| panic!("no X-Log-Position: {self:?}"))
    }

    /// Value of a header; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Rows of a list.
    #[track_caller]
    pub fn rows(&self) -> &Vec<Value> {
        self.body["data"].as_array().unwrap_or_else(|| panic!("no list: {self:?}"))
    }
}

impl Index<&str> for Answer {
    type Output = Value;

    fn index(&self, field: &str) -> &Value {
        if field.starts_with('/') {
            self.body.pointer(field).unwrap_or(&Value::Null)
        } else {
            &self.body[field]
        }
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.text();
        let shown: String = text.chars().take(2_000).collect();
        write!(f, "{} → {} {:?}\n{shown}", self.asked, self.status, self.headers)
    }
}
