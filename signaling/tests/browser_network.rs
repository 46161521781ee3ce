//! Lessons in headless Chromium when the network is difficult: only a relay, a lost node, a stranger at the door.

mod support;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signaling::turn::TurnConfig;
use support::browser::Browser;
use support::nats::Broker;
use support::{Server, eventually, id};

/// A TURN server of our own; it ends with this value.
struct Relay {
    child: Child,
    config: TurnConfig,
    _folder: tempfile::TempDir,
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Relay {
    /// Returns `None` where coturn is not installed.
    fn start() -> Option<Self> {
        let program = "/usr/bin/turnserver";
        let there = std::path::Path::new(program).exists();
        assert!(there || option_env!("CI").is_none(), "CI needs coturn: .ci/setup");
        if !there {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder for the relay");
        let free = std::net::UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = free.expect("a free port").port();
        let child = Command::new(program)
            .args(["-n", "--no-cli", "--no-tls", "--no-dtls", "--lt-cred-mech", "--use-auth-secret"])
            .args([
                "--static-auth-secret=north",
                "--realm=school",
                "--allow-loopback-peers",
                "--no-multicast-peers",
            ])
            .args(["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--log-file=stdout", "--simple-log"])
            .arg(format!("--listening-port={port}"))
            .arg(format!("--pidfile={}", folder.path().join("pid").display()))
            .arg(format!("--userdb={}", folder.path().join("db").display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the relay starts");
        let config =
            TurnConfig { urls: vec![format!("turn:127.0.0.1:{port}?transport=udp")], secret: "north".into() };
        Some(Self { child, config, _folder: folder })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_works_through_a_relay_alone() {
    let (Some(browser), Some(relay)) = (Browser::start().await, Relay::start()) else { return };
    let server = Server::start_with(|config| config.turn = relay.config.clone()).await;
    let (lesson, page) = (id(), format!("{}?bare", server.page()));
    let (teacher, student) = (browser.open(&page).await, browser.open(&page).await);
    teacher.joins(lesson, "teacher", "#ff0000", 440).await;
    student.joins_with(lesson, "student", "#00ff00", 880, json!({"relayOnly": true})).await;
    teacher.js("person.publish()").await;
    student.js("person.publish()").await;
    student.sees(&teacher, "camera", "red").await;
    teacher.sees(&student, "camera", "green").await;
    teacher.hears(&student, 880).await;
    for which in ["pub", "sub"] {
        student.until(&format!("await person.path('{which}') === 'relay'")).await;
    }
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_is_replaced_for_all_without_a_reload() {
    let Some(browser) = Browser::start().await else { return };
    let broker = Broker::start().await;
    let (a, b) = (broker.node("a").await, broker.node("b").await);
    let lesson = id();
    eventually("the nodes know each other", async || {
        use signaling::cluster::Cluster;
        b.cluster.place(lesson).await.is_ok() && a.cluster.place(lesson).await.is_ok()
    })
    .await;
    // The page comes from the node that stays; the lesson is on the one that dies.
    let page = format!("{}/?bare", b.page());
    let (teacher, student) = (browser.open(&page).await, browser.open(&page).await);
    let more = json!({"pages": [b.page()]});
    teacher.joins_with(lesson, "teacher", "#ff0000", 440, more.clone()).await;
    student.joins_with(lesson, "student", "#00ff00", 880, more).await;
    teacher.js("person.publish()").await;
    student.js("person.publish()").await;
    student.sees(&teacher, "camera", "red").await;
    teacher.sees(&student, "camera", "green").await;
    assert_eq!(a.handle.node.people(), 2, "of two empty nodes, the first by name gets the lesson");
    a.dies().await;
    let died = Instant::now();
    for tab in [&teacher, &student] {
        tab.until("lesson.phase === 'in'").await;
    }
    student.until("lesson.debug?.isUp && lesson.participants.size === 2").await;
    student.sees(&teacher, "camera", "red").await;
    teacher.sees(&student, "camera", "green").await;
    let recovered = died.elapsed();
    eprintln!("all see each other {recovered:?} after the kill");
    assert!(recovered < Duration::from_secs(10));
    assert_eq!(b.handle.node.people(), 2);
    b.dies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_person_does_not_get_in_and_the_lesson_page_shows_three() {
    let Some(browser) = Browser::start().await else { return };
    let server = Server::start().await;
    let lesson = id();
    let page = |name: &str, role: &str| format!("{}?lesson={lesson}&name={name}&role={role}", server.page());
    let teacher = browser.open(&page("Анна Соколова", "teacher")).await;
    let student = browser.open(&page("Марк Дёмин", "student")).await;
    for tab in [&teacher, &student] {
        tab.until("document.getElementById('devices').textContent.includes('·')").await;
        tab.js("document.querySelector('#enter button').click()").await;
        tab.until("window.lesson?.phase === 'in'").await;
    }
    teacher.until("lesson.media.size === 2").await;
    let third = browser.open(&page("Ирина Ли", "student")).await;
    third.until("document.getElementById('devices').textContent.includes('·')").await;
    third.js("document.querySelector('#enter button').click()").await;
    third.until("window.lesson?.phase === 'in'").await;
    let id_of_third = third.js("lesson.me").await;
    for tab in [&teacher, &student, &third] {
        tab.until("lesson.media.size === 4").await;
        tab.until("document.querySelectorAll('.tile video').length === 3").await;
        tab.until("[...document.querySelectorAll('.tile video')].every(video => video.videoWidth > 0)").await;
    }
    teacher.js("lesson.say('Сколько случаев получится?')").await;
    third.until("lesson.chat.length === 1").await;
    student.js("lesson.say('Два: x ≥ 2 и x < 2')").await;
    student.js("lesson.hand(true)").await;
    teacher.js(include_str!("support/board.js")).await;
    teacher.until("lesson.chat.length === 2 && lesson.hands.length === 1").await;
    third.until("document.querySelector('.tile.screen video')?.videoWidth > 0").await;
    third.until("lesson.chat.length === 2 && lesson.hands.length === 1").await;
    if let Some(folder) = option_env!("KAFEDRA_SCREENSHOTS") {
        third.until("document.querySelectorAll('#log p').length === 2").await;
        third.screenshot(&format!("{folder}/lesson.png")).await;
    }
    teacher.js("lesson.unpublish('screen')").await;
    third.until("!document.querySelector('.tile.screen')").await;
    teacher.js(&format!("lesson.moderate('ban', {id_of_third})")).await;
    third.until("lesson.phase === 'ended'").await;
    let again = third.js("lesson.join().then(() => 'in', error => error.code)").await;
    assert_eq!(again, 4403);
    teacher.until("document.querySelectorAll('.tile').length === 2").await;
    teacher.until("lesson.media.size === 2").await;
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_percent_loss_each_way_freezes_no_picture_for_a_second() {
    use std::sync::atomic::Ordering::Relaxed;

    let Some(browser) = Browser::start().await else { return };
    let server = Server::start().await;
    let (lesson, page) = (id(), format!("{}?bare", server.page()));
    let (teacher, student) = (browser.open(&page).await, browser.open(&page).await);
    let detailed = json!({"size": [960, 540], "detail": 40});
    teacher.joins(lesson, "teacher", "#ff0000", 440).await;
    student.joins_with(lesson, "student", "#00ff00", 880, detailed).await;
    student.js("person.publish()").await;
    let track = student.track("camera");
    teacher.sees(&student, "camera", "green").await;
    teacher.until(&format!("(await person.received('{track}')).width === 960")).await;
    tokio::time::sleep(Duration::from_secs(3)).await;

    let loss = server.node().engine.loss();
    loss.inbound.store(50, Relaxed);
    loss.outbound.store(50, Relaxed);
    let (sent, before) = (student.js("person.sent()").await, teacher.received(&student, "camera").await);
    let counters = ["repeated_bytes", "bytes_out"];
    let counted = counters.map(|name| server.counter(name));
    teacher.js(&format!("person.watch('{track}')")).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    let seen = teacher.js("person.watched()").await;
    let (sent_after, after) = (student.js("person.sent()").await, teacher.received(&student, "camera").await);
    let counted_after = counters.map(|name| server.counter(name));
    let passed = |of: &Value, to: &Value, name: &str| to[name].as_f64().unwrap() - of[name].as_f64().unwrap();
    let up = passed(&sent, &sent_after, "again") / passed(&sent, &sent_after, "bytes");
    let [again, all] = [0, 1].map(|at| (counted_after[at] - counted[at]) as f64);
    let down = again / all;
    eprintln!("5 % loss each way: {seen}; sent again {up:.3} up, {down:.3} down; {before} → {after}");
    let freezes: Vec<f64> =
        seen["freezes"].as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect();
    assert!(freezes.iter().all(|seconds| *seconds < 1.0), "freezes of {freezes:?} s");
    assert!(seen["pause"].as_f64().unwrap() < 1.0, "{seen}");
    assert!(up < 0.1 && down < 0.1, "sent again: {up:.3} up, {down:.3} down");
    assert!(passed(&before, &after, "frames") > 200.0);
    server.handle.kill().await;
}
