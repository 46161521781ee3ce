//! Teachers whom a request reaches.

use domain::accounts::ProfileChanges;
use domain::scheduling::{Initiator, LessonRequestCommand, SlotCommand};
use domain::{Command, Role};
use jiff::SignedDuration;
use projections::scheduling::RequestWaves;
use projections::scheduling::requests::{offers, request};

use crate::world::{World, in_hours, willing};

/// Only matching teachers are asked; the reasons for the others are kept.
#[tokio::test]
async fn a_request_reaches_whom_it_is_for_and_nobody_else() {
    let world = World::start().await;
    let student = world.registers(Role::Student).await;
    let willing_one = world.willing_teacher().await;
    let other_length = world.registers(Role::Teacher).await;
    world.tells(other_length, ProfileChanges { durations: Some(vec![45]), ..willing() }).await;
    let suspended = world.willing_teacher().await;
    world.suspends(suspended).await;
    let unwilling = world.registers(Role::Teacher).await;
    world.tells(unwilling, ProfileChanges { takes_requests: Some(false), ..willing() }).await;
    let id = world.requests(student, in_hours(48)).await;
    let found = world.searched(id).await;
    assert_eq!(found.offers.keys().collect::<Vec<_>>(), [&willing_one]);
    let row = loop {
        match request(&world.pool, id).await.unwrap() {
            Some(row) if row.considered.is_some() => break row,
            Some(_) | None => tokio::task::yield_now().await,
        }
    };
    assert_eq!((row.considered, row.asked, row.rules_version), (Some(3), 1, Some(1)));
    let mut excluded: Vec<_> = row
        .left_out
        .0
        .iter()
        .map(|teacher| (teacher.teacher, teacher.reasons.iter().map(|r| r.code.as_str()).collect::<Vec<_>>()))
        .collect();
    excluded.sort();
    let mut expected = vec![(other_length, vec!["duration"]), (suspended, vec!["active"])];
    expected.sort();
    assert_eq!(excluded, expected);
    let asked = offers(&world.pool, &[id], None).await.unwrap();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].reasons.0.iter().any(|reason| reason.code == "free_time"));
}

/// K9: every teacher who matches is asked, wave by wave, across restarts and once; the newest teacher is in the first
/// wave.
#[tokio::test]
async fn k9_the_others_are_asked_after_a_while_and_newcomers_have_their_share() {
    let interval = SignedDuration::from_millis(300);
    let mut world = World::with_waves(RequestWaves { size: 3, newcomer_percent: 30, interval }).await;
    let student = world.registers(Role::Student).await;
    let mut teachers = Vec::new();
    for _ in 0..8 {
        teachers.push(world.willing_teacher().await);
    }
    let id = world.requests(student, in_hours(48)).await;
    let first = world.eventually("the first wave", id, |request| request.matched).await;
    let newest = teachers[7];
    assert!(first.offers.len() >= 3 && first.offers.contains_key(&newest), "{:?}", first.offers);
    world.goes_deaf().await;
    world.listens().await;
    let all = world.eventually("all are asked", id, |request| request.offers.len() == 8).await;
    assert_eq!(all.next_wave_at, None);
    world.is_quiet().await;
    assert_eq!(world.events("RequestOffered").await, 8);
    assert_eq!(world.events("RequestMatched").await, 3);
    let waves = offers(&world.pool, &[id], None).await.unwrap();
    let of = |teacher| waves.iter().find(|offer| offer.teacher == teacher).unwrap().offered_at;
    let sizes: Vec<usize> = waves.chunk_by(|a, b| a.offered_at == b.offered_at).map(<[_]>::len).collect();
    assert_eq!(sizes, [3, 3, 2]);
    assert_eq!(of(newest), waves[0].offered_at);
}

/// K9: who joins while others wait is asked in a later wave, and a request that has ended has none.
#[tokio::test]
async fn k9_a_wave_takes_up_who_came_meanwhile_and_ends_with_the_request() {
    let interval = SignedDuration::from_millis(500);
    let world = World::with_waves(RequestWaves { size: 1, newcomer_percent: 0, interval }).await;
    let student = world.registers(Role::Student).await;
    for _ in 0..2 {
        world.willing_teacher().await;
    }
    let id = world.requests(student, in_hours(48)).await;
    world.eventually("the first wave", id, |request| request.matched).await;
    let late = world.willing_teacher().await;
    let all = world.eventually("all are asked", id, |request| request.offers.len() == 3).await;
    assert!(all.offers.contains_key(&late));
    let cancelled = world.requests(student, in_hours(72)).await;
    world.eventually("the first wave", cancelled, |request| request.matched).await;
    let cancel = Command::Request(cancelled, LessonRequestCommand::CancelRequest { student });
    world.asks(cancel).await;
    world.is_quiet().await;
    let ended = world.request(cancelled).await;
    assert!(ended.offers.len() < 3, "{:?}", ended.offers);
}

