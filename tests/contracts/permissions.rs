//! Permissions: every route of the document × no session and every role.

use api::auth::permissions::{Access, RULES};
use domain::Role;
use serde_json::json;
use tests::{Newcomer, Person, World};

use crate::document::{Operation, operations};

/// Every route refuses as the table says, and the table agrees with the contract.
#[tokio::test(flavor = "multi_thread")]
async fn every_route_lets_in_whom_the_table_names_and_nobody_else() {
    let world = World::start().await;
    let people = one_of_each_role(&world).await;
    let mut wrong = Vec::new();
    let mut operations = operations(&world).await;
    // This operation ends the session that the other calls use.
    operations.sort_by_key(|operation| (operation.method == "DELETE" && operation.path == "/session") as u8);
    for operation in &operations {
        let who = who_may(operation);
        wrong.extend(against_the_contract(operation, who));
        let answer = call(&world, operation, None).await;
        if (answer == 401) != (who != Access::Anyone) {
            wrong.push(format!("{} {}: {answer} without a session", operation.method, operation.path));
        }
        for (role, person) in &people {
            let answer = call(&world, operation, Some(person)).await;
            let expected = match who {
                Access::Roles(roles) => roles.contains(role),
                Access::Anyone | Access::SignedIn | Access::EvenSuspended => true,
            };
            if matches!(answer, 401 | 403) == expected {
                wrong.push(format!("{} {}: {role} is answered {answer}", operation.method, operation.path));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn who_may(operation: &Operation) -> Access {
    let rule = RULES.iter().find(|rule| rule.path == operation.path && rule.method == *operation.method);
    rule.unwrap_or_else(|| panic!("no rule for {} {}", operation.method, operation.path)).who
}

/// Permissions that no table may contain.
fn against_the_contract(operation: &Operation, who: Access) -> Option<String> {
    let (method, path) = (operation.method.as_str(), operation.path.as_str());
    // The signed link of a ticket is enough to rate it, and a mailed link to set a password.
    let open = [
        "POST /accounts",
        "POST /session",
        "POST /ticket-ratings/{token}",
        "POST /password-recoveries",
        "POST /password-recoveries/{token}",
        "POST /email-verifications/{token}",
    ]
    .contains(&format!("{method} {path}").as_str())
        || (method == "GET"
            && ["/demo", "/dictionaries", "/teachers", "/avatars", "/calendar/"]
                .iter()
                .any(|p| path.starts_with(p)));
    let within =
        |allowed: &[Role]| matches!(who, Access::Roles(roles) if roles.iter().all(|r| allowed.contains(r)));
    let sound = match path.split('/').nth(1) {
        Some("admin") => within(&[Role::Admin]),
        Some("audit") => within(&[Role::Auditor]),
        Some("crm") if method == "GET" => within(&[Role::Support, Role::Analyst, Role::Admin]),
        // The only thing that an analyst does is recorded.
        Some("crm") if path.ends_with("/reveal") => within(&[Role::Support, Role::Analyst, Role::Admin]),
        Some("crm") => within(&[Role::Support, Role::Admin]),
        _ => open || who != Access::Anyone,
    };
    if sound { None } else { Some(format!("{method} {path} is open to {who:?}")) }
}

async fn call(world: &World, operation: &Operation, person: Option<&Person>) -> u16 {
    let call = world.client().call(&operation.method, &operation.to_nobody());
    let call = match person {
        Some(person) => call.bearer(&person.token),
        None => call,
    };
    let call = if operation.changes_something() { call.json(&json!({})) } else { call };
    let answer = call.send().await;
    assert!(answer.status < 500, "{answer:?}");
    if answer.status >= 400 { answer.is_problem().status } else { answer.status }
}

/// People with exactly one role.
pub async fn one_of_each_role(world: &World) -> Vec<(Role, Person)> {
    let admin = world.admin().await;
    let mut people = Vec::new();
    for role in Role::ALL.iter().copied() {
        let person = match role {
            Role::Student => Newcomer::new(world.client(), "student").registers().await,
            Role::Teacher => Newcomer::new(world.client(), "teacher").registers().await,
            Role::Support => world.support(&admin).await,
            Role::Analyst => world.analyst(&admin).await,
            Role::Auditor => world.auditor(&admin).await,
            Role::Admin => admin.clone(),
        };
        let roles = person.get("/me").await.is(200)["roles"].clone();
        assert_eq!(roles, json!([role.as_str()]));
        people.push((role, person));
    }
    people
}
