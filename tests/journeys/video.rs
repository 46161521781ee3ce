//! A lesson in its lesson room: tokens, attendance, chat, and a node that dies.

use std::time::{Duration, Instant};

use domain::{Clock, SystemClock};
use jiff::Timestamp;
use serde_json::{Value, json};
use tests::{
    Answer, Person, RoomSocket, Settings, Stream, VideoNode, World, eventually, id_of, in_hours, in_minutes,
};

async fn world_with_video() -> World {
    let environment = vec![("KAFEDRA_VIDEO__ENABLED", "true".to_owned())];
    World::with(Settings { environment, ..Settings::default() }).await
}

/// Starts a node and waits until the API knows it.
async fn starts_node(world: &World, name: &'static str, lesson: &Answer, person: &Person) -> VideoNode {
    let node = world.starts_video_node(name);
    eventually("the lesson has a node", || async {
        let seen = person.looks_at(lesson).await.is(200);
        if seen["video_available"] == true { Ok(()) } else { Err(format!("{seen:?}")) }
    })
    .await;
    node
}

/// Attendance of one person.
fn of_person(attendance: &Answer, person: &Person) -> Value {
    let people = attendance["people"].as_array().cloned().unwrap_or_default();
    let found = people.into_iter().find(|one| one["account_id"] == person.id.as_str());
    found.unwrap_or_else(|| panic!("{} is missing: {attendance:?}", person.id))
}

/// Waits until the person has left the lesson room as the attendance shows it.
async fn has_left(reader: &Person, lesson: &Answer, person: &Person) -> Value {
    eventually("the stay has ended", || async {
        let attendance = reader.reads_attendance(lesson).await.is(200);
        let one = of_person(&attendance, person);
        let ended = one["stays"].as_array().is_some_and(|stays| !stays.is_empty()) && one["present"] == false;
        if ended { Ok(one) } else { Err(one.to_string()) }
    })
    .await
}

