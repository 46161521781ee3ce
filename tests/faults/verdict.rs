//! Verdict from outside: acknowledged = log = stream = every read model = CRM.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use commands::{Bus, LogSettings, MasterKey, compare_claims};
use domain::SystemClock;
use serde_json::Value;
use sqlx::Row;
use sqlx::postgres::PgRow;
use tests::{LogRow, Person, World, all_have_caught_up, differences, eventually_within, read_models};

/// Long enough for a thousand deliveries on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(120);

/// State that was acknowledged to one person and must therefore hold.
#[derive(Clone, Debug)]
pub struct Expected {
    pub person: Person,
    /// `active`, `suspended` or `erased`.
    pub status: &'static str,
    pub phone: Option<String>,
    /// Number of events of a type in the person's stream: at least and at most.
    pub events: BTreeMap<&'static str, (u64, u64)>,
}

impl Expected {
    pub fn registered(person: Person) -> Self {
        let phone = Some(person.phone.clone());
        let events = BTreeMap::from([("AccountRegistered", (1, 1))]);
        Self { person, status: "active", phone, events }
    }
}

/// Checks everything; `admin` reads the progress of the event handlers.
///
/// # Panics
/// If anything acknowledged is missing, duplicated or different anywhere.
pub async fn all_is_well(world: &World, admin: &Person, people: &[Expected]) {
    eventually_within(TIMEOUT, "the database answers", || async {
        sqlx::query("select 1").execute(&world.pool).await.map(drop).map_err(|error| error.to_string())
    })
    .await;
    let log = at_rest(world, admin).await;
    every_person_is_once_in_the_log(&log, people);
    every_command_is_there_at_most_once(world).await;
    the_read_model_has_exactly_them(world, &log, people).await;
    the_crm_has_exactly_them(world, people).await;
    the_claims_are_those_of_the_log(world).await;
    every_read_model_is_what_a_rebuild_would_make(world, admin).await;
}

/// Waits until nothing is in flight and the stream equals the log.
async fn at_rest(world: &World, admin: &Person) -> Vec<LogRow> {
    let before = AtomicUsize::new(0);
    eventually_within(TIMEOUT, "nothing is in flight", || async {
        let log = LogRow::all(&world.pool).await;
        let has_grown = before.swap(log.len(), Ordering::Relaxed) != log.len();
        match (on_its_way(world, admin, &log).await, has_grown) {
            (Ok(()), false) => Ok(log),
            (instead, _) => {
                // Gives time to what is in flight.
                tokio::time::sleep(Duration::from_millis(300)).await;
                Err(instead.err().unwrap_or_else(|| "the log still grows".into()))
            }
        }
    })
    .await
}

async fn on_its_way(world: &World, admin: &Person, log: &[LogRow]) -> Result<(), String> {
    let wrong = differences(log, &world.stream.messages().await?);
    if !wrong.is_empty() {
        return Err(format!("{} differences between log and stream, {}", wrong.len(), wrong[0]));
    }
    all_have_caught_up(admin).await?;
    let integration = admin.call("GET", "/admin/crm/integration").attempt().await;
    let integration = integration.map_err(|error| error.to_string())?;
    if integration["backlog"] == 0 { Ok(()) } else { Err(format!("{integration:?}")) }
}