/// Intervals that overlap count, not only equal beginnings.
#[tokio::test]
async fn a_teacher_who_has_a_lesson_meanwhile_is_left_out() {
    let world = World::start().await;
    let student = world.registers(Role::Student).await;
    let (busy, free) = (world.willing_teacher().await, world.willing_teacher().await);
    let start = in_hours(48);
    world.opens(busy, start + SignedDuration::from_mins(30)).await;
    world.opens(free, start + SignedDuration::from_mins(60)).await;
    let id = world.requests(student, start).await;
    let found = world.searched(id).await;
    assert_eq!(found.offers.keys().collect::<Vec<_>>(), [&free]);
}

/// The search includes every event before the request, however far behind the read models are.
#[tokio::test]
async fn the_search_waits_for_what_was_told_before_the_request() {
    let mut world = World::deaf().await;
    let student = world.registers(Role::Student).await;
    for _ in 0..30 {
        world.registers(Role::Student).await;
    }
    let teacher = world.willing_teacher().await;
    let id = world.requests(student, in_hours(48)).await;
    world.listens().await;
    assert_eq!(world.searched(id).await.offers.keys().collect::<Vec<_>>(), [&teacher]);
}

/// No state lives in memory only.
#[tokio::test]
async fn restarts_ask_nobody_twice_and_forget_nobody() {
    let mut world = World::deaf().await;
    let student = world.registers(Role::Student).await;
    let teachers = 5;
    for _ in 0..teachers {
        world.willing_teacher().await;
    }
    let mut ids = Vec::new();
    for round in 0..4 {
        ids.push(world.requests(student, in_hours(48 + round)).await);
        // Restarts at a random moment of the search.
        world.listens().await;
        tokio::task::yield_now().await;
        world.goes_deaf().await;
    }
    world.listens().await;
    for id in &ids {
        assert_eq!(world.searched(*id).await.offers.len(), teachers);
    }
    assert_eq!(world.events("RequestMatched").await, 4);
    assert_eq!(world.events("RequestOffered").await, 20);
}

/// A teacher who opts in later is asked for open requests by the same rules, and once.
#[tokio::test]
async fn a_teacher_who_begins_to_match_is_asked_for_what_is_open() {
    let world = World::start().await;
    let student = world.registers(Role::Student).await;
    let (late, other) = (world.registers(Role::Teacher).await, world.registers(Role::Teacher).await);
    let (id, short) =
        (world.requests(student, in_hours(48)).await, world.requests(student, in_hours(72)).await);
    assert!(world.searched(id).await.offers.is_empty());
    world.asks(Command::Request(short, LessonRequestCommand::CancelRequest { student })).await;
    world.tells(other, ProfileChanges { grades: Some(vec!["9".to_owned()]), ..willing() }).await;
    world.tells(late, ProfileChanges { takes_requests: None, ..willing() }).await;
    world.tells(late, ProfileChanges { takes_requests: Some(true), ..ProfileChanges::default() }).await;
    let asked = world.eventually("asked", id, |request| !request.offers.is_empty()).await;
    assert_eq!(asked.offers.keys().collect::<Vec<_>>(), [&late]);
    world.tells(late, ProfileChanges { durations: Some(vec![60, 90]), ..ProfileChanges::default() }).await;
    let next = world.requests(student, in_hours(96)).await;
    world.searched(next).await;
    assert_eq!(world.request(id).await.offers.len(), 1);
    assert_eq!(world.events("RequestOffered").await, 2);
}

/// A teacher who was busy at the search is asked once their time becomes free.
/// The reasons of the other teachers are those of that moment.
#[tokio::test]
async fn a_teacher_whose_time_becomes_free_is_asked_for_what_is_open_then() {
    let world = World::start().await;
    let (student, pupil) = (world.registers(Role::Student).await, world.registers(Role::Student).await);
    let (busy, short) = (world.willing_teacher().await, world.willing_teacher().await);
    world.tells(short, ProfileChanges { durations: Some(vec![45]), ..willing() }).await;
    let start = in_hours(48);
    let lesson = world.opens(busy, start + SignedDuration::from_mins(30)).await;
    let other = world.opens(busy, start + SignedDuration::from_hours(24)).await;
    world.books(lesson, pupil).await;
    let id = world.requests(student, start).await;
    assert!(world.searched(id).await.offers.is_empty());
    let withdraw = SlotCommand::WithdrawSlot { by: Initiator::Person(busy), reason: None };
    world.asks(Command::Slot(other, withdraw)).await;
    world.is_quiet().await;
    assert_eq!(world.events("RequestMatched").await, 1, "that time is not asked for");
    let cancel = SlotCommand::CancelLesson { by: Initiator::Person(busy), reason: None };
    world.asks(Command::Slot(lesson, cancel)).await;
    let asked = world.eventually("asked", id, |request| !request.offers.is_empty()).await;
    assert_eq!(asked.offers.keys().collect::<Vec<_>>(), [&busy]);
    world.is_quiet().await;
    let row = request(&world.pool, id).await.unwrap().unwrap();
    let left_out: Vec<_> =
        row.left_out.0.iter().map(|out| (out.teacher, out.reasons[0].code.as_str())).collect();
    assert_eq!(left_out, [(short, "duration")]);
    let again = world.opens(busy, start).await;
    world
        .asks(Command::Slot(again, SlotCommand::WithdrawSlot { by: Initiator::Person(busy), reason: None }))
        .await;
    world.is_quiet().await;
    assert_eq!(world.events("RequestOffered").await, 1);
}
