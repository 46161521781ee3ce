//! Random test: 32 writers over two processes, random commands, random faults, one verdict.

use std::time::{Duration, Instant};

use futures::future::join_all;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rustix::process::Signal;
use serde_json::json;
use tests::{App, Crm, HttpClient, Newcomer, Person, Proxies, Servers, Settings, World, random_u64, signal};

use crate::insistent::{insists_at_each, registers_at_each};
use crate::verdict::{Expected, all_is_well};

const WRITERS: u64 = 32;

/// Duration of the writing under one seed.
const SPELL: Duration = Duration::from_secs(7);

/// After any series of faults, every acknowledged command is everywhere once, and nothing else is.
/// `KAFEDRA_SEEDS` is the number of series (10), `KAFEDRA_SEED` the first seed; each is printed.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_everywhere_once_whatever_fails() {
    let first = number("KAFEDRA_SEED").unwrap_or_else(|| random_u64() % 1_000_000);
    let mut settings = Settings { own_servers: true, ..Settings::default() };
    settings.environment.push(("KAFEDRA_CRM__TIMEOUT_MS", "1500".into()));
    settings.environment.push(("KAFEDRA_CRM__MAX_ATTEMPTS", "1000".into()));
    let mut world = World::with(settings).await;
    let mut second = world.another_app().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let mut people = Vec::new();
    for seed in (first..).take(number("KAFEDRA_SEEDS").unwrap_or(10) as usize) {
        let started = Instant::now();
        eprintln!("seed {seed}");
        people.extend(one_spell(&mut world, &mut second, &support, seed).await);
        all_is_well(&world, &admin, &people).await;
        eprintln!("seed {seed}: {} people so far, {:?}", people.len(), started.elapsed());
    }
}

async fn one_spell(world: &mut World, second: &mut App, support: &Person, seed: u64) -> Vec<Expected> {
    let clients = [world.app.client.clone(), second.client.clone()];
    let end = Instant::now() + SPELL;
    let writers = (0..WRITERS).map(|n| {
        let rng = StdRng::seed_from_u64(seed * 1_000 + n);
        Writer { clients: clients.clone(), support: support.clone(), rng, people: Vec::new() }.writes(end)
    });
    let wrecker = Wrecker {
        apps: [&mut world.app, second],
        servers: &world.servers,
        proxies: world.proxies.as_ref().expect("this world has proxies"),
        crm: &world.crm,
        rng: StdRng::seed_from_u64(seed),
    };
    let (people, ()) = futures::join!(join_all(writers), wrecker.wrecks(end));
    people.into_iter().flatten().collect()
}

/// Acts on its own people, one after another, and remembers the answers.
struct Writer {
    clients: [HttpClient; 2],
    support: Person,
    rng: StdRng,
    people: Vec<Expected>,
}

impl Writer {
    async fn writes(mut self, end: Instant) -> Vec<Expected> {
        while Instant::now() < end {
            // What has no answer at one process is repeated at the other one.
            self.clients.shuffle(&mut self.rng);
            let clients = self.clients.clone();
            let living =
                (0..self.people.len()).filter(|n| self.people[*n].status != "erased").collect::<Vec<_>>();
            let Some(&n) = living.choose(&mut self.rng) else {
                self.people.push(register(&clients).await);
                continue;
            };
            let action = self.rng.random_range(0..100);
            let support = through_each(&self.support, &clients);
            let one = &mut self.people[n];
            let person = through_each(&one.person, &clients);
            match (one.status, action) {
                (_, 0..20) => self.people.push(register(&clients).await),
                ("suspended", _) => is_reinstated(one, &person, &support).await,
                (_, 20..50) => changes_phone(one, &person).await,
                (_, 50..70) => changes_profile(one, &person).await,
                (_, 70..80) => signs_in(one, &person).await,
                (_, 80..92) => is_suspended(one, &support).await,
                (_, _) => erases(one, &person).await,
            }
        }
        self.people
    }
}

async fn register(clients: &[HttpClient; 2]) -> Expected {
    Expected::registered(registers_at_each(Newcomer::new(&clients[0], "student"), clients).await)
}

/// The same person at each process.
fn through_each(person: &Person, clients: &[HttpClient; 2]) -> [Person; 2] {
    clients.each_ref().map(|client| person.through(client))
}

async fn changes_phone(one: &mut Expected, person: &[Person]) {
    let phone = format!("+7999{:07}", random_u64() % 10_000_000);
    let (key, body) = (format!("{:016x}", random_u64()), json!({ "phone": phone }));
    insists_at_each(person, |person| person.call("POST", "/me/phone").key(&key).json(&body))
        .await
        .answer
        .ok();
    one.phone = Some(phone);
    happened(one, "PhoneChanged", 1, 1);
}