fn is_about(seconds: &Value, measured: Duration) {
    let seconds = seconds.as_i64().expect("seconds");
    let difference = seconds as f64 - measured.as_secs_f64();
    assert!(difference.abs() <= 1.0, "{seconds} s are shown, {measured:?} were measured");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_serves_once_for_people_of_the_lesson_in_its_time() {
    let world = world_with_video().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let stranger = world.student().registers().await;
    let admin = world.admin().await;
    let lesson = teacher.offers(in_minutes(10)).await;
    teacher.asks_for_token(&lesson).await.refused(409, "no_video");
    student.books(&lesson).await.is(201);
    assert_eq!(teacher.looks_at(&lesson).await.is(200)["video_available"], false);
    teacher.asks_for_token(&lesson).await.refused(503, "video_unavailable");
    let _node = starts_node(&world, "a", &lesson, &teacher).await;

    stranger.asks_for_token(&lesson).await.refused(403, "not_in_lesson");
    let later = teacher.offers(in_hours(3)).await;
    student.books(&later).await.is(201);
    student.asks_for_token(&later).await.refused(409, "too_early");
    teacher.cancels(&later).await.is(200);
    teacher.asks_for_token(&later).await.refused(409, "no_video");

    let token = student.asks_for_token(&lesson).await.is(200);
    assert_eq!(token["ice_servers"], json!([]));
    assert!(!token["url"].as_str().expect("a url").contains(token["token"].as_str().expect("a token")));
    let mut first = RoomSocket::connect(&token).await;
    assert_eq!(first.gets("welcome").await["d"]["state"], "lobby");
    assert_eq!(RoomSocket::connect(&token).await.is_closed().await, 4401);

    let mut room = teacher.enters(&lesson).await;
    first.gets("admitted").await;
    let observer = admin.asks_for_token(&lesson).await.is(200);
    let mut observer = RoomSocket::connect(&observer).await;
    let welcome = observer.gets("welcome").await;
    assert_eq!((&welcome["d"]["state"], &welcome["d"]["role"]), (&json!("lobby"), &json!("observer")));
    room.does("mod", json!({ "op": "admit", "target": admin.id })).await;
    observer.gets("admitted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attendance_is_what_happened_in_the_room() {
    let world = world_with_video().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let (stranger, admin) = (world.teacher().registers().await, world.admin().await);
    let lesson = teacher.offers(in_minutes(5)).await;
    student.books(&lesson).await.is(201);
    let _node = starts_node(&world, "a", &lesson, &teacher).await;
    let empty = teacher.reads_attendance(&lesson).await.is(200);
    assert_eq!(of_person(&empty, &student)["seconds"], 0);

    let mut desk = teacher.enters(&lesson).await;
    let mut room = student.enters(&lesson).await;
    let joined = Instant::now();
    room.does("chat.send", json!({ "text": "Здравствуйте!" })).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    room.leaves().await;
    let first = joined.elapsed();
    // A reconnection: the pause does not count.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut again = student.enters(&lesson).await;
    let rejoined = Instant::now();
    again.does("record.consent", json!({ "agreed": true })).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    again.leaves().await;
    let second = rejoined.elapsed();

    let seen = eventually("both stays are there", || async {
        let one = has_left(&teacher, &lesson, &student).await;
        if one["stays"][0]["reconnections"] == 1 { Ok(one) } else { Err(one.to_string()) }
    })
    .await;
    is_about(&seen["seconds"], first + second);
    let stays = seen["stays"].as_array().expect("stays");
    assert_eq!((stays.len(), &stays[0]["cause"]), (1, &json!("left")));
    let present = teacher.reads_attendance(&lesson).await.is(200);
    assert_eq!(of_person(&present, &teacher)["present"], true);
    desk.leaves().await;
    has_left(&teacher, &lesson, &teacher).await;

    // The teacher and staff read it, and no other person.
    assert_eq!(
        admin.reads_attendance(&lesson).await.is(200)["people"],
        teacher.reads_attendance(&lesson).await["people"]
    );
    stranger.reads_attendance(&lesson).await.refused(404, "slot_not_found");
    student.reads_attendance(&lesson).await.refused(403, "forbidden");

    // The chat is in the conversation of the two, once.
    let conversations = student.get("/conversations").await.is(200);
    let conversation = conversations["/data/0/id"].as_str().expect("a conversation").to_owned();
    let path = format!("/conversations/{conversation}/messages");
    let messages = eventually("the chat message is there", || async {
        let messages = teacher.get(&path).await.is(200);
        if messages["/data/0/body"] == "Здравствуйте!" {
            Ok(messages)
        } else {
            Err(format!("{messages:?}"))
        }
    })
    .await;
    assert_eq!(messages["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(messages["/data/0/sender_id"], student.id.as_str());

    // Staff see the stays in the timeline.
    let path = format!("/crm/users/{}/timeline", student.id);
    let timeline = admin.get(&path).await.is(200);
    let of_room = |kind: &str| {
        let rows = timeline["data"].as_array().expect("rows");
        rows.iter().filter(|row| row["type"] == kind).count()
    };
    assert_eq!((of_room("ParticipantLeft"), of_room("ParticipantJoined")), (2, 2), "{timeline:?}");

    the_auditor_reads_the_stays(&world, &admin, &lesson, &student, first + second).await;

    // An erased student stays in the attendance without a name.
    let name = student.name.clone();
    student.erases_themselves().await.ok();
    eventually("the student has no name any longer", || async {
        let attendance = teacher.reads_attendance(&lesson).await.is(200);
        if attendance.text().contains(&name) { Err(format!("{attendance:?}")) } else { Ok(()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_node_ends_each_stay_once_and_the_lesson_goes_on_elsewhere() {
    let world = world_with_video().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let lesson = teacher.offers(in_minutes(5)).await;
    student.books(&lesson).await.is(201);
    let mut node = starts_node(&world, "a", &lesson, &teacher).await;
    let mut desk = teacher.enters(&lesson).await;
    let before = SystemClock.now();
    let _room = student.enters(&lesson).await;
    let joined = SystemClock.now();
    let alive = eventually("the node gives signs of life", || async {
        let alive = last_sign_of_life(&world).await;
        if alive.duration_since(joined).as_secs() >= 2 { Ok(alive) } else { Err(format!("{alive}")) }
    })
    .await;
    node.is_killed();
    let killed = SystemClock.now();
    desk.is_closed().await;

    let _other = world.starts_video_node("b");
    let seen = has_left(&teacher, &lesson, &student).await;
    assert_eq!(seen["stays"][0]["cause"], "node_lost", "{seen}");
    // The stay ends at the last sign of life, which is this one or a later one.
    let seconds = seen["seconds"].as_f64().expect("seconds");
    let least = alive.duration_since(joined).as_secs_f64().floor();
    let most = killed.duration_since(before).as_secs_f64().ceil();
    assert!((least..=most).contains(&seconds), "{seconds} s are shown, {least} to {most} were measured");
    eventually("the lesson has a node", || async {
        let token = teacher.asks_for_token(&lesson).await;
        if token.status == 200 { Ok(()) } else { Err(format!("{token:?}")) }
    })
    .await;
    let mut back = teacher.enters(&lesson).await;
    back.leaves().await;
    eventually("the third stay has ended", || async {
        match count(&world, &lesson, "ParticipantLeft").await {
            ended if ended >= 3 => Ok(()),
            ended => Err(format!("{ended} have ended")),
        }
    })
    .await;
    assert_eq!(count(&world, &lesson, "ParticipantLeft").await, 3);
}

/// Reads from the record of the only lesson room when its node was last heard of.
async fn last_sign_of_life(world: &World) -> Timestamp {
    let name = format!("{}_RTC_ROOMS", world.stream.name.to_uppercase());
    let rooms = Stream::connect(world.servers.nats_url(), &name).await;
    let records = rooms.messages().await.expect("the records of the rooms");
    let record: Value = serde_json::from_str(&records[0].body).expect("a record");
    record["alive_at"].as_str().expect("an instant").parse().expect("an instant")
}

/// The log has each stay once, with its seconds, and the answer to the question of a recording.
async fn the_auditor_reads_the_stays(
    world: &World,
    admin: &Person,
    lesson: &Answer,
    student: &Person,
    measured: Duration,
) {
    let auditor = world.auditor(admin).await;
    let path = format!("/audit/events?stream_type=VideoSession&stream_id={}", id_of(lesson));
    let events = eventually("three stays are in the log", || async {
        let events = auditor.get(&path).await.is(200);
        let ended = events.rows().iter().filter(|event| event["type"] == "ParticipantLeft").count();
        if ended == 3 { Ok(events) } else { Err(format!("{events:?}")) }
    })
    .await;
    let of = |kind: &str| -> Vec<Value> {
        events
            .rows()
            .iter()
            .filter(|event| event["type"] == kind)
            .map(|event| event["payload"][kind].clone())
            .collect()
    };
    assert_eq!((of("RoomOpened").len(), of("ParticipantJoined").len()), (1, 3), "{events:?}");
    let stays = of("ParticipantLeft");
    let own = stays.iter().filter(|stay| stay["participant"] == student.id.as_str());
    let seconds: i64 = own.map(|stay| stay["seconds"].as_i64().expect("seconds")).sum();
    // Each of the two stays is rounded by itself.
    let difference = seconds as f64 - measured.as_secs_f64();
    assert!(difference.abs() <= 2.0, "{seconds} s are in the log, {measured:?} were measured");
    let consents = of("RecordingConsented");
    assert_eq!(consents.len(), 1, "{events:?}");
    assert_eq!((&consents[0]["participant"], &consents[0]["agreed"]), (&json!(student.id), &json!(true)));
}

/// Number of events of a lesson room.
async fn count(world: &World, lesson: &Answer, kind: &str) -> i64 {
    let sql = "select count(*) from log.events
               where aggregate_type = 'VideoSession' and aggregate_id = $1 and event_type = $2";
    let counted = sqlx::query_scalar(sql).bind(id_of(lesson)).bind(kind).fetch_one(&world.pool).await;
    counted.expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_counts_once_however_often_it_comes_and_a_chat_text_leaves_the_stream() {
    let world = world_with_video().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let lesson = teacher.offers(in_minutes(5)).await;
    student.books(&lesson).await.is(201);
    let _node = starts_node(&world, "a", &lesson, &teacher).await;
    let mut desk = teacher.enters(&lesson).await;
    let mut room = student.enters(&lesson).await;
    room.does("chat.send", json!({ "text": "Здравствуйте!" })).await;
    room.leaves().await;
    desk.leaves().await;
    has_left(&teacher, &lesson, &student).await;
    has_left(&teacher, &lesson, &teacher).await;

    let name = format!("{}_RTC_REPORTS", world.stream.name.to_uppercase());
    let reports = Stream::connect(world.servers.nats_url(), &name).await;
    let told = eventually("the text is gone", || async {
        let told = reports.messages().await?;
        let has_text = told.iter().any(|message| message.body.contains("Здравствуйте"));
        if has_text { Err("it is in the stream".to_owned()) } else { Ok(told) }
    })
    .await;
    assert!(told.len() >= 5, "{told:?}");
    for message in &told {
        reports.publish(&message.subject, &message.body).await;
    }
    reports.publish(&told[0].subject, "{\"no\":\"report\"}").await;

    // The next stay shows that the consumer has passed the repetitions.
    let mut again = teacher.enters(&lesson).await;
    again.leaves().await;
    eventually("the second stay has ended", || async {
        let one = has_left(&teacher, &lesson, &teacher).await;
        if one["stays"][0]["reconnections"] == 1 { Ok(()) } else { Err(one.to_string()) }
    })
    .await;
    assert_eq!(count(&world, &lesson, "ParticipantJoined").await, 3);
    assert_eq!(count(&world, &lesson, "ParticipantLeft").await, 3);
    let conversations = student.get("/conversations").await.is(200);
    assert_eq!(conversations["/data/0/head_sequence"], 1, "{conversations:?}");
}

/// The lesson room of a lesson that is over stays closed. The demo school has lessons of the past.
#[tokio::test(flavor = "multi_thread")]
async fn the_lesson_room_of_a_past_lesson_is_closed() {
    let world = World::start().await;
    let seeded = world.kafedra(&["demo", "seed", "--people", "30"]).await;
    let seeded: Value = serde_json::from_slice(&seeded.stdout).expect("the seeded school");
    let admin = world.admin().await;
    let position = seeded["position"].as_u64().expect("a position");
    let teachers = admin.get_at(position, "/crm/users?type=teacher&status=active&limit=100").await.is(200);
    for teacher in teachers.rows() {
        let credentials = json!({ "email": teacher["email"], "password": seeded["password"] });
        let session = world.client().post("/session", &credentials).await;
        let Some(token) = session["token"].as_str().filter(|_| session.status == 200) else { continue };
        let call = |method: &str, path: &str| world.client().call(method, path).bearer(token);
        let lessons = call("GET", "/lessons?status=completed").send().await.is(200);
        let Some(lesson) = lessons.rows().first() else { continue };
        let path = format!("/lessons/{}/video-token", lesson["id"].as_str().expect("an id"));
        call("POST", &path).json(&json!({})).send().await.refused(409, "video_closed");
        return;
    }
    panic!("no teacher has a past lesson: {teachers:?}");
}
