//! Words of the API: the type and the meaning of each property and parameter, by its name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Types and meaning of a name in the API, or in one schema or operation.
struct Word {
    types: Vec<&'static str>,
    meaning: &'static str,
}

/// Table of words; the keys are `name`, or `Schema.name` and `operationId.name`.
pub(super) struct Words(BTreeMap<&'static str, Word>);

impl Words {
    /// Parses a table: `name | types | meaning` on each line.
    ///
    /// # Panics
    /// If a line has another form, or a name stands twice.
    pub fn parse(table: &'static str) -> Self {
        let mut words = BTreeMap::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.splitn(3, '|').map(str::trim);
            let (Some(name), Some(types), Some(meaning)) = (parts.next(), parts.next(), parts.next()) else {
                panic!("not `name | types | meaning`: {line}");
            };
            let types = types.split_ascii_whitespace().filter(|part| *part != "-").collect();
            assert!(words.insert(name, Word { types, meaning }).is_none(), "{name} stands twice");
        }
        Self(words)
    }

    /// Applies the word of a property or parameter to its schema. An owner's own word precedes the common one.
    pub fn apply(&self, owner: &str, name: &str, schema: &mut Value) {
        let own = format!("{owner}.{name}");
        let by_format = match schema["format"].as_str() {
            Some("date-time") => Some("Instant"),
            Some("date") => Some("LocalDate"),
            Some(_) | None => None,
        };
        let word = self.0.get(own.as_str()).or_else(|| self.0.get(name));
        for part in word.iter().flat_map(|word| &word.types) {
            apply_type(part, schema);
        }
        if let (Some(component), true) = (by_format, schema["format"].is_string()) {
            refer(schema, component);
        }
        let Some(word) = word else { return };
        let Some(fields) = schema.as_object_mut() else { return };
        let written = fields.get("description").and_then(Value::as_str).unwrap_or_default();
        let is_component = word.types.iter().any(|part| part.starts_with('@'));
        let text = match clean(written) {
            // A list of codes, which the component has.
            written if written.is_empty() || (is_component && written.starts_with('`')) => {
                word.meaning.to_owned()
            }
            written => written,
        };
        if !text.is_empty() {
            fields.insert("description".to_owned(), text.into());
        }
    }

    /// Returns whether the property may be absent from an answer.
    pub fn is_optional(&self, owner: &str, name: &str) -> bool {
        let own = format!("{owner}.{name}");
        self.0.get(own.as_str()).is_some_and(|word| word.types.contains(&"optional"))
    }
}

/// Removes the shape of money from a text; the type says it.
fn clean(text: &str) -> String {
    text.replace(" as `{amount, currency}`", "").replace(": `{amount, currency}`", "")
}

fn apply_type(part: &str, schema: &mut Value) {
    match part.split_once('=') {
        Some(("min", bound)) => set_bound(schema, ["minimum", "minLength"], bound),
        Some(("max", bound)) => set_bound(schema, ["maximum", "maxLength"], bound),
        Some((key, text)) => {
            schema[key] = text.into();
        }
        None => match part.strip_prefix('@') {
            // Ids are plain strings with a format.
            Some("Id") => {}
            Some(name) => match name.strip_suffix("[]") {
                Some(item) => schema["items"] = reference(item),
                None => refer(schema, name),
            },
            None if part == "optional" => remove_null(schema),
            None => {
                schema["type"] = part.into();
            }
        },
    }
}

/// Sets a bound, unless the handler has set one. `keys` are those of numbers and of texts.
fn set_bound(schema: &mut Value, keys: [&str; 2], bound: &str) {
    let is_text = schema["type"] == "string" || schema["type"][0] == "string";
    let is_number = |kind: &Value| kind == "integer" || kind == "number";
    if !is_text && !is_number(&schema["type"]) && !is_number(&schema["type"][0]) {
        return;
    }
    let key = if is_text { keys[1] } else { keys[0] };
    let Some(fields) = schema.as_object_mut() else { return };
    let bound: i64 = bound.parse().expect("a bound is a number");
    let previous = fields.get(key).and_then(Value::as_i64);
    // The derive writes 0 for every unsigned number.
    if previous.is_none_or(|previous| previous == 0) {
        fields.insert(key.to_owned(), bound.into());
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Replaces a schema by a reference, and keeps that it can be null, and its texts.
fn refer(schema: &mut Value, name: &str) {
    let mut kept = Map::new();
    if let Some(fields) = schema.as_object() {
        for key in ["description", "default", "examples", "example"] {
            if let Some(value) = fields.get(key) {
                kept.insert(key.to_owned(), value.clone());
            }
        }
    }
    let referred = if is_nullable(schema) {
        json!({ "oneOf": [{ "type": "null" }, reference(name)] })
    } else {
        reference(name)
    };
    *schema = referred;
    schema.as_object_mut().expect("an object").extend(kept);
}

/// Returns whether a value of this schema can be null.
pub(super) fn is_nullable(schema: &Value) -> bool {
    let listed = |list: &Value| list.as_array().is_some_and(|types| types.iter().any(|one| one == "null"));
    let chosen = schema["oneOf"].as_array().is_some_and(|parts| parts.iter().any(|p| p["type"] == "null"));
    listed(&schema["type"]) || chosen
}

/// Removes null from the values of a schema.
pub(super) fn remove_null(schema: &mut Value) {
    if let Some(types) = schema["type"].as_array() {
        let rest: Vec<_> = types.iter().filter(|one| *one != "null").cloned().collect();
        schema["type"] = if rest.len() == 1 { rest[0].clone() } else { rest.into() };
    }
    let Some(parts) = schema["oneOf"].as_array() else { return };
    let rest: Vec<_> = parts.iter().filter(|part| part["type"] != "null").cloned().collect();
    let Some(fields) = schema.as_object_mut() else { return };
    if let [Value::Object(only)] = &rest[..] {
        fields.remove("oneOf");
        fields.extend(only.clone());
    } else {
        fields.insert("oneOf".to_owned(), rest.into());
    }
}
