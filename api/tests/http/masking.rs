//! No contact reaches an analyst: in no route that analysts read, in no format, and in no search.

use api::auth::permissions::{Access, RULES};
use axum::http::Method;
use domain::Role;
use serde_json::json;

use crate::world::{World, bearer, person};

/// Contacts as people write them, with the part that must not be seen.
const CONTACTS: [(&str, &str); 4] = [
    ("violetta.kuze734@privdom.test", "kuze734"),
    ("8–999–123–45–67", "123–45"),
    ("@handlesecret", "handlesecret"),
    ("vera @ secretmail", "secretmail"),
];

#[tokio::test]
async fn no_contact_reaches_an_analyst() {
    let world = World::with_read_models().await;
    let support = world.signed_in_as(Role::Support).await;
    let analyst = world.signed_in_as(Role::Analyst).await;
    let staff = [("authorization", support.as_str())];
    let mut anna = person("anna");
    anna["phone"] = json!("+79991234567");
    let anna = world.register(&anna).await;
    let text = CONTACTS.map(|(contact, _)| contact).join(" , ");
    let id = anna["account"]["id"].as_str().unwrap();
    let question = json!({ "title": format!("Call {text}"), "description": text, "category": "Оплата" });
    let own = bearer(&anna);
    let asked = world.post("/api/v1/tickets", &[("authorization", &own)], &question).await;
    let ticket = asked.is(201).body["id"].as_str().unwrap().to_owned();
    for (what, field) in [("replies", "body"), ("notes", "body")] {
        let path = format!("/api/v1/crm/tickets/{ticket}/{what}");
        world.post(&path, &staff, &json!({ field: text })).await.is(201);
    }
    let free = json!({ "title": "t", "description": "d", "category": "call 8 999 123 45 67" });
    world.post("/api/v1/tickets", &[("authorization", &own)], &free).await.refused(422, "invalid_fields");
    let tagged = json!({ "title": "t", "description": "d", "category": "Оплата", "tags": ["kuze734"] });
    world.post("/api/v1/tickets", &[("authorization", &own)], &tagged).await.refused(422, "invalid_fields");
    for what in ["suspend", "reinstate"] {
        let path = format!("/api/v1/crm/users/{id}/{what}");
        world.post(&path, &staff, &json!({ "reason": text })).await.is(200);
    }

    let mut read = 0;
    for rule in RULES.iter().filter(|rule| rule.method == Method::GET) {
        let Access::Roles(roles) = rule.who else { continue };
        if !roles.contains(&Role::Analyst) {
            continue;
        }
        let id = if rule.path.starts_with("/crm/tickets") { &ticket } else { id };
        let path = rule.path.replace("{id}", id).replace("{report}", "ticket_categories");
        for accept in ["application/json", "text/csv", "application/x-ndjson"] {
            let answer = world.read(&format!("/api/v1{path}"), &analyst, &[("accept", accept)]).await;
            read += u32::from(answer.status == 200);
            for (contact, part) in CONTACTS {
                let shown = String::from_utf8_lossy(&answer.bytes);
                assert!(!shown.contains(part), "{path} as {accept} shows {contact}: {shown}");
            }
        }
    }
    assert!(read >= 12, "{read} answers were read");
    for (_, part) in CONTACTS {
        for list in ["/crm/tickets", "/crm/users"] {
            let word: String = part.chars().filter(|c| c.is_alphanumeric()).collect();
            let path = format!("/api/v1{list}?include=total&q={word}");
            let found = world.read(&path, &analyst, &[]).await;
            assert_eq!(found.is(200).body["page"]["total"], 0, "{path}: {found:?}");
        }
    }
    let found = world.read("/api/v1/crm/tickets?q=kuze734", &support, &[]).await;
    assert_eq!(found.is(200).body["data"].as_array().unwrap().len(), 1, "support finds contacts");
}
