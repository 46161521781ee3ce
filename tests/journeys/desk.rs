//! The support desk: from a question to a rating, and every action of agents between them.

use serde_json::{Value, json};
use tests::{Answer, LogRow, Person, World, eventually, in_hours};

fn question(title: &str) -> Value {
    json!({
        "title": title, "description": "Деньги списаны, урока в списке нет.", "category": "Оплата",
        "priority": "high",
    })
}

async fn asks(person: &Person, title: &str) -> Answer {
    person.post("/tickets", question(title)).await.is(201)
}

fn id(answer: &Answer) -> String {
    answer["id"].as_str().expect("an id").to_owned()
}

/// Carries out an agent's action on a ticket.
async fn acts(agent: &Person, ticket: &str, what: &str, body: Value) -> Answer {
    agent.post(&format!("/crm/tickets/{ticket}/{what}"), body).await
}

/// Ids of a ticket list at a position, latest first.
async fn listed(agent: &Person, position: u64, query: &str) -> Vec<String> {
    let list = agent.get_at(position, &format!("/crm/tickets?{query}")).await.is(200);
    list.rows().iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
}

/// Every step works, reaches its audience, and is in the log with its actor.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_taken_answered_resolved_and_rated() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let opened = asks(&anna, "Не вижу оплаченный урок").await;
    let ticket = id(&opened);
    assert_eq!((opened["status"].as_str(), opened["priority"].as_str()), (Some("open"), Some("high")));

    let list = olga.get_at(opened.position(), "/crm/tickets?category=Оплата").await.is(200);
    let row = &list.rows()[0];
    assert_eq!(row["title"], "Не вижу оплаченный урок");
    assert_eq!(row["requester_id"], anna.id.as_str());
    // The first response is due 60 business minutes after the question: within an hour, unless the desk is closed.
    let due: jiff::Timestamp = row["sla"]["first_response"]["due_at"].as_str().unwrap().parse().unwrap();
    let is_soon = due < in_hours(1);
    assert_eq!(row["sla"]["state"], if is_soon { "at_risk" } else { "on_track" }, "{row}");
    assert!(!row["requester_name"].as_str().unwrap().is_empty() && row["assignee_id"].is_null());

    let taken = acts(&olga, &ticket, "assign", json!({ "agent_id": "me" })).await.is(200);
    assert_eq!(taken["assignee_id"], olga.id.as_str());
    acts(&olga, &ticket, "status", json!({ "status": "in_progress" })).await.is(200);
    acts(&olga, &ticket, "replies", json!({ "body": "Проверяем платёж, подождите." })).await.is(201);
    acts(&olga, &ticket, "notes", json!({ "body": "Платёж завис у банка" })).await.is(201);
    acts(&olga, &ticket, "status", json!({ "status": "waiting" })).await.is(200);

    let seen = anna.get(&format!("/tickets/{ticket}")).await.is(200);
    assert_eq!(seen["status"], "waiting");
    assert_eq!(seen["replies"][0]["body"], "Проверяем платёж, подождите.");
    assert_eq!(seen["replies"][0]["from"], "agent");
    assert!(!seen.text().contains("завис"), "a note is for agents: {seen:?}");

    anna.post(&format!("/tickets/{ticket}/replies"), json!({ "body": "Хорошо, жду" })).await.is(201);
    let back = olga.get(&format!("/crm/tickets/{ticket}")).await.is(200);
    assert_eq!((&back["status"], back["replies"].as_array().unwrap().len()), (&json!("in_progress"), 2));
    assert_eq!(back["notes"][0]["body"], "Платёж завис у банка");

    anna.post(&format!("/tickets/{ticket}/satisfaction"), json!({ "rating": 5 }))
        .await
        .refused(409, "ticket_not_resolved");
    let resolved = acts(&olga, &ticket, "status", json!({ "status": "resolved" })).await.is(200);
    let user = olga.get_at(resolved.position(), &format!("/crm/users/{}", anna.id)).await.is(200);
    assert!(user["tickets_open"].as_i64().unwrap() <= 1, "only the welcome ticket may be open: {user:?}");
    acts(&olga, &ticket, "status", json!({ "status": "waiting" })).await.refused(409, "status_out_of_order");
    let rated = anna
        .post(&format!("/tickets/{ticket}/satisfaction"), json!({ "rating": 4, "comment": "Спасибо!" }))
        .await
        .is(200);
    assert_eq!((&rated["rating"], &rated["rating_comment"]), (&json!(4), &json!("Спасибо!")));
    let own = anna.get_at(rated.position(), "/tickets?status=resolved").await.is(200);
    assert_eq!((own.rows().len(), &own.rows()[0]["id"]), (1, &json!(ticket)));

    let timeline = olga.get_at(rated.position(), &format!("/crm/users/{}/timeline", anna.id)).await.is(200);
    let told: Vec<_> = timeline.rows().iter().filter_map(|row| row["text"].as_str()).collect();
    assert!(told.iter().any(|text| text.contains("4 из 5") || text.contains("4 of 5")), "{told:?}");
    let log = LogRow::all(&world.pool).await;
    let by = |event_type: &str| {
        let found = log.iter().find(|row| row.event_type == event_type);
        found.unwrap_or_else(|| panic!("no {event_type}")).metadata["actor"].clone()
    };
    for event_type in ["TicketAssigned", "StatusChanged", "ReplyAdded", "InternalNoteAdded"] {
        assert_eq!(by(event_type), olga.id.as_str(), "{event_type}");
    }
    assert_eq!(by("SatisfactionRated"), anna.id.as_str());
}

