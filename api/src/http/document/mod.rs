//! API document (OpenAPI 3.1) from the handlers, the document of live frames (AsyncAPI 3), and a reference page
//! without external resources.

mod codes;
mod head;
mod headers;
mod live;
mod responses;
mod schemas;
pub mod shapes;
mod words;

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Map, Value};
use utoipa::OpenApi as _;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Components, OpenApi, Ref, RefOr, Response, Schema};
use utoipa_swagger_ui::{Config, SwaggerUi};

pub(super) use self::head::Document;
pub use self::live::build_live_document;
pub(super) use self::live::live_document_route;
use self::responses::{describe_responses, pascal_case};
use self::shapes::Shapes;
use self::words::Words;
use super::cookies::SESSION_COOKIE;
use super::routes;
use crate::auth::permissions::{Access, find_rule};

/// Builds the whole API document.
pub fn build_document() -> Value {
    let (_, document) = routes::documented_routes().split_for_parts();
    complete(document)
}

/// Completes the document of the handlers: permissions, problems, headers, components and words.
pub(super) fn complete(mut document: OpenApi) -> Value {
    document.merge(Shapes::openapi());
    add_permissions(&mut document);
    refer_to_page_items(document.components.get_or_insert_default());
    let mut document = serde_json::to_value(document).expect("a document is texts and numbers");
    let parameters = Words::parse(include_str!("parameters.txt"));
    if let Some(paths) = document["paths"].as_object_mut() {
        for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
            schemas::describe_parameters(operation, &parameters);
        }
    }
    schemas::describe(&mut document, &Words::parse(include_str!("properties.txt")));
    headers::describe(&mut document);
    document
}

/// Refers from each page to the schema of its items, which the derive of `Page` repeats.
fn refer_to_page_items(components: &mut Components) {
    for (name, schema) in &mut components.schemas {
        let (Some(item), RefOr::T(Schema::Object(page))) = (name.strip_prefix("Page_"), schema) else {
            continue;
        };
        let items = ArrayBuilder::new().items(Ref::from_schema_name(item));
        page.properties.insert("data".to_owned(), items.into());
    }
}

/// The reference page under `/api/docs` and the document at `/api/openapi.json`.
pub(super) fn reference_page(document: Value) -> SwaggerUi {
    // By default it would call a validator on the internet.
    let config = Config::default().validator_url("none").display_operation_id(true);
    SwaggerUi::new("/api/docs").external_url_unchecked("/api/openapi.json", document).config(config)
}

/// Adds permissions, security schemes and the problem response to each operation.
fn add_permissions(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let cookie = ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE.plain));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    for (path, item) in &mut document.paths.paths {
        let path = path.strip_prefix(super::BASE).unwrap_or(path).to_owned();
        for (method, operation) in operations(item) {
            if let Some(rule) = find_rule(&method, &path) {
                describe_operation(&method, operation, rule.who, &mut components.responses);
            }
        }
    }
}

/// Returns the operations of a path with their methods.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// Returns the id of an operation, as generated clients name its function: `bookSlot` for `book_slot`.
fn operation_id(handler: &str) -> String {
    let (first, rest) = handler.split_once('_').unwrap_or((handler, ""));
    first.to_owned() + &pascal_case(rest)
}

fn describe_operation(
    method: &Method,
    operation: &mut Operation,
    who: Access,
    shared: &mut BTreeMap<String, RefOr<Response>>,
) {
    describe_responses(method, operation, who, shared);
    operation.operation_id = operation.operation_id.as_deref().map(operation_id);
    let permitted = match who {
        Access::Anyone => "Anyone.".to_owned(),
        Access::SignedIn => "Any session.".to_owned(),
        Access::EvenSuspended => "Any session, also of a suspended account.".to_owned(),
        Access::Roles(roles) => {
            let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
            format!("Roles: {}.", names.join(", "))
        }
    };
    let text = operation.description.take().unwrap_or_default();
    operation.description = Some(format!("{text}\n\nPermitted: {permitted}").trim().to_owned());
    operation.security = Some(match who {
        Access::Anyone => vec![],
        Access::SignedIn | Access::EvenSuspended | Access::Roles(_) => {
            ["cookie", "bearer"].map(|name| SecurityRequirement::new(name, Vec::<String>::new())).to_vec()
        }
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::auth::permissions::RULES;

    #[test]
    fn the_permission_table_and_the_api_document_name_the_same_routes() {
        let document = build_document();
        let mut documented = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let path = path.strip_prefix(crate::http::BASE).unwrap();
            for method in item.as_object().unwrap().keys() {
                assert!(documented.insert(format!("{} {path}", method.to_uppercase())));
            }
        }
        let permitted: BTreeSet<_> =
            RULES.iter().map(|rule| format!("{} {}", rule.method, rule.path)).collect();
        assert_eq!(permitted.len(), RULES.len(), "a route stands twice in the permission table");
        assert_eq!(documented, permitted);
    }

    #[test]
    fn the_document_is_openapi_3_1_and_every_operation_names_its_problems() {
        let document = build_document();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                assert!(operation["responses"]["500"].is_object(), "{method} {path}");
                // A WebSocket has no success of HTTP.
                let is_socket = operation["responses"]["101"].is_object();
                let has_rest = operation["responses"]["default"].is_object();
                assert_eq!(has_rest, is_socket, "every status is named: {method} {path}");
                assert!(operation["operationId"].is_string(), "{method} {path}");
                assert!(operation["tags"][0].is_string(), "{method} {path}");
            }
        }
    }
}