/// Has no key: setting the same value again is no event.
async fn changes_profile(one: &mut Expected, person: &[Person]) {
    let body = json!({ "city": format!("City {:016x}", random_u64()) });
    insists_at_each(person, |person| person.call("PATCH", "/me/profile").json(&body)).await.answer.ok();
    happened(one, "ProfileUpdated", 1, 1);
}

/// Has no key: an attempt without an answer may have begun a session too.
async fn signs_in(one: &mut Expected, person: &[Person]) {
    let body = json!({ "email": one.person.email, "password": one.person.password });
    let definite = insists_at_each(person, |person| person.client.call("POST", "/session").json(&body)).await;
    one.person.token = definite.answer.is(200)["token"].as_str().expect("a token").to_owned();
    happened(one, "SignedIn", 1, if definite.may_be_repeated { 50 } else { 1 });
}

async fn is_suspended(one: &mut Expected, support: &[Person]) {
    let (key, path) = (format!("{:016x}", random_u64()), format!("/crm/users/{}/suspend", one.person.id));
    let call = |support: &Person| support.call("POST", &path).key(&key).json(&json!({ "reason": "a test" }));
    insists_at_each(support, call).await.answer.ok();
    one.status = "suspended";
    happened(one, "AccountSuspended", 1, 1);
}

async fn is_reinstated(one: &mut Expected, person: &[Person], support: &[Person]) {
    let (key, path) = (format!("{:016x}", random_u64()), format!("/crm/users/{}/reinstate", one.person.id));
    let call = |support: &Person| support.call("POST", &path).key(&key).json(&json!({ "reason": "a test" }));
    insists_at_each(support, call).await.answer.ok();
    one.status = "active";
    happened(one, "AccountReinstated", 1, 1);
    signs_in(one, person).await;
}

/// A repeated request may be refused, because the first one has erased the account.
async fn erases(one: &mut Expected, person: &[Person]) {
    let body = json!({ "password": one.person.password });
    let definite = insists_at_each(person, |person| person.call("DELETE", "/me").json(&body)).await;
    if !(definite.may_be_repeated && definite.answer.status == 401) {
        definite.answer.ok();
    }
    one.status = "erased";
    happened(one, "AccountErased", 1, 1);
}

fn happened(one: &mut Expected, event: &'static str, least: u64, most: u64) {
    let (at_least, at_most) = one.events.entry(event).or_default();
    *at_least += least;
    *at_most += most;
}

/// Causes faults, and ends all of them in the end.
struct Wrecker<'a> {
    apps: [&'a mut App; 2],
    servers: &'a Servers,
    proxies: &'a Proxies,
    crm: &'a Crm,
    rng: StdRng,
}

impl Wrecker<'_> {
    async fn wrecks(mut self, end: Instant) {
        while Instant::now() < end {
            self.pause(200..900).await;
            self.apps.iter_mut().for_each(|app| app.is_kept_alive());
            let app = self.rng.random_range(0..2);
            match self.rng.random_range(0..13) {
                0 | 1 => {
                    eprintln!("  kill -9 of process {app}");
                    self.apps[app].is_killed();
                    self.pause(0..300).await;
                    self.apps[app].starts();
                }
                2 => self.freezes(Some(self.apps[app].pid()), "a process").await,
                3 => {
                    eprintln!("  kill -9 of Postgres");
                    signal(self.servers.postgres(), Signal::KILL);
                }
                4 => {
                    eprintln!("  kill -9 of NATS");
                    signal(self.servers.nats(), Signal::KILL);
                }
                5 => self.freezes(self.servers.nats(), "NATS").await,
                6 | 7 => {
                    eprintln!("  the lines to Postgres are cut");
                    self.proxies.postgres.cut();
                }
                8 => {
                    eprintln!("  the lines to NATS are cut");
                    self.proxies.nats.cut();
                }
                9 => {
                    eprintln!("  the lines to the CRM are cut");
                    self.proxies.crm.cut();
                }
                10 => {
                    eprintln!("  the lines to Postgres fall silent");
                    self.proxies.postgres.silence();
                }
                11 => {
                    eprintln!("  the CRM misbehaves");
                    let faults = json!({ "fail_rate": 0.3, "drop_rate": 0.3, "latency_ms": 20 });
                    self.crm.injects_faults(faults).await;
                }
                _ => self.crm.clears_faults().await,
            }
        }
        self.crm.clears_faults().await;
        for app in self.apps {
            app.is_ready_again().await;
        }
    }

    async fn freezes(&mut self, pid: Option<u32>, what: &str) {
        eprintln!("  {what} stands still");
        signal(pid, Signal::STOP);
        self.pause(200..1_500).await;
        signal(pid, Signal::CONT);
    }

    async fn pause(&mut self, milliseconds: std::ops::Range<u64>) {
        let pause = self.rng.random_range(milliseconds);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var_os(variable)?.into_string().ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number, not {text}")))
}
