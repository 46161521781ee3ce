//! Every frame of the protocol with wrong types, in the wrong order, twice, too long, and with ids of another lesson room.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use signaling::protocol::{MAX_FRAME, Role};
use support::media::Media;
use support::{Person, Server, eventually, id};

/// One valid frame of each type; requests on tracks and people name `track` and `person`.
fn frames(track: &str, person: &str) -> Vec<Value> {
    let ops =
        ["admit", "deny", "to_lobby", "mute", "stop_video", "remove", "ban", "grant", "revoke", "lower_hand"];
    let on_people = ops.map(|op| json!({"t": "mod", "d": {"op": op, "target": person, "source": "mic"}}));
    let mut frames = vec![
        json!({"t": "hello", "d": {"token": "x"}}),
        json!({"t": "pub.offer", "d": {"sdp": "v=0", "ice_restart": false,
            "tracks": [{"mid": "0", "source": "mic", "muted": false}]}}),
        json!({"t": "sub.answer", "d": {"nid": 1, "sdp": "v=0"}}),
        json!({"t": "sub.want", "d": {"set": [{"track": track, "on": true, "q": "low"}]}}),
        json!({"t": "ice.restart", "d": {"pc": "sub"}}),
        json!({"t": "track.mute", "d": {"track": track, "muted": true}}),
        json!({"t": "chat.send", "d": {"text": "Да"}}),
        json!({"t": "hand", "d": {"up": true}}),
        json!({"t": "record.consent", "d": {"agreed": true}}),
        json!({"t": "stats", "d": {"rtt_ms": 1.5, "loss": 0.1, "jitter_ms": 1.0, "freezes": 1, "freeze_ms": 5}}),
        json!({"t": "ping"}),
        json!({"t": "leave"}),
    ];
    frames.extend(on_people);
    frames
}

fn kinds(frames: &[Value]) -> BTreeSet<String> {
    frames.iter().map(|frame| frame["t"].as_str().unwrap().to_owned()).collect()
}

/// All values of `t` that the schema of client frames allows.
fn kinds_of_the_schema() -> BTreeSet<String> {
    let schema = signaling::protocol::schema();
    let variants = schema["$defs"]["ClientFrame"]["oneOf"].as_array().expect("a variant per frame");
    variants.iter().map(|variant| variant["properties"]["t"]["const"].as_str().unwrap().to_owned()).collect()
}

