//! A process is killed while it records missed SLA targets: each is recorded once.

use futures::future::join_all;
use serde_json::json;
use tests::{LogRow, Person, World, eventually};

const TICKETS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_promise_is_said_once_whichever_process_is_killed() {
    let world = World::start().await;
    // The tickets are long overdue then, and the clocks of the processes stay.
    world.sets_log_back().await;
    let mut second = world.another_app().await;
    let anna = world.student().registers().await;
    let [here, there] = [anna.clone(), anna.through(&second.client)];
    let open = async |person: &Person| {
        let ticket = json!({
            "title": "Не открывается урок", "description": "Белая страница.", "category": "Сайт",
            "priority": "urgent",
        });
        person.post("/tickets", ticket).await.status
    };
    let opened = join_all((0..TICKETS).map(|n| open(if n % 2 == 0 { &here } else { &there }))).await;
    assert_eq!(opened, [201; TICKETS]);
    // Some are recorded by now, some are in flight, some wait.
    second.is_killed();
    is_said_of_all(&world).await;
    // A process that starts later finds nothing left to record.
    let third = world.another_app().await;
    assert_eq!(open(&anna.through(&third.client)).await, 201);
    eventually("every timer has rung", || async {
        let open = "select count(*) from process.tasks where kind = 'watch_ticket' and state <> 'done'";
        let open: i64 = sqlx::query_scalar(open).fetch_one(&world.pool).await.expect("tasks can be read");
        let said = breaches(&world).await.len();
        if open == 0 && said == 2 * (TICKETS + 1) { Ok(()) } else { Err(format!("{open} open, {said} said")) }
    })
    .await;
    is_said_of_all(&world).await;
}

async fn is_said_of_all(world: &World) {
    let said = eventually("everything missed is said", || async {
        let said = breaches(world).await;
        if said.len() >= 2 * TICKETS { Ok(said) } else { Err(format!("{} of {}", said.len(), 2 * TICKETS)) }
    })
    .await;
    let mut each = said.clone();
    each.sort();
    each.dedup();
    assert_eq!(each.len(), said.len(), "twice: {said:?}");
}

/// Tickets and their missed targets, from the log.
async fn breaches(world: &World) -> Vec<(String, String)> {
    let log = LogRow::all(&world.pool).await;
    let said = log.into_iter().filter(|row| row.event_type.ends_with("Breached"));
    said.map(|row| (row.aggregate_id, row.event_type)).collect()
}
