//! The API document as the running process serves it.

use serde_json::{Map, Value};
use tests::World;

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Upper case.
    pub method: String,
    /// Path under `/api/v1`, with `{names}`.
    pub path: String,
    /// Field names of its JSON body; empty if it has none.
    pub fields: Vec<String>,
}

impl Operation {
    /// The path with an unknown id.
    pub fn to_nobody(&self) -> String {
        let mut path = String::new();
        let mut rest = self.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            path += before;
            path += "01890000-0000-7000-8000-00000000abcd";
            rest = after.split_once('}').expect("the template closes").1;
        }
        path + rest
    }

    pub fn changes_something(&self) -> bool {
        self.method != "GET"
    }
}

/// Every operation under `/api/v1`.
pub async fn operations(world: &World) -> Vec<Operation> {
    let document = world.client().get("/api/openapi.json").await.is(200).body;
    let paths = document["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        let Some(path) = path.strip_prefix("/api/v1") else { continue };
        for (method, operation) in item.as_object().expect("a path item") {
            let method = method.to_uppercase();
            if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()) {
                continue;
            }
            let body = operation.pointer("/requestBody/content/application~1json/schema");
            let fields = body.map(|schema| fields(&document, schema)).unwrap_or_default();
            operations.push(Operation { method, path: path.to_owned(), fields });
        }
    }
    assert!(operations.len() > 20, "the document is whole: {operations:?}");
    operations
}

fn fields(document: &Value, schema: &Value) -> Vec<String> {
    if let Some(pointer) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        return document.pointer(pointer).map(|schema| fields(document, schema)).unwrap_or_default();
    }
    let parts = ["allOf", "oneOf", "anyOf"].iter().filter_map(|part| schema[*part].as_array()).flatten();
    let own = schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned();
    own.chain(parts.flat_map(|part| fields(document, part))).collect()
}

/// The document contains every path that clients rely on.
#[tokio::test(flavor = "multi_thread")]
async fn the_document_names_every_path_of_the_contract() {
    let world = World::start().await;
    let operations = operations(&world).await;
    let known =
        |line: &str| operations.iter().any(|o| format!("{} {}", o.method, shape(&o.path)) == shape(line));
    let contract = [
        "POST /accounts",
        "POST /session",
        "DELETE /session",
        "GET /sessions",
        "DELETE /sessions/{id}",
        "POST /me/password",
        "POST /me/email",
        "POST /me/phone",
        "POST /password-recoveries",
        "POST /password-recoveries/{token}",
        "POST /me/email/verification",
        "POST /email-verifications/{token}",
        "GET /me/home",
        "POST /people/lookup",
        "GET /students",
        "GET /crm/agents",
        "GET /crm/analytics",
        "POST /crm/users",
        "PATCH /crm/users/{id}",
        "GET /me",
        "DELETE /me",
        "PATCH /me/profile",
        "GET /me/export",
        "PUT /me/avatar",
        "GET /live",
        "GET /demo",
        "GET /dictionaries",
        "GET /teachers",
        "GET /teachers/{id}",
        "POST /conversations",
        "GET /conversations",
        "GET /conversations/{id}/messages",
        "POST /conversations/{id}/messages",
        "PATCH /messages/{id}",
        "DELETE /messages/{id}",
        "POST /conversations/{id}/read",
        "POST /conversations/{id}/archive",
        "POST /conversations/{id}/unarchive",
        "POST /conversations/{id}/clear",
        "POST /conversations/{id}/hide",
        "GET /messages/search",
        "POST /tickets",
        "GET /tickets",
        "GET /tickets/{id}",
        "POST /tickets/{id}/replies",
        "POST /tickets/{id}/satisfaction",
        "GET /crm/tickets",
        "POST /crm/tickets",
        "GET /crm/tickets/{id}",
        "PATCH /crm/tickets/{id}",
        "POST /crm/tickets/bulk",
        "POST /crm/tickets/{id}/assign",
        "POST /crm/tickets/{id}/status",
        "POST /crm/tickets/{id}/priority",
        "POST /crm/tickets/{id}/category",
        "POST /crm/tickets/{id}/tags",
        "POST /crm/tickets/{id}/notes",
        "POST /crm/tickets/{id}/replies",
        "POST /crm/tickets/{id}/merge",
        "POST /crm/tickets/{id}/unmerge",
        "GET /crm/views",
        "POST /crm/views",
        "GET /crm/canned-replies",
        "POST /crm/canned-replies",
        "GET /crm/users",
        "GET /crm/users/{id}",
        "GET /crm/users/{id}/timeline",
        "POST /crm/users/{id}/reveal",
        "POST /crm/users/{id}/suspend",
        "POST /crm/users/{id}/reinstate",
        "GET /admin/crm/integration",
        "GET /admin/crm/deliveries",
        "POST /admin/crm/deliveries/{id}/retry",
        "POST /admin/crm/deliveries/retry",
        "POST /admin/crm/test",
        "POST /admin/crm/sync",
        "POST /admin/crm/reconcile",
        "GET /admin/projections",
        "POST /admin/projections/{name}/rebuild",
        "GET /admin/accounts",
        "POST /admin/accounts/{id}/roles",
        "GET /admin/system",
        "GET /audit/events",
    ];
    let missing: Vec<_> = contract.into_iter().filter(|line| !known(line)).collect();
    assert_eq!(missing, Vec::<&str>::new());
    let page = world.client().get("/api/docs/").await.is(200).text();
    assert!(
        !page.contains("https://") && !page.contains("http://"),
        "nothing is loaded from elsewhere: {page}"
    );
}

/// The path without names of parameters, which do not matter.
fn shape(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}
