//! Schemas of a document as a validator takes them: complete, and closed to other properties.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Returns the name of the component to which a schema refers.
pub(super) fn component_name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().and_then(|text| text.strip_prefix("#/components/schemas/"))
}

/// Compiles a schema with the components to which it refers.
pub(super) fn compile(document: &Value, schema: &Value) -> Validator {
    let mut components = Map::new();
    collect_components(document, schema, &mut components);
    let whole = json!({ "allOf": [schema], "components": { "schemas": components } });
    let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    options.build(&whole).expect("a schema of the document")
}

fn collect_components(document: &Value, value: &Value, found: &mut Map<String, Value>) {
    if let Some(name) = component_name(value)
        && !found.contains_key(name)
    {
        let component = &document["components"]["schemas"][name];
        found.insert(name.to_owned(), component.clone());
        collect_components(document, component, found);
    }
    parts(value).for_each(|part| collect_components(document, part, found));
}

fn parts(value: &Value) -> impl Iterator<Item = &Value> {
    let items = value.as_array().into_iter().flatten();
    items.chain(value.as_object().into_iter().flat_map(Map::values))
}

/// Replaces each component that has the properties of others by one that names them all.
pub(super) fn flatten(schemas: &mut Value) {
    let composed = schemas.as_object().into_iter().flatten().filter(|(_, schema)| schema["allOf"].is_array());
    let mut flat = Map::new();
    for (name, schema) in composed {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        collect_properties(schemas, schema, &mut properties, &mut required);
        let schema = json!({ "type": "object", "properties": properties, "required": required });
        flat.insert(name.clone(), schema);
    }
    if let Some(schemas) = schemas.as_object_mut() {
        schemas.extend(flat);
    }
}

fn collect_properties(
    schemas: &Value,
    schema: &Value,
    properties: &mut Map<String, Value>,
    required: &mut Vec<Value>,
) {
    if let Some(name) = component_name(schema) {
        return collect_properties(schemas, &schemas[name], properties, required);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        collect_properties(schemas, part, properties, required);
    }
    properties.extend(schema["properties"].as_object().cloned().unwrap_or_default());
    required.extend(schema["required"].as_array().cloned().unwrap_or_default());
}

/// Forbids properties that a schema does not name, in all schemas of a document.
pub(super) fn close(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(close),
        Value::Object(fields) => {
            fields.values_mut().for_each(close);
            if fields.get("properties").is_some_and(Value::is_object) {
                fields.entry("additionalProperties").or_insert(Value::Bool(false));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