/// Copies of a frame with one value of another type each.
fn wrongly_typed(frame: &Value) -> Vec<Value> {
    fn spoil(value: &Value) -> Vec<Value> {
        match value {
            Value::Object(fields) => fields
                .iter()
                .flat_map(|(name, field)| {
                    spoil(field).into_iter().map(move |wrong| {
                        let mut changed = fields.clone();
                        changed.insert(name.clone(), wrong);
                        Value::Object(changed)
                    })
                })
                .collect(),
            Value::Array(items) => {
                let inner = items.iter().flat_map(spoil).map(|wrong| json!([wrong]));
                inner.chain([json!("x")]).collect()
            }
            Value::String(_) => vec![json!(7), json!({})],
            _ => vec![json!("x"), json!([])],
        }
    }
    spoil(&frame["d"]).into_iter().map(|data| json!({"t": frame["t"], "id": 1, "d": data})).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_of_wrong_types_closes_its_connection_with_4400() {
    let server = Server::start().await;
    let all = frames("x:mic", "x");
    assert_eq!(kinds(&all), kinds_of_the_schema(), "each type of frame is tried");
    let mut wrong: Vec<Value> = all.iter().flat_map(wrongly_typed).collect();
    wrong.extend(all.iter().filter(|frame| frame.get("d").is_some()).map(|frame| json!({"t": frame["t"]})));
    wrong.extend([json!({"t": "ping", "id": -1}), json!({"t": "ping", "id": 1e12}), json!({"t": ["ping"]})]);
    let mut tried = BTreeSet::new();
    for frame in wrong.into_iter().filter(|frame| tried.insert(frame.to_string())) {
        let mut person = Person::joins(&server, id(), Role::Teacher).await;
        person.send_raw(&frame.to_string()).await;
        assert_eq!(person.is_closed().await, 4400, "{frame}");
    }
    assert!(tried.len() > 40, "{} frames were tried", tried.len());
    eventually("every socket is gone", async || server.node().open_sockets() == 0).await;
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_in_the_lobby_is_refused_everything_but_leaving() {
    let server = Server::start().await;
    let mut waiting = Person::joins(&server, id(), Role::Student).await;
    for frame in frames("x:mic", "x") {
        let kind = frame["t"].as_str().unwrap();
        let expected = match kind {
            "ping" | "leave" | "stats" | "ice.restart" => continue,
            "sub.answer" => "stale_answer",
            _ => "wrong_state",
        };
        assert_eq!(waiting.is_refused(kind, frame["d"].clone()).await, expected, "{frame}");
        tokio::time::sleep(Duration::from_millis(210)).await;
    }
    waiting.asks_ok("ice.restart", json!({"pc": "sub"})).await;
    waiting.asks_ok("stats", json!({})).await;
    waiting.listens(Duration::from_millis(50)).await;
    assert!(!waiting.inbox.iter().any(|frame| frame["t"] == "sub.offer"), "{:?}", waiting.inbox);
    waiting.asks_ok("leave", Value::Null).await;
    assert_eq!(waiting.is_closed().await, 1000);
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_another_room_are_unknown_in_every_frame() {
    let server = Server::start().await;
    let mut victim = Person::joins(&server, id(), Role::Teacher).await;
    let mut media = Media::new(9).await;
    media.publishes(&mut victim).await;
    let (track, who) = (format!("{}:camera", victim.id), victim.id.to_string());
    let mut attacker = Person::joins(&server, id(), Role::Teacher).await;
    let all = frames(&track, &who);
    assert_eq!(kinds(&all), kinds_of_the_schema(), "each type of frame is tried");
    victim.listens(Duration::from_millis(50)).await;
    let told = victim.inbox.len();
    for frame in all {
        let kind = frame["t"].as_str().unwrap();
        let expected = match kind {
            "hello" => "wrong_state",
            "pub.offer" => "bad_sdp",
            "sub.answer" => "stale_answer",
            "sub.want" | "track.mute" => "unknown_track",
            "mod" => "unknown_participant",
            // These name neither a track nor a person.
            "ice.restart" | "chat.send" | "hand" | "record.consent" | "stats" | "ping" => {
                attacker.asks_ok(kind, frame["d"].clone()).await;
                continue;
            }
            _ => continue,
        };
        assert_eq!(attacker.is_refused(kind, frame["d"].clone()).await, expected, "{frame}");
        tokio::time::sleep(Duration::from_millis(210)).await;
    }
    // The sections of an offer are the caller's own, whatever they are called.
    let named = json!({"sdp": "v=0", "tracks": [{"mid": track, "source": "camera"}]});
    assert_eq!(attacker.is_refused("pub.offer", named).await, "bad_sdp");
    // A session of another room does not resume with the attacker's own secret.
    let resume = json!({"t": "hello", "d": {"resume":
        {"sid": victim.sid, "secret": attacker.secret, "last_seq": 0}}});
    let mut stranger = Person::silent(support::connect(&server.url(), None).await.unwrap());
    stranger.send(resume).await;
    assert_eq!(stranger.is_closed().await, 4401);
    attacker.asks_ok("leave", Value::Null).await;
    victim.listens(Duration::from_millis(100)).await;
    assert_eq!(victim.inbox.len(), told, "{:?}", victim.inbox);
    victim.asks_ok("track.mute", json!({"track": track, "muted": false})).await;
    media.close().await;
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_sent_twice_acts_once_and_gets_an_answer_each_time() {
    let server = Server::start().await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let mut student = Person::joins(&server, lesson, Role::Student).await;
    let (mut of_teacher, of_student) = (Media::new(1).await, Media::new(2).await);
    of_teacher.publishes(&mut teacher).await;
    let offer = student.wait("sub.offer").await;
    let sdp = of_student.answer(offer["d"]["sdp"].as_str().unwrap()).await;
    let answer = json!({"nid": offer["d"]["nid"], "sdp": sdp});
    student.asks_ok("sub.answer", answer.clone()).await;
    assert_eq!(student.is_refused("sub.answer", answer).await, "stale_answer");
    let camera = format!("{}:camera", teacher.id);
    for _ in 0..2 {
        student.asks_ok("hand", json!({"up": true})).await;
        student.asks_ok("sub.want", json!({"set": [{"track": camera, "q": "low"}]})).await;
        teacher.asks_ok("track.mute", json!({"track": camera, "muted": false})).await;
        teacher.asks_ok("mod", json!({"op": "lock"})).await;
    }
    teacher.listens(Duration::from_millis(100)).await;
    let hands: Vec<&Value> = teacher.inbox.iter().filter(|frame| frame["t"] == "hands").collect();
    assert!(hands.iter().all(|frame| frame["d"]["participants"] == json!([student.id.to_string()])));
    assert!(!hands.is_empty());
    let remove = json!({"op": "remove", "target": student.id});
    teacher.asks_ok("mod", remove.clone()).await;
    assert_eq!(teacher.is_refused("mod", remove).await, "unknown_participant");
    assert_eq!(student.is_closed().await, 4403);
    eventually("media of the removed one is gone", async || server.node().engine.known().0 == 1).await;
    let offer = of_teacher.publishing.create_offer(None).await.unwrap();
    let again = json!({"sdp": offer.sdp, "tracks": [{"mid": "0", "source": "mic"}, {"mid": "1", "source": "camera"}]});
    for _ in 0..2 {
        teacher.asks_ok("pub.offer", again.clone()).await;
    }
    of_teacher.close().await;
    of_student.close().await;
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frame_of_64_kib_is_read_and_a_longer_one_closes_its_connection() {
    let server = Server::start().await;
    let mut teacher = Person::joins(&server, id(), Role::Teacher).await;
    let empty = json!({"t": "chat.send", "id": 900, "d": {"text": ""}}).to_string().len();
    let fits = |bytes: usize| json!({"t": "chat.send", "id": 900, "d": {"text": "x".repeat(bytes - empty)}});
    teacher.send_raw(&fits(MAX_FRAME).to_string()).await;
    let refused = teacher.wait_for(|frame| frame["re"] == 900).await.unwrap();
    assert_eq!(refused["d"]["code"], "too_long");
    teacher.asks_ok("ping", Value::Null).await;
    teacher.send_raw(&fits(MAX_FRAME + 1).to_string()).await;
    assert_eq!(teacher.is_closed().await, 4413);
    server.handle.kill().await;
}