/// Agents find a word of an internal note; the requester and all other people find nothing.
#[tokio::test(flavor = "multi_thread")]
async fn notes_are_found_by_the_desk_and_by_nobody_else() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let boris = world.student().registers().await;
    let ticket = id(&asks(&anna, "Сменить время занятий").await);
    let noted = acts(&olga, &ticket, "notes", json!({ "body": "Позвонить классной руководительнице" })).await;
    let position = noted.is(201).position();
    assert_eq!(listed(&olga, position, "q=руководительница").await, std::slice::from_ref(&ticket));
    assert_eq!(listed(&olga, position, "q=занятие").await, std::slice::from_ref(&ticket));
    assert!(listed(&olga, position, "q=бухгалтерия").await.is_empty());
    let own = anna.get_at(position, &format!("/tickets/{ticket}")).await.is(200).text();
    let export = anna.get_at(position, "/me/export").await.is(200).text();
    let list = anna.get_at(position, "/tickets").await.is(200).text();
    assert!(export.contains("Сменить время занятий"));
    for text in [own, export, list] {
        assert!(!text.contains("руководительниц") && !text.contains("InternalNote"), "{text}");
    }
    boris.get(&format!("/tickets/{ticket}")).await.refused(404, "ticket_not_found");
    boris
        .post(&format!("/tickets/{ticket}/replies"), json!({ "body": "?" }))
        .await
        .refused(404, "ticket_not_found");
    boris.get(&format!("/crm/tickets/{ticket}")).await.refused(403, "forbidden");
    let position = anna.erases_themselves().await.position();
    assert!(listed(&olga, position, "q=руководительница").await.is_empty());
    let left = olga.get_at(position, &format!("/crm/tickets/{ticket}")).await.is(200);
    assert!(left["title"].is_null() && left["notes"][0]["body"].is_null(), "{left:?}");
}

