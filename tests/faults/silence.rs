//! Connections that fall silent without closing: nothing waits for them for long.

use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::json;
use tests::{Answer, Call, HttpClient, LogRow, Newcomer, Person, Settings, World, eventually, random_u64};
use tokio::time::sleep;

use crate::insistent::insists;
use crate::verdict::{Expected, all_is_well};

/// Longer than the deadline of a request, and than each deadline of what it needs.
const FROZEN: Duration = Duration::from_secs(40);
/// Groups of requests, and the pause between them: requests are sent during the whole freeze.
const GROUPS: u32 = 10;
const PAUSE: Duration = Duration::from_secs(4);
/// Three times the deadline of a request, for a busy machine. What takes longer hangs.
const HANGS_AFTER: Duration = Duration::from_secs(90);

/// Every open connection to Postgres is silent, and new ones are not: a route that changed, a firewall that forgot.
#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_to_postgres_are_replaced() {
    let mut world = World::with(Settings { own_servers: true, ..Settings::default() }).await;
    let anna = world.student().registers().await;
    for round in 0..2 {
        world.proxies.as_ref().expect("this world has proxies").postgres.silence();
        eventually("people are served again", || async {
            let read = anna.call("GET", "/me").attempt().await.map_err(|error| format!("{error:?}"))?;
            if read.status == 200 { Ok(()) } else { Err(format!("{read:?}")) }
        })
        .await;
        let body = json!({ "city": format!("City {round}") });
        eventually("what they send is written again", || async {
            let sent = anna.call("PATCH", "/me/profile").json(&body).attempt().await;
            let sent = sent.map_err(|error| format!("{error:?}"))?;
            if sent.status == 200 { Ok(()) } else { Err(format!("{sent:?}")) }
        })
        .await;
        let new = world.student();
        eventually("read models follow again", || async {
            let answer = new.client.call("POST", "/accounts").key("new").json(&new.form()).attempt().await;
            let answer = answer.map_err(|error| format!("{error:?}"))?;
            if answer.status == 201 { Ok(()) } else { Err(format!("{answer:?}")) }
        })
        .await;
    }
    assert!(world.app.is_alive());
}

/// Every OS process of Postgres stands still for 40 s, and until all requests have their answers. What is sent
/// meanwhile is refused in time or carried out; afterwards it is repeated under its key at the other process.
#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_postgres_keeps_no_request_waiting_and_loses_and_doubles_nothing() {
    let mut world = World::with(Settings { own_servers: true, ..Settings::default() }).await;
    let mut second = world.another_app().await;
    let admin = world.admin().await;
    let doors = [world.client().clone(), second.client.clone()];
    let anna = world.student().registers().await;
    let before: Vec<u64> = doors.iter().map(HttpClient::acknowledged).collect();

    let groups = (0..GROUPS).map(|group| {
        let (doors, anna) = (&doors, &anna);
        async move {
            sleep(PAUSE * group).await;
            join_all((0..4).map(|n| Attempts::send(doors, n % 2, anna))).await
        }
    });
    let freeze = async {
        // The first change is acknowledged and others are on their way, in each of their steps.
        while doors.iter().map(HttpClient::acknowledged).eq(before.iter().copied()) {
            sleep(Duration::from_millis(1)).await;
        }
        (world.servers.freezes_postgres(), Instant::now())
    };
    let (attempts, (frozen, since)) = futures::join!(join_all(groups), freeze);
    sleep(FROZEN.saturating_sub(since.elapsed())).await;
    drop(frozen);

    let attempts: Vec<Attempts> = attempts.into_iter().flatten().collect();
    let refused = attempts.iter().filter(|attempt| attempt.ticket.status == 503).count();
    assert!(refused > attempts.len() / 2, "{refused} of {} were refused: was it frozen?", attempts.len());
    let tickets = attempts.len();
    let people = join_all(attempts.into_iter().map(|attempt| attempt.repeat(&doors, &anna))).await;
    assert!(world.app.is_alive() && second.is_alive());
    for app in [&mut world.app, &mut second] {
        app.is_ready().await;
    }
    all_is_well(&world, &admin, &people).await;
    // A student also gets a ticket of welcome.
    let log = LogRow::all(&world.pool).await;
    let opened = log.iter().filter(|row| row.event_type == "TicketOpened").count();
    assert_eq!(opened, tickets + people.len() + 1);
}

/// Requests of each kind, sent once: without an account, with one, with a key and without, and a read.
struct Attempts {
    door: usize,
    newcomer: Newcomer,
    key: String,
    registration: Answer,
    ticket: Answer,
}

impl Attempts {
    async fn send(doors: &[HttpClient], door: usize, anna: &Person) -> Self {
        let client = &doors[door];
        let (newcomer, key) = (Newcomer::new(client, "student"), format!("{:016x}", random_u64()));
        let anna = anna.through(client);
        let city = json!({ "city": format!("City {key}") });
        let (registration, ticket, _, _, alive) = futures::join!(
            is_answered(registration(client, &newcomer, &key)),
            is_answered(ticket(&anna, &key)),
            is_answered(anna.call("PATCH", "/me/profile").json(&city)),
            is_answered(anna.call("GET", "/me")),
            is_answered(client.call("GET", "/health/live")),
        );
        alive.is(200);
        Self { door, newcomer, key, registration, ticket }
    }

    /// Repeats both requests under their keys at the other process. What was acknowledged is there.
    async fn repeat(self, doors: &[HttpClient], anna: &Person) -> Expected {
        let other = &doors[1 - self.door];
        let again = insists(|| registration(other, &self.newcomer, &self.key)).await.answer.is(201);
        if self.registration.status == 201 {
            assert_eq!(again["/account/id"], self.registration["/account/id"]);
        }
        let anna = anna.through(other);
        let opened = insists(|| ticket(&anna, &self.key)).await.answer.is(201);
        if self.ticket.status == 201 {
            assert_eq!(opened["id"], self.ticket["id"]);
        }
        Expected::registered(self.newcomer.became(&again))
    }
}

fn registration(client: &HttpClient, newcomer: &Newcomer, key: &str) -> Call {
    client.call("POST", "/accounts").key(key).json(&newcomer.form())
}

fn ticket(person: &Person, key: &str) -> Call {
    let ticket = json!({
        "title": format!("Урок {key}"), "description": "Белая страница.", "category": "Сайт", "priority": "high",
    });
    person.call("POST", "/tickets").key(key).json(&ticket)
}

/// A success, or a refusal that says when to try again; in time either way.
async fn is_answered(call: Call) -> Answer {
    let answer = call.timeout(HANGS_AFTER).attempt().await;
    let answer = answer.unwrap_or_else(|error| panic!("no answer in {HANGS_AFTER:?}: {error:?}"));
    if answer.status == 503 {
        assert!(!answer.header("retry-after").is_empty(), "{answer:?}");
        return answer.is_problem();
    }
    answer.ok()
}
