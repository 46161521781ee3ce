//! The list of people for staff: pages, filters, order, counts.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{Answer, Person, World};

/// Pages have no gap and no repetition, and an invalid parameter is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_page_by_page_without_gap_or_repetition() {
    let world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let mut last = 0;
    for n in 0..12 {
        let new = if n % 3 == 0 { world.teacher() } else { world.student() };
        last = new.registers().await.position;
    }
    support.get_at(last, "/crm/users").await.is(200);
    let everyone = pages(&support, "/crm/users?limit=5").await;
    let ids: BTreeSet<&str> = everyone.iter().filter_map(|id| id.as_deref()).collect();
    assert_eq!(ids.len(), everyone.len(), "no person twice: {everyone:?}");
    assert!(ids.len() >= 13, "{everyone:?}");
    let total = support.get("/crm/users?limit=1&include=total").await.is(200);
    assert_eq!(total["/page/total"], json!(everyone.len()), "{total:?}");
    let teachers = pages(&support, "/crm/users?limit=3&type=teacher").await;
    assert_eq!(teachers.len(), 4, "{teachers:?}");

    for nonsense in [
        "limit=0",
        "limit=101",
        "limit=abc",
        "limit=-1",
        "cursor=nonsense",
        "type=king",
        "sort=shoe_size",
        "colour=red",
        "registered_from=yesterday",
        "status=half",
    ] {
        let refused = support.get(&format!("/crm/users?{nonsense}")).await.is_problem();
        assert_eq!(refused.status, 400, "{nonsense}: {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_what_is_known_of_them() {
    let world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let (anna, boris) = (world.student().registers().await, world.teacher().registers().await);
    for sought in [anna.email.clone(), anna.email.to_uppercase(), anna.name.clone()] {
        let found = found(&support, boris.position, &sought).await;
        let ids: Vec<_> = found.rows().iter().map(|row| row["id"].as_str().unwrap_or_default()).collect();
        assert_eq!(ids, [anna.id.as_str()], "{sought}: {found:?}");
    }
    assert_eq!(found(&support, boris.position, "nobody at all").await.rows().len(), 0);
    let csv = support.call("GET", "/crm/users").header("accept", "text/csv").send().await.is(200);
    assert!(csv.header("content-type").starts_with("text/csv"), "{csv:?}");
    assert!(csv.text().contains(&anna.id) && csv.text().contains(&boris.id), "{csv:?}");
}

/// A name that a spreadsheet would run as a formula is text (CWE-1236).
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_never_a_formula_in_an_export() {
    let world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let mut new = world.student();
    new.name = "=SUM(1;2)".to_owned();
    let position = new.registers().await.position;
    let csv = support.call("GET", "/crm/users").header("accept", "text/csv");
    let csv = csv.header("min-log-position", position).send().await.is(200).text();
    assert!(csv.contains("SUM"), "{csv}");
    assert!(!csv.contains(",=") && !csv.contains(",\"="), "{csv}");
}

async fn found(support: &Person, position: u64, q: &str) -> Answer {
    let encoded: String = q.bytes().map(|byte| format!("%{byte:02X}")).collect();
    support.get_at(position, &format!("/crm/users?q={encoded}")).await.is(200)
}

async fn pages(person: &Person, path: &str) -> Vec<Option<String>> {
    let mut ids = Vec::new();
    let mut answer = person.get(path).await.is(200);
    loop {
        ids.extend(answer.rows().iter().map(|row| row["id"].as_str().map(str::to_owned)));
        let Some(cursor) = answer["/page/next_cursor"].as_str() else { break };
        assert_eq!(answer["/page/has_more"], true);
        answer = person.get(&format!("{path}&cursor={cursor}")).await.is(200);
    }
    assert_eq!(answer["/page/has_more"], false);
    ids
}