fn every_person_is_once_in_the_log(log: &[LogRow], people: &[Expected]) {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for row in log.iter().filter(|row| row.aggregate_type == "Account") {
        *counts.entry((&row.aggregate_id, &row.event_type)).or_default() += 1;
    }
    let mut wrong = Vec::new();
    for expected in people {
        for (event, (least, most)) in &expected.events {
            let count = counts.get(&(expected.person.id.as_str(), *event)).copied().unwrap_or(0);
            if !(*least..=*most).contains(&count) {
                wrong.push(format!("{}: {event} {count} times, not {least} to {most}", expected.person.id));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The events of each command are those of its receipt: no command was carried out twice, not even at positions
/// that follow each other.
async fn every_command_is_there_at_most_once(world: &World) {
    let outside: Vec<i64> = sqlx::query_scalar(
        "select event.position
         from log.events as event
         left join log.commands as command on command.command_id = (event.metadata ->> 'command_id')::uuid
         where command.command_id is null
            or event.position not between command.first_position and command.last_position
         order by event.position",
    )
    .fetch_all(&world.pool)
    .await
    .expect("the log can be read");
    assert_eq!(outside, [] as [i64; 0], "events that no receipt covers");
}

/// Rows as analysts read them with SQL; the journeys cover the API.
async fn the_read_model_has_exactly_them(world: &World, log: &[LogRow], people: &[Expected]) {
    let rows = sqlx::query("select account_id::text as id, email, phone, status from crm.users");
    let rows = rows.fetch_all(&world.pool).await.expect("the read model can be read");
    let text = |row: &PgRow, column: &str| row.get::<Option<String>, _>(column).unwrap_or_default();
    let shown: BTreeMap<String, &PgRow> = rows.iter().map(|row| (text(row, "id"), row)).collect();
    let mut wrong = Vec::new();
    for expected in people {
        let (email, phone) = match expected.status {
            "erased" => (String::new(), String::new()),
            _ => (expected.person.email.clone(), expected.phone.clone().unwrap_or_default()),
        };
        let due = (email, phone, expected.status.to_owned());
        let row = shown.get(&expected.person.id);
        let there = row.map(|row| (text(row, "email"), text(row, "phone"), text(row, "status")));
        let is_gone = expected.status == "erased" && there.is_none();
        if there.as_ref() != Some(&due) && !is_gone {
            wrong.push(format!("{}: {due:?} was acknowledged, {there:?} is shown", expected.person.id));
        }
    }
    let registered = log.iter().filter(|row| row.event_type == "AccountRegistered");
    let registered: BTreeSet<&str> = registered.map(|row| row.aggregate_id.as_str()).collect();
    wrong.extend(shown.keys().filter(|id| !registered.contains(id.as_str())).cloned());
    assert_eq!(wrong, Vec::<String>::new());
}

async fn the_crm_has_exactly_them(world: &World, people: &[Expected]) {
    let mut users: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for user in world.crm.users().await {
        users.entry(user["email"].as_str().unwrap_or_default().to_owned()).or_default().push(user);
    }
    let mut tickets: BTreeMap<String, usize> = BTreeMap::new();
    for ticket in world.crm.tickets().await {
        *tickets.entry(ticket["createdBy"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    let mut wrong = Vec::new();
    for expected in people {
        let there = users.get(&expected.person.email).map(Vec::as_slice).unwrap_or_default();
        let count = tickets.get(&expected.person.id).copied().unwrap_or(0);
        let sound = match expected.status {
            "erased" => there.is_empty() && count <= 1,
            status => {
                matches!(there, [user] if user["status"] == status
                    && user["phone"].as_str().unwrap_or_default() == expected.phone.as_deref().unwrap_or_default())
                    && count == 1
            }
        };
        if !sound {
            wrong.push(format!("{} {:?}: {there:?}, {count} tickets", expected.person.id, expected.status));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

async fn the_claims_are_those_of_the_log(world: &World) {
    let master = MasterKey::new(world.master_key);
    let options = (*world.pool.connect_options()).clone();
    let bus =
        Bus::start(options, &master, Arc::new(SystemClock), LogSettings::default()).await.expect("the log");
    let differences = compare_claims(bus.log(), &world.pool, &master).await.expect("the log can be read");
    assert!(differences.is_empty(), "{differences:?}");
    let claims = sqlx::query("select count(*) as held from log.unique_claims").fetch_one(&world.pool).await;
    assert!(claims.expect("a count").get::<i64, _>("held") > 0);
    bus.shutdown().await;
}

async fn every_read_model_is_what_a_rebuild_would_make(world: &World, admin: &Person) {
    for model in read_models(admin).await {
        let compared = world.kafedra(&["replay", "--model", &model]).await;
        let words = [compared.stdout, compared.stderr].concat();
        assert!(compared.status.success(), "{model}: {}", String::from_utf8_lossy(&words));
    }
}
