//! Tests of the rules of a video session.

use std::collections::BTreeMap;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::property_testing::{any_command, any_history, check_history};
use crate::{AccountId, BookingId, Clock, ConnectionId, Decider, FixedClock, RefusalError, RoomId};

const TEACHER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));

fn room(number: u128) -> RoomId {
    RoomId(uuid::Uuid::from_u128(number))
}

fn connection(number: u128) -> ConnectionId {
    ConnectionId(uuid::Uuid::from_u128(number))
}

/// Returns the instant some seconds after the start of the lesson.
fn at(seconds: i64) -> Timestamp {
    "2026-11-25T13:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

fn given(events: Vec<VideoSessionEvent>) -> AggregateTestExecutor<VideoSession> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(at(0)));
    TestFramework::with(clock).given(events)
}

fn open(number: u128) -> VideoSessionCommand {
    let lesson_ends_at = at(3_600);
    VideoSessionCommand::OpenRoom {
        lesson_room_id: room(number),
        node: "rtc-1".to_owned(),
        at: at(0),
        lesson_ends_at,
    }
}

fn opened(number: u128) -> VideoSessionEvent {
    VideoSessionEvent::RoomOpened {
        lesson_room_id: room(number),
        node: "rtc-1".to_owned(),
        opened_at: at(0),
        lesson_ends_at: at(3_600),
    }
}

fn join(room_number: u128, number: u128, seconds: i64) -> VideoSessionCommand {
    VideoSessionCommand::RecordJoin {
        lesson_room_id: room(room_number),
        participant: ANNA,
        role: ParticipantRole::Student,
        connection_id: connection(number),
        at: at(seconds),
    }
}

fn joined(room_number: u128, number: u128, seconds: i64) -> VideoSessionEvent {
    VideoSessionEvent::ParticipantJoined {
        lesson_room_id: room(room_number),
        participant: ANNA,
        role: ParticipantRole::Student,
        connection_id: connection(number),
        joined_at: at(seconds),
    }
}

fn leave(number: u128, cause: LeaveCause, seconds: i64, until: i64) -> VideoSessionCommand {
    VideoSessionCommand::RecordLeave {
        participant: ANNA,
        connection_id: connection(number),
        cause,
        seconds,
        at: at(until),
    }
}

fn left(number: u128, cause: LeaveCause, seconds: i64, until: i64) -> VideoSessionEvent {
    VideoSessionEvent::ParticipantLeft {
        participant: ANNA,
        connection_id: connection(number),
        cause,
        seconds,
        left_at: at(until),
    }
}

fn close(number: u128, seconds: i64) -> VideoSessionCommand {
    VideoSessionCommand::CloseRoom {
        lesson_room_id: room(number),
        cause: RoomCloseCause::NodeLost,
        at: at(seconds),
    }
}

fn closed(number: u128, seconds: i64) -> VideoSessionEvent {
    VideoSessionEvent::RoomClosed {
        lesson_room_id: room(number),
        cause: RoomCloseCause::NodeLost,
        closed_at: at(seconds),
    }
}

#[test]
fn a_room_is_opened_once() {
    given(vec![]).when(open(1)).then_expect_events(vec![opened(1)]);
    given(vec![opened(1)]).when(open(1)).then_expect_events(vec![]);
    given(vec![opened(1), closed(1, 9)]).when(open(1)).then_expect_events(vec![]);
    given(vec![opened(1)]).when(open(2)).then_expect_events(vec![opened(2)]);
}

#[test]
fn a_stay_begins_once_and_ends_once_whatever_ends_it_first() {
    let history = vec![opened(1), joined(1, 1, 5)];
    given(history.clone()).when(join(1, 1, 5)).then_expect_events(vec![]);
    given(history.clone()).when(leave(1, LeaveCause::NodeLost, 25, 30)).then_expect_events(vec![left(
        1,
        LeaveCause::NodeLost,
        25,
        30,
    )]);
    let ended = [history, vec![left(1, LeaveCause::NodeLost, 25, 30)]].concat();
    given(ended.clone()).when(leave(1, LeaveCause::Left, 40, 45)).then_expect_events(vec![]);
    given(ended).when(join(1, 1, 5)).then_expect_events(vec![]);
}

