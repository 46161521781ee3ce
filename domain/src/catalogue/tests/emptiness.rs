//! Finds the empty fields of a value by its derived `Debug` output, which names every field, also the fields
//! that serde omits.

use std::collections::BTreeSet;
use std::fmt::Debug;

/// Paths of the fields in the recorded values of one type.
#[derive(Default)]
pub(super) struct Fields {
    empty: BTreeSet<String>,
    filled: BTreeSet<String>,
}

impl Fields {
    /// Records which fields of a value are empty (`None`, or a collection without items).
    pub fn note(mut self, value: &impl Debug) -> Self {
        let mut parents: Vec<&str> = Vec::new();
        let text = format!("{value:#?}");
        for line in text.lines() {
            let depth = line.chars().take_while(|c| *c == ' ').count() / 4;
            let line = line.trim().trim_end_matches(',');
            let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let field = line.split_once(": ").filter(|(name, _)| is_name(name));
            let (name, value) = field.unwrap_or(("*", line));
            // The key of a map says nothing about its shape.
            let name = if name.starts_with(|c: char| c.is_ascii_digit()) { "*" } else { name };
            parents.resize(depth, "*");
            parents.push(name);
            let path = parents.join(".");
            let is_empty = matches!(value, "None" | "[]" | "{}");
            if is_empty {
                self.empty.insert(path)
            } else {
                self.filled.insert(path)
            };
        }
        self
    }

    /// Returns the fields that are empty in every value.
    pub fn missing(&self) -> Vec<&String> {
        self.empty.difference(&self.filled).collect()
    }
}

#[test]
fn a_field_that_is_empty_in_every_value_is_missing() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "read by Debug alone")]
    struct Part {
        always: Option<u8>,
        never: Option<u8>,
        list: Vec<u8>,
    }
    #[derive(Debug)]
    #[expect(dead_code, reason = "read by Debug alone")]
    struct Whole {
        parts: Vec<Part>,
        other: Option<&'static str>,
    }
    let part = |always, list| Part { always, never: None, list };
    let whole = Whole { parts: vec![part(Some(1), vec![]), part(None, vec![2])], other: Some("None") };
    assert_eq!(Fields::default().note(&whole).missing(), ["*.parts.*.never"]);
    let more = Whole { parts: vec![Part { always: None, never: Some(1), list: vec![] }], other: None };
    assert!(Fields::default().note(&whole).note(&more).missing().is_empty());
}
