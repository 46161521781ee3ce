//! A thousand joins and leaves, with memory and handles before and after; times of a join.

use std::fmt;
use std::future::Future;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;

use super::enter;
use super::process::Server;
use super::support::id;
use super::support::media::Media;

/// Joins before memory and handles are noted for the first time.
const WARM_UP: u32 = 100;
const COUNTED: u32 = 1_000;
/// Longest time of one step of a join, and of all joins, on a machine that also builds.
const STEP: Duration = Duration::from_secs(30);
const ALL: Duration = Duration::from_secs(240);
/// Clients ping every 10 s.
const PING_EVERY: Duration = Duration::from_secs(5);

/// Measurements of many joins and leaves on one server.
#[derive(Debug, Serialize)]
pub struct Joins {
    pub count: u32,
    pub connected_ms: f64,
    pub first_packet_ms: f64,
    pub rss_before_mib: f64,
    pub rss_after_mib: f64,
    pub handles_before: usize,
    pub handles_after: usize,
}

impl fmt::Display for Joins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "join: connected {:.0} ms, first packet {:.0} ms (medians); {} joins and leaves: RSS {:.1} → {:.1} MiB, handles {} → {}",
            self.connected_ms,
            self.first_packet_ms,
            self.count,
            self.rss_before_mib,
            self.rss_after_mib,
            self.handles_before,
            self.handles_after,
        )
    }
}

fn median_ms(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64) * 1e3
}

/// Time limits of the joins; what passes one is named.
struct Limits {
    end: Instant,
    round: u32,
}

impl Limits {
    /// Does one step of a join.
    ///
    /// # Panics
    /// If it takes longer than a step may, or than there is left for all joins.
    async fn step<T>(&self, name: &str, work: impl Future<Output = T>) -> T {
        let left = self.end.saturating_duration_since(Instant::now());
        let Ok(done) = tokio::time::timeout(STEP.min(left), work).await else {
            let (round, all) = (self.round, WARM_UP + COUNTED);
            panic!("join {round} of {all}: `{name}` does not end (limits: {STEP:?} a step, {ALL:?} in all)");
        };
        done
    }
}

pub async fn measure(bind: &str) -> Joins {
    let server = Server::signaling(bind).await;
    let lesson = id();
    let mut limits = Limits { end: Instant::now() + ALL, round: 0 };
    let mut teacher = limits.step("the teacher joins", enter(&server, lesson, "teacher")).await;
    let mut of_teacher = Media::new_at(1, bind).await;
    limits.step("the teacher publishes", of_teacher.publishes(&mut teacher)).await;
    let (mut connected, mut first) = (Vec::new(), Vec::new());
    let mut before = (0.0, 0);
    let mut pinged = Instant::now();
    for round in 0..WARM_UP + COUNTED {
        limits.round = round;
        if round == WARM_UP {
            before = (server.rss_mib(), server.handles());
        }
        let began = Instant::now();
        let mut student = limits.step("hello", enter(&server, lesson, "student")).await;
        if round % 50 == 0 {
            let mut own = limits.step("connections are made", Media::new_at(2, bind)).await;
            limits.step("tracks are offered", own.receives(&mut student, 2)).await;
            let track = format!("{}:camera", teacher.id);
            while own.packets_of(&track) == 0 && began.elapsed() < Duration::from_secs(5) {
                limits.step("a frame is sent", of_teacher.sends_frame()).await;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            first.push(began.elapsed());
            let at = own.receiving_connected.lock().unwrap().map(|at| at.duration_since(began));
            connected.extend(at);
            limits.step("connections are closed", own.close()).await;
        } else {
            limits.step("tracks are offered", student.wait("sub.offer")).await;
        }
        limits.step("leave", student.asks_ok("leave", Value::Null)).await;
        // A socket without a frame for 35 s is closed, and so is one with more than 20 a second.
        if pinged.elapsed() > PING_EVERY {
            pinged = Instant::now();
            limits.step("the teacher pings", teacher.asks_ok("ping", Value::Null)).await;
        }
        limits.step("the teacher reads", teacher.drains()).await;
        assert_eq!(teacher.closed, None, "join {round}: the teacher's socket is closed");
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    limits.step("the teacher's connections are closed", of_teacher.close()).await;
    Joins {
        count: COUNTED,
        connected_ms: median_ms(&mut connected),
        first_packet_ms: median_ms(&mut first),
        rss_before_mib: before.0,
        rss_after_mib: server.rss_mib(),
        handles_before: before.1,
        handles_after: server.handles(),
    }
}
