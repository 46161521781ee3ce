//! Two people without a browser on a real node: media, mute, removal, resume.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use signaling::protocol::Role;
use signaling::report::{Fact, LeaveCause};
use support::media::Media;
use support::{Person, Server, eventually, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_see_and_hear_each_other_and_a_mute_holds_on_the_wire() {
    let started = Instant::now();
    let server = Server::start().await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let mut student = Person::joins(&server, lesson, Role::Student).await;
    let (mut of_teacher, mut of_student) = (Media::new(1).await, Media::new(2).await);
    of_teacher.publishes(&mut teacher).await;
    of_student.receives(&mut student, 2).await;
    of_student.publishes(&mut student).await;
    of_teacher.receives(&mut teacher, 2).await;

    let (mic, camera) = (format!("{}:mic", student.id), format!("{}:camera", student.id));
    let teachers = format!("{}:camera", teacher.id);
    eventually("all tracks arrive", async || {
        of_teacher.sends_frame().await;
        of_student.sends_frame().await;
        of_teacher.packets_of(&mic) > 5
            && of_teacher.packets_of(&camera) > 5
            && of_student.packets_of(&teachers) > 5
    })
    .await;
    let heard = of_teacher.heard();
    assert_eq!(heard[&camera].marks.keys().collect::<Vec<_>>(), [&2], "only the student's packets");
    assert_eq!(of_student.heard()[&teachers].marks.keys().collect::<Vec<_>>(), [&1]);
    let sequences = &heard[&camera].sequences;
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)), "{sequences:?}");

    // The moderator mutes; the student goes on sending, and nothing arrives.
    teacher.asks_ok("mod", json!({"op": "mute", "target": student.id})).await;
    student.wait_for(|frame| frame["t"] == "track" && frame["d"]["track"]["muted"] == true).await.unwrap();
    of_student.sends_for(Duration::from_millis(100)).await;
    let before = of_teacher.packets_of(&mic);
    let video_before = of_teacher.packets_of(&camera);
    of_student.sends_for(Duration::from_millis(300)).await;
    assert_eq!(of_teacher.packets_of(&mic), before, "a mute holds");
    assert!(of_teacher.packets_of(&camera) > video_before, "and the camera goes on");
    student.asks_ok("track.mute", json!({"track": mic, "muted": false})).await;
    eventually("the owner unmutes", async || {
        of_student.sends_frame().await;
        of_teacher.packets_of(&mic) > before
    })
    .await;

    // The socket breaks; media goes on, and no other participant notices.
    let again = student.resumes(&server.url()).await;
    drop(std::mem::replace(&mut student, again));
    let before = of_teacher.packets_of(&camera);
    of_student.sends_for(Duration::from_millis(200)).await;
    assert!(of_teacher.packets_of(&camera) > before);
    teacher.listens(Duration::from_millis(50)).await;
    let noticed = teacher.inbox.iter().any(|frame| {
        frame["d"]["op"] == "left" || frame["d"]["op"] == "changed" && frame["t"] == "participant"
    });
    assert!(!noticed, "{:?}", teacher.inbox);

    // A removed person neither sees nor is seen.
    teacher.asks_ok("mod", json!({"op": "remove", "target": student.id})).await;
    assert_eq!(student.is_closed().await, 4403);
    of_teacher.sends_for(Duration::from_millis(100)).await;
    let (seen, shown) = (of_student.packets_of(&teachers), of_teacher.packets_of(&camera));
    of_teacher.sends_for(Duration::from_millis(200)).await;
    of_student.sends_for(Duration::from_millis(100)).await;
    assert_eq!(of_student.packets_of(&teachers), seen);
    assert_eq!(of_teacher.packets_of(&camera), shown);
    assert_eq!(server.counter("dropped"), 0);
    eprintln!("two peers: {:?}", started.elapsed());
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attendance_is_exact_to_the_second_and_a_resume_is_no_second_stay() {
    let server = Server::start().await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let joined = Instant::now();
    let student = Person::joins(&server, lesson, Role::Student).await;
    let mut student = {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let again = student.resumes(&server.url()).await;
        drop(student);
        again
    };
    tokio::time::sleep(Duration::from_millis(800)).await;
    student.asks_ok("chat.send", json!({"text": "Понял"})).await;
    student.asks_ok("leave", serde_json::Value::Null).await;
    let stayed = joined.elapsed().as_secs_f64();
    assert_eq!(student.is_closed().await, 1000);
    teacher.asks_ok("mod", json!({"op": "end"})).await;
    assert_eq!(teacher.is_closed().await, 4410);
    eventually("the room is closed", async || {
        server.alone.reports().iter().any(|report| matches!(report.fact, Fact::RoomClosed { .. }))
    })
    .await;
    let reports = server.alone.reports();
    let numbers: Vec<u64> = reports.iter().map(|report| report.number).collect();
    assert_eq!(numbers, (1..=reports.len() as u64).collect::<Vec<_>>(), "in order, none missing");
    let of_student = |fact: &Fact| match fact {
        Fact::ParticipantLeft { participant, seconds, cause: LeaveCause::Left, .. }
            if *participant == student.id =>
        {
            Some(*seconds)
        }
        _ => None,
    };
    let stays: Vec<i64> = reports.iter().filter_map(|report| of_student(&report.fact)).collect();
    assert_eq!(stays.len(), 1, "{reports:?}");
    assert!((stays[0] as f64 - stayed).abs() <= 1.0, "{} s reported, {stayed} s stayed", stays[0]);
    let said = reports
        .iter()
        .filter(|report| matches!(&report.fact, Fact::ChatSent { text, .. } if text == "Понял"));
    assert_eq!(said.count(), 1);
    server.handle.kill().await;
}
