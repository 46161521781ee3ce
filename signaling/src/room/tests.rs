//! Tests of the room's rules by example.

use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::protocol::{ClientMessage, ModOp, Moderation, OfferedTrack};
use crate::report::LeaveCause;
use crate::token::Claims;

const START: i64 = 1_000_000;

pub(super) fn person(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

pub(super) fn claims(who: Uuid, role: Role) -> Claims {
    Claims {
        id: Uuid::nil(),
        node: "a".into(),
        lesson: person(100),
        participant: who,
        name: format!("Person {who}"),
        role,
        grants: Grants::of_role(role),
        starts_at: at(0),
        ends_at: at(3_600),
        auto_admit: true,
        issued_at: at(0),
        expires_at: at(60),
    }
}

pub(super) fn room() -> Room {
    let rules = Rules { starts_at: at(0), ends_at: at(3_600), auto_admit: true };
    Room::new(person(100), person(200), rules)
}

pub(super) fn role_of(who: u128) -> Role {
    match who {
        1 => Role::Teacher,
        6 => Role::Observer,
        _ => Role::Student,
    }
}

pub(super) fn tracks(sources: &[Source]) -> Vec<OfferedTrack> {
    let each = sources.iter().enumerate();
    each.map(|(mid, source)| OfferedTrack { mid: mid.to_string(), source: *source, muted: false }).collect()
}

pub(super) fn moderation(op: ModOp, target: Option<Uuid>) -> ClientMessage {
    ClientMessage::Moderate(Moderation { op, target: target.map(|who| who.to_string()), source: None })
}

fn with_teacher_and_student() -> Room {
    let mut room = room();
    room.join(at(0), &claims(person(1), Role::Teacher), person(11)).unwrap();
    room.join(at(1), &claims(person(2), Role::Student), person(12)).unwrap();
    room
}

#[test]
fn a_student_waits_until_the_teacher_is_there() {
    let mut room = room();
    room.join(at(-60), &claims(person(2), Role::Student), person(12)).unwrap();
    assert_eq!(room.presence(person(2)), Some(Presence::Lobby));
    assert!(room.state_for(person(2)).participants.is_empty());
    let effects = room.join(at(0), &claims(person(1), Role::Teacher), person(11)).unwrap();
    assert_eq!(room.presence(person(2)), Some(Presence::In));
    assert!(effects.iter().any(|effect| matches!(
        effect,
        Effect::Send { to, message: ServerMessage::Admitted(_) } if *to == person(2)
    )));
}

#[test]
fn the_room_is_open_from_15_minutes_before_to_30_after() {
    let teacher = claims(person(1), Role::Teacher);
    for (second, open) in [(-901, false), (-900, true), (5_399, true), (5_400, false)] {
        let joined = room().join(at(second), &teacher, person(11));
        assert_eq!(joined.is_ok(), open, "{second}");
    }
}

#[test]
fn a_newer_connection_of_the_same_person_replaces_the_older() {
    let mut room = with_teacher_and_student();
    let effects = room.join(at(9), &claims(person(2), Role::Student), person(22)).unwrap();
    let bye = Effect::Bye { to: person(2), connection: person(12), code: CloseCode::Replaced };
    assert!(effects.contains(&bye));
    assert_eq!(room.presence(person(2)), Some(Presence::In));
    // What the older connection still says has no effect.
    assert!(room.leave(at(10), person(2), person(12)).is_empty());
    assert_eq!(room.presence(person(2)), Some(Presence::In));
}

#[test]
fn a_quick_resume_is_invisible_to_the_others() {
    let mut room = with_teacher_and_student();
    assert!(room.lost(at(10), person(2), person(12)).is_empty());
    assert!(room.tick(at(12)).is_empty());
    assert_eq!(room.resumed(person(2), person(12)), Some(vec![]));
}

#[test]
fn a_lost_connection_ends_the_stay_at_its_loss_after_30_seconds() {
    let mut room = with_teacher_and_student();
    room.lost(at(101), person(2), person(12));
    assert!(room.tick(at(130)).iter().all(|effect| !matches!(effect, Effect::Report(_))));
    let effects = room.tick(at(131));
    let left = Fact::ParticipantLeft {
        participant: person(2),
        connection: person(12),
        cause: LeaveCause::Lost,
        seconds: 100,
    };
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Report(report) if report.fact == left)));
    assert_eq!(room.resumed(person(2), person(12)), None);
}

#[test]
fn hands_are_in_the_order_they_were_raised() {
    let mut room = with_teacher_and_student();
    room.join(at(2), &claims(person(3), Role::Student), person(13)).unwrap();
    for who in [3, 2, 3] {
        room.request(at(3), person(who), &ClientMessage::Hand { up: true }).unwrap();
    }
    assert_eq!(room.state_for(person(1)).hands, [person(3).to_string(), person(2).to_string()]);
    room.request(at(4), person(1), &moderation(ModOp::LowerHand, Some(person(3)))).unwrap();
    assert_eq!(room.state_for(person(1)).hands, [person(2).to_string()]);
}

#[test]
fn a_removed_person_waits_and_a_banned_one_stays_out() {
    let mut room = with_teacher_and_student();
    room.request(at(2), person(1), &moderation(ModOp::Remove, Some(person(2)))).unwrap();
    room.join(at(3), &claims(person(2), Role::Student), person(22)).unwrap();
    assert_eq!(room.presence(person(2)), Some(Presence::Lobby));
    room.request(at(4), person(1), &moderation(ModOp::Admit, Some(person(2)))).unwrap();
    assert_eq!(room.presence(person(2)), Some(Presence::In));
    room.request(at(5), person(1), &moderation(ModOp::Ban, Some(person(2)))).unwrap();
    let joined = room.join(at(6), &claims(person(2), Role::Student), person(32));
    assert_eq!(joined, Err(JoinRefusal::Banned));
    let next = Room::restore(person(100), person(201), room.rules(), &room.carry());
    assert_eq!(next.outcasts, room.outcasts);
}

#[test]
fn only_a_moderator_moderates_and_the_teacher_is_not_put_out() {
    let mut room = with_teacher_and_student();
    for op in [ModOp::Remove, ModOp::End, ModOp::Lock, ModOp::Mute] {
        let refused = room.request(at(2), person(2), &moderation(op, Some(person(1))));
        assert_eq!(refused, Err(ErrorCode::NotAllowed));
    }
    let own = room.request(at(2), person(1), &moderation(ModOp::Remove, Some(person(1))));
    assert_eq!(own, Err(ErrorCode::NotAllowed));
    let record = room.request(at(2), person(1), &moderation(ModOp::Record, None));
    assert_eq!(record, Err(ErrorCode::RecordingUnavailable));
    let stranger = room.request(at(2), person(1), &moderation(ModOp::Remove, Some(person(77))));
    assert_eq!(stranger, Err(ErrorCode::UnknownParticipant));
}

#[test]
fn a_dead_node_owes_each_stay_up_to_its_last_sign_of_life() {
    let room = with_teacher_and_student();
    let words = last_words(person(100), person(200), &room.carry(), at(50));
    let seconds: Vec<i64> = words
        .iter()
        .filter_map(|report| match report.fact {
            Fact::ParticipantLeft { seconds, .. } => Some(seconds),
            _ => None,
        })
        .collect();
    assert_eq!(seconds, [50, 49]);
    assert_eq!(words, last_words(person(100), person(200), &room.carry(), at(50)));
}
