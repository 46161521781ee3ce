//! A thousand joins and leaves, with memory and handles before and after; times of a join.

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

fn median_ms(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(f64::NAN, Duration::as_secs_f64) * 1e3
}

pub async fn measure(bind: &str) -> Joins {
    let server = Server::signaling(bind).await;
    let lesson = id();
    let mut teacher = enter(&server, lesson, "teacher").await;
    let mut of_teacher = Media::new_at(1, bind).await;
    of_teacher.publishes(&mut teacher).await;
    let (mut connected, mut first) = (Vec::new(), Vec::new());
    let mut before = (0.0, 0);
    for round in 0..WARM_UP + COUNTED {
        if round == WARM_UP {
            before = (server.rss_mib(), server.handles());
        }
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
        // A socket without a frame for 35 s is closed.
        teacher.asks_ok("ping", Value::Null).await;
        teacher.inbox.clear();
        teacher.listens(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    of_teacher.close().await;
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