/// A bulk action returns a result for each ticket, and has one correlation id.
#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_action_has_a_result_for_each_ticket() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let (one, two) = (id(&asks(&anna, "первый").await), id(&asks(&anna, "второй").await));
    acts(&olga, &two, "status", json!({ "status": "closed" })).await.is(200);
    let nobody = "01890000-0000-7000-8000-00000000abcd";
    let body = json!({ "ids": [one, two, nobody], "action": "priority", "priority": "urgent" });
    let done = olga.post("/crm/tickets/bulk", body).await.is(200);
    assert_eq!(
        done["results"],
        json!([
            { "id": one, "ok": true },
            { "id": two, "ok": false, "code": "ticket_closed" },
            { "id": nobody, "ok": false, "code": "ticket_not_found" },
        ])
    );
    let body = json!({ "ids": [one, two], "action": "tags", "tags": ["разобрано"] });
    let done = olga.post("/crm/tickets/bulk", body).await.is(200);
    assert_eq!(listed(&olga, done.position(), "tag=разобрано&sort=opened_at").await, [one.clone(), two]);
    let log = LogRow::all(&world.pool).await;
    let correlations: Vec<_> = log
        .iter()
        .filter(|row| row.event_type == "TagsChanged")
        .map(|row| row.metadata["correlation_id"].clone())
        .collect();
    assert!(correlations.len() == 2 && correlations[0] == correlations[1], "{correlations:?}");
    for (bad, status) in [
        (json!({ "ids": [], "action": "unassign" }), 422),
        (json!({ "ids": [one], "action": "explode" }), 422),
        (json!({ "ids": [one], "action": "status" }), 422),
        (json!({ "ids": [one], "action": "status", "status": "lost" }), 422),
    ] {
        olga.post("/crm/tickets/bulk", bad).await.is_problem().is(status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_go_to_whoever_has_the_fewest_tickets_and_say_why() {
    let world = World::start().await;
    let admin = world.admin().await;
    let anna = world.student().registers().await;
    let first = id(&asks(&anna, "никого нет").await);
    acts(&admin, &first, "assign", json!({ "agent_id": "auto" })).await.refused(409, "no_agent_available");
    let agents = [world.support(&admin).await, world.support(&admin).await];
    let mut had = [0, 0];
    for n in 0..4 {
        let ticket = id(&asks(&anna, &format!("вопрос {n}")).await);
        let assigned = acts(&agents[0], &ticket, "assign", json!({ "agent_id": "auto" })).await.is(200);
        let place = agents.iter().position(|agent| assigned["assignee_id"] == agent.id.as_str()).unwrap();
        had[place] += 1;
    }
    assert_eq!(had, [2, 2]);
    acts(&admin, &first, "assign", json!({ "agent_id": anna.id })).await.is_problem().is(422);
    acts(&admin, &first, "assign", json!({ "agent_id": agents[1].id })).await.is(200);
    let freed = acts(&admin, &first, "assign", json!({ "agent_id": null })).await.is(200);
    assert!(freed["assignee_id"].is_null());
    let log = LogRow::all(&world.pool).await;
    let assigned: Vec<_> = log.iter().filter(|row| row.event_type == "TicketAssigned").collect();
    let payload: Value = serde_json::from_str(&assigned[0].payload).unwrap();
    let first_turn = &payload["TicketAssigned"];
    assert_eq!(first_turn["by"], "round_robin");
    let candidates = first_turn["candidates"].as_array().unwrap();
    assert!(candidates.len() == 2 && candidates.iter().all(|who| who["open_tickets"] == 0), "{first_turn}");
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_merged_and_separated_and_no_change_goes_over_anothers() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let (one, two) = (id(&asks(&anna, "дважды").await), id(&asks(&anna, "дважды").await));
    acts(&olga, &two, "merge", json!({ "into": two })).await.refused(409, "merge_into_itself");
    let merged = acts(&olga, &two, "merge", json!({ "into": one })).await.is(200);
    assert_eq!((&merged["status"], &merged["merged_into"]), (&json!("closed"), &json!(one)));
    acts(&olga, &one, "merge", json!({ "into": two })).await.refused(409, "ticket_merged");
    acts(&olga, &two, "replies", json!({ "body": "?" })).await.refused(409, "ticket_merged");
    let target = olga.get(&format!("/crm/tickets/{one}")).await.is(200);
    assert_eq!(target["duplicates"], json!([two]));
    assert_eq!(
        listed(&olga, merged.position(), "status=open&category=Оплата").await,
        std::slice::from_ref(&one)
    );
    let apart = olga.call("POST", &format!("/crm/tickets/{two}/unmerge")).send().await.is(200);
    assert_eq!((&apart["status"], apart["merged_into"].is_null()), (&json!("open"), true));
    olga.call("POST", &format!("/crm/tickets/{two}/unmerge")).send().await.refused(409, "ticket_not_merged");

    let path = format!("/crm/tickets/{one}");
    olga.patch(&path, json!({ "priority": "low" })).await.refused(428, "if_match_required");
    let seen = olga.get(&path).await.is(200);
    let change =
        |body: Value| olga.call("PATCH", &path).header("if-match", seen.header("etag")).json(&body).send();
    let changed = change(json!({ "priority": "low", "category": "Уроки" })).await.is(200);
    assert_eq!((&changed["priority"], &changed["category"]), (&json!("low"), &json!("Уроки")));
    change(json!({ "priority": "urgent" })).await.refused(412, "stale_version");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_link_rates_its_ticket_without_a_session_and_no_other() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let anna = world.student().registers().await;
    let body = json!({
        "requester_id": anna.id, "title": "Перезвонить", "description": "Просила по телефону", "category": "Звонки",
    });
    let ticket = id(&olga.post("/crm/tickets", body).await.is(201));
    let path = format!("/tickets/{ticket}");
    assert!(anna.get(&path).await.is(200)["rating_token"].is_null(), "it is not resolved yet");
    acts(&olga, &ticket, "status", json!({ "status": "resolved" })).await.is(200);
    assert!(!olga.get(&format!("/crm/tickets/{ticket}")).await.is(200).text().contains("rating_token"));
    let token = anna.get(&path).await.is(200)["rating_token"].as_str().expect("a token").to_owned();
    let rates = async |token: &str| {
        world.client().post(&format!("/ticket-ratings/{token}"), &json!({ "rating": 5 })).await
    };
    let mut forged = token.clone();
    forged.replace_range(0..1, if token.starts_with('A') { "B" } else { "A" });
    rates(&forged).await.refused(404, "ticket_not_found");
    rates(&token).await.is(204);
    rates(&token).await.is(204);
    let rated = anna.get(&path).await.is(200);
    assert!(rated["rating"] == 5 && rated["rating_token"].is_null(), "{rated:?}");
}

/// An analyst sees masked data, an invalid filter is a 400, and an export is a file.
#[tokio::test(flavor = "multi_thread")]
async fn lists_are_masked_filtered_and_exported() {
    let world = World::start().await;
    let admin = world.admin().await;
    let olga = world.support(&admin).await;
    let analyst = world.analyst(&admin).await;
    let anna = world.student().registers().await;
    let contact = json!({
        "title": "=1+1", "description": "Пишите на mama.anny@example.org или +7 999 123-45-67", "category": "Прочее",
    });
    let opened = anna.post("/tickets", contact).await.is(201);
    let position = opened.position();
    let full = olga.get_at(position, "/crm/tickets?category=Прочее&include=total").await.is(200);
    assert_eq!((full.rows().len(), &full["page"]["total"]), (1, &json!(1)));
    assert!(full.text().contains("mama.anny@example.org"));
    let masked = analyst.get_at(position, "/crm/tickets?category=Прочее").await.is(200).text();
    assert!(
        masked.contains("•••") && !masked.contains("mama.anny") && !masked.contains("123-45"),
        "{masked}"
    );
    let one = analyst.get(&format!("/crm/tickets/{}", id(&opened))).await.is(200).text();
    assert!(!one.contains("mama.anny"), "{one}");
    acts(&analyst, &id(&opened), "notes", json!({ "body": "?" })).await.refused(403, "forbidden");
    let csv = olga.call("GET", "/crm/tickets?category=Прочее").header("accept", "text/csv").send().await;
    let csv = csv.is(200).text();
    assert!(csv.starts_with("\u{feff}id,title,") && csv.contains("'=1+1"), "{csv}");
    for query in
        ["status=lost", "sort=mood", "assignee=x", "requester=x", "sla=x", "colour=red", "priority=low,"]
    {
        olga.get(&format!("/crm/tickets?{query}")).await.is_problem().is(400);
    }
    eventually("the welcome tickets are in the list of the desk", || async {
        let list = olga.get("/crm/tickets?category=Новые%20пользователи&sla=none").await.is(200);
        if list.rows().is_empty() { Err(format!("{list:?}")) } else { Ok(()) }
    })
    .await;
}
