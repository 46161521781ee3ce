//! A refusal: the answer of a rule that does not allow a command, with a stable code and reasons.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code_enum;

/// Refusal of a command by a rule. It is information, not a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable, snake_case; clients switch on it.
    pub code: &'static str,
    pub kind: RefusalKind,
    /// Text for the logs. Responses take their text from the code and the language.
    pub detail: String,
    /// Reasons: the rule, the state and the facts.
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
    /// Kind of a refusal.
    RefusalKind {
        /// The target does not exist, or the actor must not learn that it exists.
        NotFound = "not_found",
        /// The actor may not do this.
        Forbidden = "forbidden",
        /// A rule or the present state does not allow it.
        Conflict = "conflict",
        /// A value is invalid; `reasons` name the fields by JSON pointer.
        Invalid = "invalid",
    }
);

/// Reason for a refusal or an automatic decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule or the failed check, snake_case.
    pub code: String,
    /// JSON pointer (RFC 6901) of the field, if the reason is about a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Facts behind the reason: names and values that are not personal.
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