#[test]
fn a_leave_without_its_join_is_refused() {
    let refused = |events, command| given(events).when(command).inspect_result().unwrap_err().refusal();
    assert_eq!(refused(vec![opened(1)], leave(1, LeaveCause::Left, 1, 1)).code, "stay_not_found");
    let VideoSessionCommand::RecordLeave { connection_id, cause, seconds, at, .. } =
        leave(1, LeaveCause::Left, 1, 6)
    else {
        panic!("another command")
    };
    let of_another =
        VideoSessionCommand::RecordLeave { participant: TEACHER, connection_id, cause, seconds, at };
    assert_eq!(refused(vec![opened(1), joined(1, 1, 5)], of_another).code, "stay_not_found");
}

#[test]
fn a_room_that_closes_ends_the_stays_that_go_on_in_it() {
    let history = vec![opened(1), opened(2), joined(1, 1, 0), joined(1, 2, 10), joined(2, 3, 20)];
    let history = [history, vec![left(1, LeaveCause::Left, 5, 5)]].concat();
    given(history)
        .when(close(1, 70))
        .then_expect_events(vec![left(2, LeaveCause::RoomClosed, 60, 70), closed(1, 70)]);
}

#[test]
fn a_closed_room_changes_no_longer() {
    let history = vec![opened(1), closed(1, 70)];
    given(history.clone()).when(close(1, 80)).then_expect_events(vec![]);
    given(history.clone()).when(join(1, 1, 60)).then_expect_events(vec![]);
    given(vec![]).when(close(1, 80)).then_expect_events(vec![]);
}

#[test]
fn a_leave_before_its_join_has_no_length() {
    given(vec![opened(1), joined(1, 1, 50)])
        .when(leave(1, LeaveCause::Lost, -3, 47))
        .then_expect_events(vec![left(1, LeaveCause::Lost, 0, 50)]);
}

#[test]
fn an_older_admission_removal_or_consent_changes_nothing() {
    let admit = |seconds| VideoSessionCommand::AdmitParticipant {
        participant: ANNA,
        by: Some(TEACHER),
        at: at(seconds),
    };
    let admitted = |seconds| VideoSessionEvent::ParticipantAdmitted {
        participant: ANNA,
        by: Some(TEACHER),
        admitted_at: at(seconds),
    };
    given(vec![admitted(5)]).when(admit(5)).then_expect_events(vec![]);
    given(vec![admitted(5)]).when(admit(4)).then_expect_events(vec![]);
    given(vec![admitted(5)]).when(admit(6)).then_expect_events(vec![admitted(6)]);
    let removal = |seconds| VideoSessionCommand::RecordRemoval {
        participant: ANNA,
        by: TEACHER,
        banned: true,
        at: at(seconds),
    };
    let removed = VideoSessionEvent::ParticipantRemoved {
        participant: ANNA,
        by: TEACHER,
        banned: true,
        removed_at: at(9),
    };
    given(vec![]).when(removal(9)).then_expect_events(vec![removed.clone()]);
    given(vec![removed]).when(removal(9)).then_expect_events(vec![]);
    let consent =
        |agreed, seconds| VideoSessionCommand::RecordConsent { participant: ANNA, agreed, at: at(seconds) };
    let consented = |agreed, seconds| VideoSessionEvent::RecordingConsented {
        participant: ANNA,
        agreed,
        answered_at: at(seconds),
    };
    given(vec![consented(true, 5)]).when(consent(false, 4)).then_expect_events(vec![]);
    given(vec![consented(true, 5)]).when(consent(true, 6)).then_expect_events(vec![]);
    given(vec![consented(true, 5)]).when(consent(false, 6)).then_expect_events(vec![consented(false, 6)]);
}

#[test]
fn an_absence_is_proposed_once_if_the_teacher_came_and_the_student_did_not() {
    let booking_id = BookingId(uuid::Uuid::from_u128(7));
    let propose = VideoSessionCommand::ProposeNoShow { booking_id, student: ANNA };
    let proposed = VideoSessionEvent::NoShowProposed { booking_id, student: ANNA };
    let teacher_joined = VideoSessionEvent::ParticipantJoined {
        lesson_room_id: room(1),
        participant: TEACHER,
        role: ParticipantRole::Teacher,
        connection_id: connection(9),
        joined_at: at(0),
    };
    let held = vec![opened(1), teacher_joined];
    given(vec![]).when(propose.clone()).then_expect_events(vec![]);
    given(vec![opened(1), joined(1, 1, 5)]).when(propose.clone()).then_expect_events(vec![]);
    given([held.clone(), vec![joined(1, 1, 5)]].concat()).when(propose.clone()).then_expect_events(vec![]);
    given(held.clone()).when(propose.clone()).then_expect_events(vec![proposed.clone()]);
    given([held, vec![proposed]].concat()).when(propose).then_expect_events(vec![]);
}

