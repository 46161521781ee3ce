//! Figures of the forwarding unit, with Janus' videoroom in the same run where it is installed.
//!
//! `cargo build --release -p signaling && cargo run --release -p signaling --example bench_video [PEOPLE] [SECONDS] [FRAMES]`

#![allow(clippy::unwrap_used, clippy::disallowed_macros, reason = "a bench prints, and fails loudly")]

#[path = "../../tests/support/mod.rs"]
mod support;

mod janus;
mod process;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use process::Server;
use serde_json::{Value, json};
use support::media::Media;
use support::{Person, id};

const ROUNDS: usize = 3;
/// Frames that each person sends in a second.
static RATE: AtomicU32 = AtomicU32::new(50);

/// Measurements of one run of one server.
struct Figures {
    us_per_packet: f64,
    cpu_share: f64,
    rss_mib: f64,
    delay_p50_ms: f64,
    delay_p99_ms: f64,
    arrived: f64,
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let people: usize = arguments.next().map_or(12, |text| text.parse().unwrap());
    let seconds: u64 = arguments.next().map_or(8, |text| text.parse().unwrap());
    let rate: u32 = arguments.next().map_or(50, |text| text.parse().unwrap());
    RATE.store(rate, Ordering::Relaxed);
    let bind = process::address();
    println!(
        "{people} people, microphone and camera each ({rate} + {rate} packets/s), {seconds} s a round, medians of {ROUNDS}"
    );
    let mut table: Vec<(&str, Vec<Figures>)> = vec![("signaling", Vec::new())];
    if janus::is_installed() {
        table.push(("janus", Vec::new()));
    }
    for _ in 0..ROUNDS {
        for (name, rounds) in &mut table {
            let figures = match *name {
                "janus" => janus::run(&bind, people, seconds).await,
                _ => run(&bind, people, seconds).await,
            };
            eprintln!("{name}: {:.1} µs, arrived {:.1} %", figures.us_per_packet, figures.arrived * 100.0);
            rounds.push(figures);
        }
    }
    println!(
        "{:>10} {:>14} {:>8} {:>9} {:>10} {:>10} {:>9}",
        "", "µs CPU/packet", "cores", "RSS MiB", "p50 ms", "p99 ms", "arrived"
    );
    for (name, rounds) in &table {
        let median = |of: fn(&Figures) -> f64| {
            let mut values: Vec<f64> = rounds.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        println!(
            "{name:>10} {:>14.1} {:>8.2} {:>9.1} {:>10.2} {:>10.2} {:>8.2}%",
            median(|f| f.us_per_packet),
            median(|f| f.cpu_share),
            median(|f| f.rss_mib),
            median(|f| f.delay_p50_ms),
            median(|f| f.delay_p99_ms),
            median(|f| f.arrived * 100.0),
        );
    }
    joins(&bind).await;
}

/// Sends for a while and measures the server meanwhile.
async fn load(server: &Server, media: &mut [Media], seconds: u64) -> Figures {
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
    let expected = sent * 2 * media.len() as u64 * (media.len() as u64 - 1);
    Figures {
        us_per_packet: cpu * 1e6 / packets.max(1) as f64,
        cpu_share: cpu / passed,
        rss_mib: server.rss_mib(),
        delay_p50_ms: percentile(0.5),
        delay_p99_ms: percentile(0.99),
        arrived: packets as f64 / expected as f64,
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
    let lesson = id();
    let mut persons = Vec::new();
    let mut media = Vec::new();
    for number in 0..people {
        let role = if number == 0 { "teacher" } else { "student" };
        let mut person = enter(&server, lesson, role).await;
        let mut own = Media::new_at(number as u8 + 1, bind).await;
        own.publishes(&mut person).await;
        persons.push(person);
        media.push(own);
    }
    for (person, own) in persons.iter_mut().zip(&mut media) {
        own.receives(person, (people - 1) * 2).await;
    }
    let figures = load(&server, &mut media, seconds).await;
    for one in &media {
        one.close().await;
    }
    figures
}

async fn enter(server: &Server, lesson: uuid::Uuid, role: &str) -> Person {
    let who = id();
    let ticket: Value =
        server.post(&format!("/dev/token?lesson={lesson}&participant={who}&role={role}&name=Bench")).await;
    let hello = json!({"t": "hello", "d": {"token": ticket["token"]}});
    Person::says_hello(ticket["url"].as_str().unwrap(), hello, lesson, who).await
}

/// A thousand joins and leaves, with memory and handles before and after; times of a join.
async fn joins(bind: &str) {
    let server = Server::signaling(bind).await;
    let lesson = id();
    let mut teacher = enter(&server, lesson, "teacher").await;
    let mut of_teacher = Media::new_at(1, bind).await;
    of_teacher.publishes(&mut teacher).await;
    let mut connected = Vec::new();
    let mut first = Vec::new();
    let mut before = (0.0, 0);
    for round in 0..1_000 {
        let began = Instant::now();
        let mut student = enter(&server, lesson, "student").await;
        if round % 50 == 0 {
            let mut own = Media::new_at(2, bind).await;
            own.receives(&mut student, 2).await;
            let track = format!("{}:camera", teacher.id);
            while own.packets_of(&track) == 0 && began.elapsed() < Duration::from_secs(5) {
                of_teacher.sends_frame().await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            first.push(began.elapsed());
            let at = own.receiving_connected.lock().unwrap().map(|at| at.duration_since(began));
            connected.extend(at);
            own.close().await;
        } else {
            student.wait("sub.offer").await;
        }
        student.asks_ok("leave", Value::Null).await;
        teacher.inbox.clear();
        teacher.listens(Duration::from_millis(1)).await;
        if round == 100 {
            before = (server.rss_mib(), server.handles());
        }
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    connected.sort_unstable();
    first.sort_unstable();
    println!(
        "join: connected {:?}, first packet {:?} (medians); 900 joins and leaves: RSS {:.1} → {:.1} MiB, handles {} → {}",
        connected.get(connected.len() / 2),
        first.get(first.len() / 2),
        before.0,
        server.rss_mib(),
        before.1,
        server.handles(),
    );
    of_teacher.close().await;
}
