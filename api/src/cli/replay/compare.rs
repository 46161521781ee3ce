//! Two JSON values, compared child by child.

use serde::Serialize;
use serde_json::Value;

/// A value that differs between the log and the served state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// JSON pointer (RFC 6901).
    pub pointer: String,
    /// Value that follows from the log; null if there is none.
    pub folded: Value,
    pub served: Value,
}

impl Difference {
    pub fn new(pointer: &str, folded: Value, served: Value) -> Self {
        Self { pointer: pointer.to_owned(), folded, served }
    }
}

/// Returns every JSON pointer at which the two values differ, as deep as possible.
pub fn find_differences(folded: &Value, served: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect_differences("", folded, served, &mut found);
    found
}

fn collect_differences(pointer: &str, folded: &Value, served: &Value, found: &mut Vec<Difference>) {
    match (folded, served) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let child = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                let (a, b) = (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                collect_differences(&child, a, b, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                collect_differences(&format!("{pointer}/{index}"), a, b, found);
            }
        }
        (a, b) if a == b => {}
        (a, b) => found.push(Difference::new(pointer, a.clone(), b.clone())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_place_that_differs_is_named() {
        let folded = json!({ "a": 1, "b": { "c": [1, 2] }, "only/here": true });
        let served = json!({ "a": 1, "b": { "c": [1, 3] }, "there": null, "extra": "x" });
        let pointers: Vec<_> =
            find_differences(&folded, &served).into_iter().map(|difference| difference.pointer).collect();
        assert_eq!(pointers, ["/b/c/1", "/only~1here", "/extra"]);
    }

    #[test]
    fn equal_values_differ_nowhere() {
        let value = json!({ "a": [{ "b": null }], "c": 1.5 });
        assert!(find_differences(&value, &value).is_empty());
    }
}
