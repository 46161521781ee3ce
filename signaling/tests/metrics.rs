//! The figures of `/metrics` after a lesson of two people without a browser.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;

use serde_json::{Value, json};
use signaling::media::Counters;
use signaling::protocol::Role;
use support::media::Media;
use support::{Person, Server, eventually, id};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Samples of `/metrics` by name and labels, without the prefix that all have.
struct Figures {
    samples: BTreeMap<String, f64>,
    /// Names with a type, and names with an explanation.
    typed: BTreeSet<String>,
    explained: BTreeSet<String>,
}

impl Figures {
    async fn of(server: &Server) -> Self {
        let mut stream =
            tokio::net::TcpStream::connect(server.handle.address).await.expect("the node listens");
        let head = "GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).await.expect("the node reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("the node answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        let mut figures =
            Self { samples: BTreeMap::new(), typed: BTreeSet::new(), explained: BTreeSet::new() };
        for line in body.lines() {
            let words: Vec<&str> = line.splitn(4, ' ').collect();
            match words[..] {
                ["#", "HELP", name, text] if !text.is_empty() => {
                    figures.explained.insert(name.to_owned());
                }
                ["#", "TYPE", name, _] => {
                    figures.typed.insert(name.to_owned());
                }
                [name, value] => {
                    let name = name.strip_prefix("kafedra_rtc_").unwrap_or_else(|| panic!("{line}"));
                    let twice = figures.samples.insert(name.to_owned(), value.parse().expect("a number"));
                    assert_eq!(twice, None, "{name} is there twice");
                }
                _ => panic!("{line}"),
            }
        }
        figures
    }

    fn get(&self, name: &str) -> f64 {
        *self.samples.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.samples.keys()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_figure_is_what_happened_in_the_lesson() {
    let server = Server::start().await;
    let idle = Figures::of(&server).await;
    assert_eq!(idle.typed, idle.explained);
    for name in
        ["rooms", "participants", "sockets", "draining", "packets_in_total", "media_connected_ms_count"]
    {
        assert_eq!(idle.get(name), 0.0, "{name}");
    }

    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let mut student = Person::joins(&server, lesson, Role::Student).await;
    let (mut of_teacher, mut of_student) = (Media::new(1).await, Media::new(2).await);
    of_teacher.publishes(&mut teacher).await;
    of_student.receives(&mut student, 2).await;
    of_student.publishes(&mut student).await;
    of_teacher.receives(&mut teacher, 2).await;
    let (of_the_teacher, of_the_student) =
        (format!("{}:camera", teacher.id), format!("{}:camera", student.id));
    eventually("media flows both ways", async || {
        of_teacher.sends_frame().await;
        of_student.sends_frame().await;
        of_teacher.packets_of(&of_the_student) > 0 && of_student.packets_of(&of_the_teacher) > 0
    })
    .await;

    // Rooms, people, sockets, and the times of the joins: two connections of each person.
    eventually("two people are in one lesson", async || {
        let figures = Figures::of(&server).await;
        figures.get("media_connected_ms_count") == 4.0 && figures.get("connected_total") == 4.0
    })
    .await;
    let before = Figures::of(&server).await;
    assert_eq!(before.get("rooms"), 1.0);
    assert_eq!(before.get("participants"), 2.0);
    assert_eq!(before.get("sockets"), 2.0);
    assert!(before.get("media_connected_ms_sum") > 0.0);
    assert_eq!(before.get("media_connected_ms_bucket{le=\"+Inf\"}"), 4.0);

    // Packets and bytes: microphone and camera of the teacher, a hundred frames of each.
    for _ in 0..100 {
        of_teacher.sends_frame().await;
    }
    eventually("what was sent is counted on its way in and on its way out", async || {
        let now = Figures::of(&server).await;
        let more = |name: &str| now.get(name) - before.get(name);
        more("packets_in_total") >= 200.0
            && more("packets_out_total") >= 200.0
            && more("bytes_in_total") >= 100.0 * (712.0 + 61.0)
            && more("bytes_out_total") >= 100.0 * (712.0 + 61.0)
    })
    .await;
    let now = Figures::of(&server).await;
    assert!(now.get("cpu_seconds") > 0.0);
    let per_packet = now.get("cpu_seconds") / now.get("packets_out_total");
    assert!((now.get("cpu_seconds_per_packet") / per_packet - 1.0).abs() < 1e-9);
    assert_eq!(now.get("dropped_total"), 0.0);
    assert_eq!(now.get("failed_total"), 0.0);

    // A key frame that a receiver asks for, and a datagram of a stranger.
    of_student.asks_for_key_frame(&of_the_teacher).await;
    let stranger = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let media = server.node().engine.local_addr().expect("a bound port");
    stranger.send_to(&[0x80; 40], media).await.expect("a datagram can be sent");
    eventually("the request is counted on its way to the publisher, and the stranger", async || {
        let now = Figures::of(&server).await;
        now.get("plis_in_total") == before.get("plis_in_total") + 1.0
            && now.get("plis_out_total") > before.get("plis_out_total")
            && now.get("strangers_total") == 1.0
    })
    .await;

    // Loss each way: reports of it, requests for what is missing, and repetitions.
    let loss = server.node().engine.loss();
    loss.inbound.store(200, Relaxed);
    loss.outbound.store(200, Relaxed);
    eventually("loss is counted each way", async || {
        of_teacher.sends_slowly().await;
        let now = Figures::of(&server).await;
        let of_loss = ["nacks_in", "nacks_out", "repeated_out", "repeated_bytes"];
        let of_reports = ["loss_down_reports", "loss_down_permille", "loss_up_reports", "loss_up_permille"];
        of_loss.into_iter().chain(of_reports).all(|name| now.get(&format!("{name}_total")) > 0.0)
    })
    .await;
    loss.inbound.store(0, Relaxed);
    loss.outbound.store(0, Relaxed);

    // What a client measures itself.
    let stats = json!({"freezes": 2, "freeze_ms": 700, "join_ms": 420, "loss": 0.01, "rtt_ms": 30.0});
    student.asks_ok("stats", stats).await;
    let told = Figures::of(&server).await;
    assert_eq!((told.get("freezes_total"), told.get("freeze_ms_total")), (2.0, 700.0));
    assert_eq!((told.get("first_frame_ms_count"), told.get("first_frame_ms_sum")), (1.0, 420.0));
    assert_eq!(told.get("first_frame_ms_bucket{le=\"300\"}"), 0.0);
    assert_eq!(told.get("first_frame_ms_bucket{le=\"700\"}"), 1.0);

    student.asks_ok("leave", Value::Null).await;
    eventually("one person is left", async || Figures::of(&server).await.get("participants") == 1.0).await;
    teacher.asks_ok("mod", json!({"op": "end"})).await;
    eventually("the lesson and its sockets are gone", async || {
        let now = Figures::of(&server).await;
        ["rooms", "participants", "sockets"].iter().all(|name| now.get(name) == 0.0)
    })
    .await;
    let after = Figures::of(&server).await;
    for (name, value) in &told.samples {
        let sums =
            !["rooms", "participants", "sockets", "draining", "cpu_seconds_per_packet"].contains(&&**name);
        assert!(!sums || after.get(name) >= *value, "{name} fell from {value} to {}", after.get(name));
    }
    of_teacher.close().await;
    of_student.close().await;
    server.handle.kill().await;
}

/// Returns the text of all sources but the one that declares the counters.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            text += &sources(&path);
        } else if !path.ends_with("counters.rs") {
            text += &std::fs::read_to_string(&path).expect("a text");
        }
    }
    text
}

#[test]
fn each_counter_is_written_somewhere() {
    let text = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let counters = Counters::default().all();
    let is_written = |name: &str| {
        text.contains(&format!("add(&counters.{name},"))
            || text.contains(&format!("add(&self.shared.counters.{name},"))
            || text.contains(&format!("add(&shared.counters.{name},"))
    };
    let unwritten: Vec<&str> =
        counters.iter().map(|counted| counted.name).filter(|name| !is_written(name)).collect();
    assert_eq!(unwritten, [] as [&str; 0]);
    assert!(counters.iter().all(|counted| counted.help.ends_with('.')), "{counters:?}");
}
