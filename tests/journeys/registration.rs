//! A registration, and every place that learns of it.

use std::collections::BTreeSet;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::{LogRow, Person, Secrets, World, differences, eventually};

/// The journey of the README: register → event → NATS → read model → external CRM → audit.
///
/// The external CRM gets the fields of its contract. The registration does not wait for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_registers_and_everybody_who_should_know_knows() {
    let world = World::start().await;
    let admin = world.admin().await;
    let (analyst, auditor) = (world.analyst(&admin).await, world.auditor(&admin).await);
    eventually("the staff's own deliveries are over", || async {
        let backlog = admin.get("/admin/crm/integration").await.ok()["backlog"].clone();
        if backlog == 0 { Ok(()) } else { Err(format!("backlog {backlog}")) }
    })
    .await;
    world.crm.forgets_everything().await;

    let anna = world.student().registers().await;
    let me = anna.get("/me").await.is(200);
    assert_eq!(me["id"], anna.id.as_str());
    assert_eq!(me["email"], anna.email.as_str());
    assert_eq!(me["roles"], json!(["student"]));
    assert_eq!(me["status"], "active");

    let fact = the_event_is_in_the_log(&world, &anna).await;
    the_message_is_in_the_stream(&world, &fact).await;
    the_analyst_sees_her(&analyst, &anna).await;
    the_external_crm_has_her(&world, &anna).await;
    the_auditor_reads_it(&auditor, &anna, &fact).await;
}

async fn the_event_is_in_the_log(world: &World, anna: &Person) -> LogRow {
    let log = LogRow::all(&world.pool).await;
    let of_anna = |row: &&LogRow| row.aggregate_type == "Account" && row.aggregate_id == anna.id;
    let fact = log.iter().find(of_anna).expect("her stream has an event").clone();
    assert_eq!((fact.event_type.as_str(), fact.sequence), ("AccountRegistered", 1));
    assert!(fact.position <= anna.position, "{} after {}", fact.position, anna.position);
    assert_eq!(fact.metadata["actor"], anna.id.as_str());
    assert_eq!(fact.metadata["source"], "api");
    assert!(fact.metadata["command_id"].is_string() && fact.metadata["correlation_id"].is_string());
    let readable = Secrets::of_person(anna).found_in(&format!("{fact:?}"));
    assert_eq!(readable, Vec::<String>::new(), "what is personal in an event is sealed");
    fact
}

async fn the_message_is_in_the_stream(world: &World, fact: &LogRow) {
    let message = eventually("the event is in the stream", || async {
        let messages = world.stream.messages().await?;
        messages.into_iter().find(|message| message.sequence == fact.position).ok_or("not there yet".into())
    })
    .await;
    let header = |name: &str| message.headers.get(name).map(String::as_str).unwrap_or_default();
    assert_eq!(message.body, fact.payload);
    assert_eq!(header("ce-specversion"), "1.0");
    assert_eq!(header("ce-type"), "AccountRegistered");
    assert_eq!(header("ce-source"), "/kafedra/Account");
    assert_eq!(header("ce-subject"), fact.aggregate_id);
    assert_eq!(header("kafedra-leaf-hash"), fact.leaf_hash);
    assert_eq!(header("kafedra-sequence"), fact.sequence.to_string());
    assert_eq!(header("kafedra-event-version"), fact.event_version);
    let metadata: Value = serde_json::from_str(header("kafedra-metadata")).expect("metadata is JSON");
    assert_eq!(metadata, fact.metadata);
    assert_eq!(header("ce-id"), header("Nats-Msg-Id"));
    assert!(header("ce-time").ends_with('Z'), "{message:?}");
    let words: Vec<&str> = message.subject.split('.').collect();
    assert_eq!(words[..3], [&world.stream.name, "v1", "accounts"], "{}", message.subject);
    assert!(words[3].len() == 2 && words[3].parse::<u8>().is_ok_and(|shard| shard < 16), "{}", words[3]);
    assert_eq!(words.last(), Some(&"AccountRegistered"));
}

