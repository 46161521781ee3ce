//! A refusal: a rule said no, with a stable code and its reasons.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code_enum;

/// A rule said no. It is information, not a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable, snake_case; clients switch on it.
    pub code: &'static str,
    pub kind: RefusalKind,
    /// For people who read logs; answers take their text from the code and the language.
    pub detail: String,
    /// Which rule, in which state, by which facts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

impl Refusal {
    pub fn new(code: &'static str, kind: RefusalKind, detail: impl Into<String>) -> Self {
        Self { code, kind, detail: detail.into(), reasons: Vec::new() }
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(code, RefusalKind::Conflict, detail)
    }

    #[must_use]
    pub fn because(mut self, reason: Reason) -> Self {
        self.reasons.push(reason);
        self
    }
}

code_enum!(
    /// What sort of no it is.
    RefusalKind {
        /// What is asked for does not exist, or must not be known to exist.
        NotFound = "not_found",
        /// The actor may not do this.
        Forbidden = "forbidden",
        /// A rule or the present state stands against it.
        Conflict = "conflict",
        /// The value itself is unacceptable; `reasons` name the fields by JSON pointer.
        Invalid = "invalid",
    }
);

/// One reason behind a refusal or an automatic decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule or the failed check, snake_case.
    pub code: String,
    /// JSON pointer (RFC 6901) of the field, for values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The facts it rests on: names and values that are not personal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}

impl Reason {
    pub fn rule(code: &str) -> Self {
        Self { code: code.to_owned(), pointer: None, facts: BTreeMap::new() }
    }

    pub fn field(pointer: &str, code: &str) -> Self {
        Self { pointer: Some(pointer.to_owned()), ..Self::rule(code) }
    }

    #[must_use]
    pub fn with(mut self, fact: &str, value: impl ToString) -> Self {
        self.facts.insert(fact.to_owned(), value.to_string());
        self
    }
}