fn any_command() -> impl Strategy<Value = VideoSessionCommand> {
    let person = || prop::sample::select(vec![TEACHER, ANNA]);
    let number = || 0_u128..4;
    let seconds = || 0_i64..120;
    any_command!(VideoSessionCommand {
        OpenRoom: 2 => number().prop_map(open),
        AdmitParticipant: 1 => (person(), seconds()).prop_map(|(participant, seconds)| {
            VideoSessionCommand::AdmitParticipant { participant, by: None, at: at(seconds) }
        }),
        RecordJoin: 6 => (number(), number(), person(), seconds()).prop_map(|(of_room, number, participant, seconds)| {
            VideoSessionCommand::RecordJoin {
                lesson_room_id: room(of_room),
                participant,
                role: ParticipantRole::Student,
                connection_id: connection(number),
                at: at(seconds),
            }
        }),
        RecordLeave: 6 => (number(), person(), prop::sample::select(LeaveCause::ALL), -9_i64..99, seconds()).prop_map(
            |(number, participant, cause, length, seconds)| VideoSessionCommand::RecordLeave {
                participant,
                connection_id: connection(number),
                cause,
                seconds: length,
                at: at(seconds),
            }
        ),
        RecordRemoval: 1 => (person(), any::<bool>(), seconds()).prop_map(|(participant, banned, seconds)| {
            VideoSessionCommand::RecordRemoval { participant, by: TEACHER, banned, at: at(seconds) }
        }),
        RecordConsent: 1 => (person(), any::<bool>(), seconds()).prop_map(|(participant, agreed, seconds)| {
            VideoSessionCommand::RecordConsent { participant, agreed, at: at(seconds) }
        }),
        ProposeNoShow: 1 => (person(), number()).prop_map(|(student, number)| VideoSessionCommand::ProposeNoShow {
            booking_id: BookingId(uuid::Uuid::from_u128(number)),
            student,
        }),
        CloseRoom: 2 => (number(), seconds()).prop_map(|(number, seconds)| close(number, seconds)),
    })
}

proptest! {
    #[test]
    fn every_history_reads_back_as_it_was_written(steps in any_history(any_command(), 40)) {
        check_history::<VideoSession>(at(0), steps)?;
    }

    #[test]
    fn every_stay_begins_once_and_ends_at_most_once(commands in prop::collection::vec(any_command(), 0..60)) {
        let mut session = VideoSession::default();
        let mut stays: BTreeMap<ConnectionId, (AccountId, RoomId, Timestamp, bool)> = BTreeMap::new();
        let mut closed_rooms = Vec::new();
        for command in commands {
            let Ok(events) = session.decide(&command, at(0)) else { continue };
            for event in events {
                match &event {
                    VideoSessionEvent::ParticipantJoined { connection_id, participant, lesson_room_id, joined_at, .. } => {
                        prop_assert!(!closed_rooms.contains(lesson_room_id), "a closed room has no new stays");
                        let stay = (*participant, *lesson_room_id, *joined_at, false);
                        prop_assert_eq!(stays.insert(*connection_id, stay), None, "a connection joins once");
                    }
                    VideoSessionEvent::ParticipantLeft { connection_id, participant, seconds, left_at, .. } => {
                        let stay = stays.get_mut(connection_id).expect("a stay ends after it began");
                        prop_assert!(!stay.3, "a stay ends once");
                        prop_assert_eq!(stay.0, *participant);
                        prop_assert!(*left_at >= stay.2 && *seconds >= 0);
                        stay.3 = true;
                    }
                    VideoSessionEvent::RoomClosed { lesson_room_id, .. } => closed_rooms.push(*lesson_room_id),
                    VideoSessionEvent::RoomOpened { .. }
                    | VideoSessionEvent::ParticipantAdmitted { .. }
                    | VideoSessionEvent::ParticipantRemoved { .. }
                    | VideoSessionEvent::NoShowProposed { .. }
                    | VideoSessionEvent::RecordingConsented { .. } => {}
                }
                session.apply(event);
            }
            // The same report again changes nothing.
            prop_assert_eq!(session.decide(&command, at(0)).unwrap_or_default(), vec![]);
            for (_, lesson_room_id, _, ended) in stays.values() {
                prop_assert!(*ended || !closed_rooms.contains(lesson_room_id), "no stay outlives its room");
            }
        }
    }
}