async fn the_analyst_sees_her(analyst: &Person, anna: &Person) {
    let user = analyst.get_at(anna.position, &format!("/crm/users/{}", anna.id)).await.is(200);
    assert_eq!((&user["type"], &user["status"]), (&json!("student"), &json!("active")));
    assert!(user["registered_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{user:?}");
    let timeline = analyst.get_at(anna.position, &format!("/crm/users/{}/timeline", anna.id)).await.is(200);
    let registered = timeline.rows().iter().find(|row| row["type"] == "AccountRegistered");
    assert!(registered.is_some_and(|row| row["text"].as_str().is_some_and(|text| !text.is_empty())));
}

async fn the_external_crm_has_her(world: &World, anna: &Person) {
    let (users, tickets) = eventually("the CRM has the user and the welcome ticket", || async {
        let (users, tickets) = (world.crm.get("/users/stats").await, world.crm.get("/tickets/stats").await);
        if users["total"] == 1 && tickets["total"] == 1 {
            Ok((users, tickets))
        } else {
            Err(format!("{users}"))
        }
    })
    .await;
    for (figure, value) in [("students", 1), ("tutors", 0), ("active", 1), ("newThisMonth", 1)] {
        assert_eq!(users[figure], value, "{figure}: {users}");
    }
    assert_eq!((&tickets["open"], &tickets["medium"]), (&json!(1), &json!(1)), "{tickets}");
    let (user, ticket) = (&world.crm.users().await[0], &world.crm.tickets().await[0]);
    assert_eq!(user["name"], anna.name.as_str());
    assert_eq!(user["email"], anna.email.as_str());
    assert_eq!(user["phone"], anna.phone.as_str());
    assert_eq!((&user["type"], &user["subjects"]), (&json!("student"), &json!(["Общие предметы"])));
    assert_eq!(ticket["title"], format!("Добро пожаловать, {}!", anna.name));
    let description = "Новый пользователь ученика зарегистрировался на платформе. Необходимо проверить профиль \
                       и при необходимости связаться для уточнения деталей.";
    assert_eq!(ticket["description"], description);
    assert_eq!(ticket["category"], "Новые пользователи");
    assert_eq!(ticket["tags"], json!(["регистрация", "новый пользователь", "ученика"]));
    assert_eq!(ticket["createdBy"], anna.id.as_str());
    let calls = world.crm.log().await;
    let place = |path: &str| {
        calls.iter().position(|call| call["method"] == "POST" && call["path"].as_str() == Some(path))
    };
    assert!(place("/api/users") < place("/api/tickets"), "the user first, then the ticket: {calls:?}");
}

async fn the_auditor_reads_it(auditor: &Person, anna: &Person, fact: &LogRow) {
    let path = format!("/audit/events?stream_type=Account&stream_id={}", anna.id);
    let answer = auditor.get(&path).await.is(200);
    let event = &answer.rows()[0];
    assert_eq!(event["position"], fact.position);
    assert_eq!(event["type"], "AccountRegistered");
    assert_eq!(event["stream_type"], "Account");
    assert_eq!(event["stream_id"], anna.id.as_str());
    assert_eq!(event["sequence"], 1);
    assert_eq!(event["leaf_hash"], fact.leaf_hash.as_str());
    assert!(event["recorded_at"].is_string() && event["metadata"]["actor"] == anna.id.as_str());
    for (accept, lines) in [("text/csv", 2), ("application/x-ndjson", 1)] {
        let path = format!("{path}&type=AccountRegistered");
        let export = auditor.call("GET", &path).header("accept", accept).send().await.is(200);
        assert!(export.header("content-type").starts_with(accept), "{export:?}");
        assert_eq!(export.text().trim_end().lines().count(), lines, "{export:?}");
    }
}

/// A repeated request with the same key gets the same account.
#[tokio::test(flavor = "multi_thread")]
async fn a_registration_sent_again_is_answered_again_with_a_working_token() {
    let world = World::start().await;
    let boris = world.teacher();
    let send = || world.client().call("POST", "/accounts").key("boris-1").json(&boris.form()).send();
    let answers = join_all((0..5).map(|_| send())).await;
    let mut ids = BTreeSet::new();
    for answer in answers.into_iter().chain([send().await]) {
        if answer.status == 409 {
            answer.refused(409, "idempotency_key_in_use");
            continue;
        }
        let boris = boris.clone().became(&answer.is(201));
        boris.get("/me").await.is(200);
        ids.insert(boris.id);
    }
    assert_eq!(ids.len(), 1, "{ids:?}");
    let again = send().await.is(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let registrations = LogRow::all(&world.pool).await;
    let registrations = registrations.iter().filter(|row| row.event_type == "AccountRegistered").count();
    assert_eq!(registrations, 1);

    // Strangers do not share keys: another request under the same key is that of another person.
    let other = world.teacher();
    let theirs = world.client().call("POST", "/accounts").key("boris-1").json(&other.form()).send().await;
    assert!(!ids.contains(&other.became(&theirs.is(201)).id));
}

/// An address is unique in any spelling, also for concurrent requests on several processes.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_belongs_to_one_person_however_it_is_written() {
    let world = World::start().await;
    let second = world.another_app().await;
    let first = world.student();
    let upper = first.email.to_uppercase();
    let spellings = [first.email.clone(), upper, format!(" {} ", first.email), first.email.to_lowercase()];
    let clients = [world.client(), &second.client];
    let tries = (0..12).map(|n| {
        let mut form = world.student().form();
        form["email"] = json!(spellings[n % spellings.len()]);
        let client = clients[n % 2];
        async move { client.post("/accounts", &form).await }
    });
    let answers = join_all(tries).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(taken.len(), 1, "{taken:?}");
    for answer in refused {
        answer.refused(409, "email_taken");
    }
    let mut form = world.student().form();
    form["nickname"] = taken[0]["/account/nickname"].clone();
    world.client().post("/accounts", &form).await.refused(409, "nickname_taken");
}

/// The set of roles is closed, and the answer names every invalid field at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_is_not_sound_says_every_field_that_is_wrong() {
    let world = World::start().await;
    for role in ["admin", "auditor", "analyst", "support", "root", ""] {
        let mut form = world.student().form();
        form["role"] = json!(role);
        let refused = world.client().post("/accounts", &form).await.is_problem();
        assert!(matches!(refused.status, 403 | 409 | 422), "{refused:?}");
    }
    let form =
        json!({ "email": "nobody", "password": "short", "name": " ", "nickname": "?", "role": "student" });
    let refused = world.client().post("/accounts", &form).await.is_problem().is(422);
    let pointers: BTreeSet<&str> =
        refused["errors"].as_array().expect("errors").iter().filter_map(|e| e["pointer"].as_str()).collect();
    assert_eq!(pointers, BTreeSet::from(["/email", "/name", "/nickname", "/password"]), "{refused:?}");
    world.client().post("/accounts", &json!({})).await.is_problem().is(422);
    let log = LogRow::all(&world.pool).await;
    assert!(log.is_empty(), "{log:?}");
}

/// Ids never collide, and the log has no gap, however many registrations come at once.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_at_once_on_two_processes_are_sixty_people() {
    let world = World::start().await;
    let second = world.another_app().await;
    let people = join_all((0..60).map(|n| {
        let mut new = world.student();
        if n % 2 == 0 {
            new.client = second.client.clone();
        }
        new.registers()
    }));
    let ids: BTreeSet<String> = people.await.into_iter().map(|person| person.id).collect();
    assert_eq!(ids.len(), 60);
    eventually("the CRM has sixty users and sixty tickets", || async {
        let (users, tickets) = (world.crm.users().await.len(), world.crm.tickets().await.len());
        if (users, tickets) == (60, 60) { Ok(()) } else { Err(format!("{users} users, {tickets} tickets")) }
    })
    .await;
    eventually("the stream is the log", || async {
        let (log, stream) = (LogRow::all(&world.pool).await, world.stream.messages().await?);
        let wrong = differences(&log, &stream);
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    })
    .await;
}
