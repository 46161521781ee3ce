//! Figures of the forwarding unit, with Janus' videoroom in the same run where it is installed.
//!
//! `cargo build --release -p signaling && cargo run --release -p signaling --example bench_video [PEOPLE] [SECONDS] [FRAMES]`
//!
//! `--rounds N` sets the number of interleaved rounds; `--only PART` measures one part (`crowd`, `room`, `loss`,
//! `resume`, `joins`); `--json` prints one object, which `kafedra bench video` reads.

#![allow(clippy::unwrap_used, clippy::disallowed_macros, reason = "a bench prints, and fails loudly")]

#[path = "../../tests/support/mod.rs"]
mod support;

mod arguments;
mod janus;
mod joins;
mod loss;
mod process;
mod resume;
mod room;
mod summary;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use arguments::Arguments;
use process::Server;
use serde::Serialize;
use serde_json::{Value, json};
use summary::{interleaved, named, print_table};
use support::media::Media;
use support::{Person, id};

/// People of the room with simulcast, and frames that each sends in a second: the generator shares the machine.
const ROOM: usize = 30;
const ROOM_RATE: u32 = 10;

/// Frames that each person sends in a second.
static RATE: AtomicU32 = AtomicU32::new(50);

/// Measurements of one run of one server, or medians of several.
#[derive(Debug, Clone, Serialize)]
struct Figures {
    us_per_packet: f64,
    cpu_share: f64,
    rss_mib: f64,
    delay_p50_ms: f64,
    delay_p99_ms: f64,
    arrived: f64,
    /// Packets that a queue of the server dropped; Janus does not say.
    dropped: Option<u64>,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::read();
    let Arguments { people, seconds, rate, rounds, .. } = arguments;
    let rounds_of = |part: &str| if arguments.has(part) { rounds } else { 0 };
    RATE.store(rate, Ordering::Relaxed);
    let bind = process::address();
    let crowd = interleaved(rounds_of("crowd"), async |janus| match janus {
        true => janus::run(&bind, people, seconds).await,
        false => run(&bind, people, seconds).await,
    })
    .await;
    RATE.store(ROOM_RATE, Ordering::Relaxed);
    let room = interleaved(rounds_of("room"), async |janus| match janus {
        true => janus::run_room(&bind, ROOM, seconds).await,
        false => room::run(&bind, ROOM, seconds).await,
    })
    .await;
    RATE.store(loss::RATE, Ordering::Relaxed);
    let loss = interleaved(rounds_of("loss"), async |janus| match janus {
        true => janus::run_lossy(&bind, seconds).await,
        false => loss::run(&bind, seconds).await,
    })
    .await;
    RATE.store(rate, Ordering::Relaxed);
    let resume = if arguments.has("resume") { Some(resume::measure(&bind).await) } else { None };
    let joins = if arguments.has("joins") { Some(joins::measure(&bind).await) } else { None };
    if arguments.json {
        let report = json!({
            "people": people, "servers": named(&crowd), "room": named(&room), "loss": named(&loss),
            "resume": resume, "joins": joins,
        });
        println!("{report}");
        return;
    }
    if !crowd.is_empty() {
        println!(
            "{people} people, microphone and camera each ({rate} + {rate} packets/s), {seconds} s a round, medians of {rounds}"
        );
        print_table(&crowd);
    }
    if !room.is_empty() {
        println!(
            "a room of {ROOM} with simulcast, {ROOM_RATE} frames/s each: the teacher in the high layer, all others in the low one"
        );
        print_table(&room);
    }
    if !loss.is_empty() {
        println!("{}", loss::sentence(&loss));
    }
    resume.iter().for_each(|resume| println!("{resume}"));
    joins.iter().for_each(|joins| println!("{joins}"));
}

/// Sends for a while and measures the server meanwhile.
/// In all, `per_frame` packets arrive when each person sends one frame.
async fn load(server: &Server, media: &mut [Media], seconds: u64, per_frame: usize) -> Figures {
    frames(media, Duration::from_secs(2)).await;
    media.iter().for_each(Media::forget);
    let (cpu, began) = (server.cpu_seconds(), Instant::now());
    let sent = frames(media, Duration::from_secs(seconds)).await;
    let cpu = server.cpu_seconds() - cpu;
    let passed = began.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let heard: Vec<_> = media.iter().flat_map(|one| one.heard().into_values()).collect();
    let packets: u64 = heard.iter().map(|heard| heard.packets).sum();
    let mut delays: Vec<u32> = heard.iter().flat_map(|heard| heard.delays_us.iter().copied()).collect();
    delays.sort_unstable();
    let percentile = |share: f64| {
        let at = (delays.len() as f64 * share) as usize;
        delays.get(at.min(delays.len().saturating_sub(1))).map_or(0.0, |us| f64::from(*us) / 1e3)
    };
    let expected = sent * per_frame as u64;
    Figures {
        us_per_packet: cpu * 1e6 / packets.max(1) as f64,
        cpu_share: cpu / passed,
        rss_mib: server.rss_mib(),
        delay_p50_ms: percentile(0.5),
        delay_p99_ms: percentile(0.99),
        arrived: packets as f64 / expected as f64,
        dropped: None,
    }
}

/// Each person sends frames, spread over the interval; returns how many frames each sent.
async fn frames(media: &mut [Media], time: Duration) -> u64 {
    let interval = Duration::from_secs(1) / RATE.load(Ordering::Relaxed);
    let media_count = media.len() as u32;
    let (began, mut sent) = (tokio::time::Instant::now(), 0);
    while began.elapsed() < time {
        let round = began + interval * sent;
        for (at, one) in media.iter_mut().enumerate() {
            tokio::time::sleep_until(round + interval / (media_count * 2) * at as u32).await;
            one.sends_frame().await;
        }
        sent += 1;
        tokio::time::sleep_until(began + interval * sent).await;
    }
    u64::from(sent)
}

async fn run(bind: &str, people: usize, seconds: u64) -> Figures {
    let server = Server::signaling(bind).await;
    let mut media = Vec::new();
    for number in 0..people {
        media.push(Media::new_at(number as u8 + 1, bind).await);
    }
    let _persons = meet(&server, &mut media).await;
    let mut figures = load(&server, &mut media, seconds, 2 * people * (people - 1)).await;
    figures.dropped = Some(server.metric("kafedra_rtc_dropped_total").await);
    for one in &media {
        one.close().await;
    }
    figures
}

/// Lets all join one lesson, publish, and receive all others.
async fn meet(server: &Server, media: &mut [Media]) -> Vec<Person> {
    let (lesson, people) = (id(), media.len());
    let mut persons = Vec::new();
    for (number, own) in media.iter_mut().enumerate() {
        let role = if number == 0 { "teacher" } else { "student" };
        let mut person = enter(server, lesson, role).await;
        own.publishes(&mut person).await;
        persons.push(person);
    }
    for (person, own) in persons.iter_mut().zip(media) {
        own.receives(person, (people - 1) * 2).await;
    }
    persons
}

async fn enter(server: &Server, lesson: uuid::Uuid, role: &str) -> Person {
    let who = id();
    let ticket: Value =
        server.post(&format!("/dev/token?lesson={lesson}&participant={who}&role={role}&name=Bench")).await;
    let hello = json!({"t": "hello", "d": {"token": ticket["token"]}});
    Person::says_hello(ticket["url"].as_str().unwrap(), hello, lesson, who).await
}
