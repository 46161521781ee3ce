//! Bad input on the media port and in session descriptions: garbage, forged and replayed checks, foreign candidates.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use signaling::protocol::Role;
use support::media::Media;
use support::recorder::Recorder;
use support::{Person, Server, eventually, id};

/// A teacher whose camera a student receives.
struct Call {
    teacher: Person,
    student: Person,
    of_teacher: Media,
    of_student: Media,
    /// Id of the teacher's camera.
    camera: String,
}

impl Call {
    async fn start(server: &Server) -> Self {
        let lesson = id();
        let mut teacher = Person::joins(server, lesson, Role::Teacher).await;
        let mut student = Person::joins(server, lesson, Role::Student).await;
        let (mut of_teacher, mut of_student) = (Media::new(1).await, Media::new(2).await);
        of_teacher.publishes(&mut teacher).await;
        of_student.receives(&mut student, 2).await;
        let camera = format!("{}:camera", teacher.id);
        eventually("media flows", async || {
            of_teacher.sends_frame().await;
            of_student.packets_of(&camera) > 3
        })
        .await;
        Self { teacher, student, of_teacher, of_student, camera }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_and_forged_checks_change_nothing() {
    let server = Server::start().await;
    let Call { teacher: _teacher, student: _student, mut of_teacher, of_student, camera } =
        Call::start(&server).await;
    let ufrag = of_teacher.publishing.remote_description().await.unwrap().sdp;
    let ufrag = ufrag.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).unwrap().trim().to_owned();
    let target = server.node().engine.announced()[0];
    let attacker = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let known = server.node().engine.known();
    let mut state = 1u32;
    let mut chance = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as u8
    };
    for number in 0..20_000u32 {
        let length = 1 + usize::from(chance()) * 5;
        let mut datagram: Vec<u8> = (0..length).map(|_| chance()).collect();
        match number % 4 {
            0 => datagram[0] = 0x80,
            1 => datagram[0] = 20 + datagram[0] % 40,
            2 => datagram = check(&ufrag, &mut chance),
            _ => {}
        }
        // A full buffer of the kernel is part of the exercise.
        let _ = attacker.send_to(&datagram, target).await;
        if number % 200 == 0 {
            of_teacher.sends_frame().await;
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(server.node().engine.known(), known, "no address was learned from a forged check");
    let before = of_student.packets_of(&camera);
    eventually("media still flows", async || {
        of_teacher.sends_frame().await;
        of_student.packets_of(&camera) > before + 10
    })
    .await;
    let heard = of_student.heard();
    assert_eq!(heard[&camera].marks.keys().collect::<Vec<_>>(), [&1], "nothing foreign was forwarded");
    assert!(server.counter("strangers") > 1_000);
    of_teacher.close().await;
    of_student.close().await;
    server.handle.kill().await;
}

/// A connectivity check with our user fragment and a guessed password.
fn check(ufrag: &str, chance: &mut impl FnMut() -> u8) -> Vec<u8> {
    let username = format!("{ufrag}:guess");
    let mut datagram = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    datagram.extend((0..12).map(|_| chance()));
    datagram.extend([0, 6]);
    datagram.extend((username.len() as u16).to_be_bytes());
    datagram.extend(username.as_bytes());
    datagram.resize(datagram.len().next_multiple_of(4), 0);
    datagram.extend([0, 8, 0, 20]);
    datagram.extend((0..20).map(|_| chance()));
    let length = (datagram.len() - 20) as u16;
    datagram[2..4].copy_from_slice(&length.to_be_bytes());
    datagram
}

/// Sends datagrams from new addresses and returns the sockets.
async fn sends_from_elsewhere(datagrams: &[Vec<u8>], target: SocketAddr) -> Vec<tokio::net::UdpSocket> {
    let mut sockets = Vec::new();
    for datagram in datagrams {
        let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.send_to(datagram, target).await.unwrap();
        sockets.push(socket);
    }
    sockets
}

/// Counts what has arrived: connectivity checks and everything else.
fn arrived(sockets: &[tokio::net::UdpSocket]) -> (usize, usize) {
    let (mut checks, mut others) = (0, 0);
    let mut buffer = [0; 2_048];
    for socket in sockets {
        while let Ok((_, _)) = socket.try_recv_from(&mut buffer) {
            if buffer[0] < 4 { checks += 1 } else { others += 1 }
        }
    }
    (checks, others)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replayed_or_diverted_check_moves_no_media() {
    let recorder = Recorder::start().await;
    let server = Server::start_with(|config| {
        config.media = recorder.target;
        config.announce = vec![recorder.address];
    })
    .await;
    let Call { teacher: _teacher, student: _student, mut of_teacher, of_student, camera } =
        Call::start(&server).await;

    // Each valid check of both people, sent again from forty addresses.
    let known = server.node().engine.known();
    let strangers = server.counter("strangers");
    let recorded = recorder.checks();
    assert!(recorded.len() >= 2, "both connections were checked");
    let replayed: Vec<_> = recorded.iter().cycle().take(40.max(recorded.len())).cloned().collect();
    let sockets = sends_from_elsewhere(&replayed, recorder.target).await;
    eventually("replays are strangers", async || {
        server.counter("strangers") >= strangers + replayed.len() as u64
    })
    .await;
    of_teacher.sends_for(Duration::from_millis(500)).await;
    assert_eq!(server.node().engine.known(), known, "no address was learned from a replay");
    assert_eq!(arrived(&sockets), (0, 0), "nothing is sent to who replays");

    // A check that its sender loses on the way is fresh: it is answered, and media stays where it was.
    recorder.divert(true);
    eventually("a check is diverted", async || {
        of_teacher.sends_frame().await;
        !recorder.diverted().is_empty()
    })
    .await;
    let sockets = sends_from_elsewhere(&recorder.diverted(), recorder.target).await;
    recorder.divert(false);
    let before = of_student.packets_of(&camera);
    of_teacher.sends_for(Duration::from_secs(1)).await;
    assert!(of_student.packets_of(&camera) > before + 30, "media goes on to its receiver");
    let (checks, others) = arrived(&sockets);
    assert!(checks > 0, "the diverted check was valid");
    assert_eq!(others, 0, "no media goes to an address that did not answer our own check");
    of_teacher.close().await;
    of_student.close().await;
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn candidates_of_a_client_open_no_connection() {
    let server = Server::start().await;
    let mut teacher = Person::joins(&server, id(), Role::Teacher).await;
    let mut media = Media::new(1).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let datagrams = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let (tcp, udp) = (listener.local_addr().unwrap().port(), datagrams.local_addr().unwrap().port());
    let candidates = format!(
        "a=candidate:7 1 tcp 2130706431 127.0.0.1 {tcp} typ host tcptype passive\r\n\
         a=candidate:8 1 udp 2130706431 127.0.0.1 {udp} typ host\r\n\
         a=candidate:9 1 udp 2130706430 localhost {udp} typ host\r\n"
    );
    let offer = media.offer().await;
    let offer = offer.replace("a=mid:", &format!("{candidates}a=mid:"));
    assert!(offer.contains("tcptype passive"));
    let data =
        json!({"sdp": offer, "tracks": [{"mid": "0", "source": "mic"}, {"mid": "1", "source": "camera"}]});
    teacher.asks_ok("pub.offer", data).await;
    let answer = teacher.wait("pub.answer").await;
    media.accept(answer["d"]["sdp"].as_str().unwrap()).await;
    eventually("media is connected", async || media.publishing_connected.lock().unwrap().is_some()).await;
    media.sends_for(Duration::from_millis(500)).await;
    let connection = tokio::time::timeout(Duration::from_millis(500), listener.accept()).await;
    assert!(connection.is_err(), "the server connects to no candidate");
    assert_eq!(arrived(&[datagrams]), (0, 0));
    media.close().await;
    server.handle.kill().await;
}

/// An offer of one camera with these codecs, otherwise complete.
fn offer_of(codecs: &[(u8, &str)]) -> String {
    let numbers: Vec<String> = codecs.iter().map(|(number, _)| number.to_string()).collect();
    let maps: String = codecs.iter().map(|(number, name)| format!("a=rtpmap:{number} {name}\r\n")).collect();
    let fingerprint = vec!["AB"; 32].join(":");
    format!(
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
         m=video 9 UDP/TLS/RTP/SAVPF {}\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\n\
         a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=fingerprint:sha-256 {fingerprint}\r\n\
         a=setup:actpass\r\na=msid:s t\r\na=ssrc:77 cname:c\r\n{maps}",
        numbers.join(" ")
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_listed_codecs_are_negotiated() {
    let server = Server::start().await;
    let mut teacher = Person::joins(&server, id(), Role::Teacher).await;
    let camera = |sdp: String| json!({"sdp": sdp, "tracks": [{"mid": "0", "source": "camera"}]});
    for codecs in [&[(102, "H264/90000")][..], &[(45, "AV1/90000"), (98, "VP9/90000")], &[(96, "nothing/1")]]
    {
        let refused = teacher.is_refused("pub.offer", camera(offer_of(codecs))).await;
        assert_eq!(refused, "bad_sdp", "{codecs:?}");
        tokio::time::sleep(Duration::from_millis(1_010)).await;
    }
    let mixed = offer_of(&[(102, "H264/90000"), (96, "VP8/90000"), (97, "rtx/90000")]);
    teacher.asks_ok("pub.offer", camera(mixed)).await;
    let answer: Value = teacher.wait("pub.answer").await;
    let answer = answer["d"]["sdp"].as_str().unwrap();
    let maps: Vec<&str> = answer.lines().filter(|line| line.starts_with("a=rtpmap:")).collect();
    assert_eq!(maps, ["a=rtpmap:96 VP8/90000"]);
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_offer_leaves_the_connection_as_it_was() {
    let server = Server::start().await;
    let Call { mut teacher, student: _student, mut of_teacher, of_student, camera } =
        Call::start(&server).await;
    let tracks = json!([{"mid": "0", "source": "mic"}, {"mid": "1", "source": "camera"}]);
    let bad = json!({"sdp": offer_of(&[(102, "H264/90000")]), "tracks": tracks});
    assert_eq!(teacher.is_refused("pub.offer", bad).await, "bad_sdp");
    let before = of_student.packets_of(&camera);
    of_teacher.sends_for(Duration::from_millis(300)).await;
    assert!(of_student.packets_of(&camera) > before + 5, "media goes on");
    let offer = of_teacher.publishing.create_offer(None).await.unwrap();
    of_teacher.publishing.set_local_description(offer.clone()).await.unwrap();
    teacher.asks_ok("pub.offer", json!({"sdp": offer.sdp, "tracks": tracks})).await;
    let answer = teacher.wait("pub.answer").await;
    of_teacher.accept(answer["d"]["sdp"].as_str().unwrap()).await;
    let before = of_student.packets_of(&camera);
    of_teacher.sends_for(Duration::from_millis(300)).await;
    assert!(of_student.packets_of(&camera) > before + 5, "the next offer is taken");
    of_teacher.close().await;
    of_student.close().await;
    server.handle.kill().await;
}
