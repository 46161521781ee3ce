//! Agents who view a ticket see each other, over all processes.

use serde_json::{Value, json};
use tests::{Person, Settings, Socket, World};

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_told_who_else_has_the_same_ticket_open() {
    let mut settings = Settings::default();
    settings.environment.push(("KAFEDRA_LIVE__PRESENCE_MS", "300".into()));
    let world = World::with(settings).await;
    let admin = world.admin().await;
    let (olga, igor) = (world.support(&admin).await, world.support(&admin).await);
    let anna = world.student().registers().await;
    let [one, other] = [asks(&anna).await, asks(&anna).await];
    let before = events_by(&world, [&olga, &igor]).await;
    assert!(before > 0, "the agents have registered");

    let mut o = olga.opens_socket().await;
    opens(&mut o, &one).await;
    hears(&mut o, &one, &[]).await;
    // A process that starts later receives the viewers too, after a request.
    let mut second = world.another_app().await;
    let mut i = igor.through(&second.client).opens_socket().await;
    opens(&mut i, &one).await;
    hears(&mut i, &one, &[&olga]).await;
    hears(&mut o, &one, &[&igor]).await;

    opens(&mut i, &other).await;
    hears(&mut o, &one, &[]).await;
    hears(&mut i, &other, &[]).await;
    opens(&mut i, &one).await;
    hears(&mut o, &one, &[&igor]).await;
    i.sends(json!({ "type": "viewing", "ticket_id": null })).await;
    hears(&mut o, &one, &[]).await;
    opens(&mut i, &one).await;
    hears(&mut o, &one, &[&igor]).await;
    // The viewers disappear with their process or their socket.
    second.is_killed();
    hears(&mut o, &one, &[]).await;

    let mut i = igor.opens_socket().await;
    opens(&mut i, &one).await;
    hears(&mut o, &one, &[&igor]).await;
    drop(i);
    hears(&mut o, &one, &[]).await;
    assert_eq!(events_by(&world, [&olga, &igor]).await, before, "nothing of it is an event");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_read_the_desk_neither_looks_nor_hears() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let ticket = asks(&anna).await;
    let (mut o, mut a) = (olga.opens_socket().await, anna.opens_socket().await);
    opens(&mut a, &ticket).await;
    assert_eq!(a.next_of("error").await["code"], "forbidden", "also for the requester's own ticket");
    opens(&mut o, &ticket).await;
    hears(&mut o, &ticket, &[]).await;
    opens(&mut o, "01890000-0000-7000-8000-00000000abcd").await;
    assert_eq!(o.next_of("error").await["code"], "ticket_not_found");
    anna.patch("/me/profile", json!({ "city": "Тверь" })).await.ok();
    let frames = a.all_until("profile_updated").await;
    assert!(frames.iter().all(|frame| frame["type"] != "viewing"), "{frames:?}");

    // An agent whose role was revoked is no longer named.
    let igor = world.support(&admin).await;
    let mut i = igor.opens_socket().await;
    opens(&mut i, &ticket).await;
    hears(&mut o, &ticket, &[&igor]).await;
    let roles = format!("/admin/accounts/{}/roles", igor.id);
    for (action, role) in [("grant", "auditor"), ("revoke", "support")] {
        let change = json!({ "action": action, "role": role, "reason": "переходит в аудит" });
        admin.post(&roles, change).await.ok();
    }
    let vera = world.support(&admin).await;
    let mut v = vera.opens_socket().await;
    opens(&mut v, &ticket).await;
    hears(&mut o, &ticket, &[&vera]).await;
    hears(&mut v, &ticket, &[&olga]).await;
}

async fn asks(person: &Person) -> String {
    let question =
        json!({ "title": "Не открывается урок", "description": "Белая страница.", "category": "Сайт" });
    person.post("/tickets", question).await.is(201)["id"].as_str().expect("an id").to_owned()
}

async fn opens(socket: &mut Socket, ticket: &str) {
    socket.sends(json!({ "type": "viewing", "ticket_id": ticket })).await;
}

/// Waits until exactly these other agents have the ticket open.
async fn hears(socket: &mut Socket, ticket: &str, others: &[&Person]) {
    let others: Value = others.iter().map(|agent| json!({ "id": agent.id, "name": agent.name })).collect();
    let wanted = json!({ "type": "viewing", "data": { "ticket_id": ticket, "agents": others } });
    while socket.next_of("viewing").await != wanted {}
}

/// Number of events that these agents caused. Processes may append others to the tickets meanwhile.
async fn events_by(world: &World, agents: [&Person; 2]) -> i64 {
    let actors = agents.map(|agent| agent.id.to_string());
    let count = "select count(*) from log.events where metadata ->> 'actor' = any($1)";
    sqlx::query_scalar(count).bind(&actors[..]).fetch_one(&world.pool).await.expect("the log can be read")
}
