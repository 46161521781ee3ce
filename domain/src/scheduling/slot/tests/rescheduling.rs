//! Tests of rescheduling: proposals, answers and moves.

use super::fixtures::*;
use crate::scheduling::*;
use crate::*;

const LATER: i64 = START + 24 * 60;

fn propose(by: AccountId, minutes: i64) -> SlotCommand {
    SlotCommand::ProposeReschedule { proposal_id: ProposalId(id(8)), by, starts_at: at(minutes) }
}

fn proposed(by: Party, proposer: AccountId, until: i64) -> SlotEvent {
    SlotEvent::RescheduleProposed {
        proposal_id: ProposalId(id(8)),
        by,
        proposer,
        starts_at: at(LATER),
        ends_at: at(LATER + 60),
        expires_at: at(until),
    }
}

fn accept(by: AccountId) -> SlotCommand {
    SlotCommand::AcceptReschedule { by }
}

fn accepted(by: AccountId) -> SlotEvent {
    SlotEvent::RescheduleAccepted { proposal_id: ProposalId(id(8)), by }
}

fn expired() -> SlotEvent {
    SlotEvent::RescheduleExpired { proposal_id: ProposalId(id(8)) }
}

fn moved(people: &[AccountId]) -> SlotEvent {
    SlotEvent::LessonMoved {
        from: period(),
        to: Period::of_minutes(at(LATER), 60).unwrap(),
        people: people.to_vec(),
    }
}

/// Lesson with two students and the teacher's proposal to them.
fn asked() -> Vec<SlotEvent> {
    vec![opened(3), booked(1, ANNA), booked(2, BORIS), proposed(Party::Teacher, TEACHER, 24 * 60)]
}

#[test]
fn a_proposal_stands_a_day_and_ends_an_hour_before_either_start() {
    let history = vec![opened(1), booked(1, ANNA)];
    when(history.clone(), 0, propose(TEACHER, LATER)).then(&[proposed(Party::Teacher, TEACHER, 24 * 60)]);
    when(history.clone(), 0, propose(ANNA, LATER)).then(&[proposed(Party::Student, ANNA, 24 * 60)]);
    when(history.clone(), START - 600, propose(ANNA, LATER)).then(&[proposed(
        Party::Student,
        ANNA,
        START - 60,
    )]);
    when(history.clone(), START - 60, propose(ANNA, LATER)).refused("proposal_expired");
    when(history, 0, propose(ANNA, 60)).refused("proposal_expired");
}

#[test]
fn what_cannot_be_is_not_proposed() {
    let history = vec![opened(1), booked(1, ANNA)];
    when(history.clone(), 0, propose(BORIS, LATER)).refused("slot_not_found");
    when(history.clone(), 120, propose(ANNA, 100)).refused("slot_in_past");
    when(history.clone(), 0, propose(ANNA, START)).refused("invalid_fields");
    when(history.clone(), 0, propose(ANNA, 3 * 366 * 24 * 60)).refused("invalid_fields");
    when(history.clone(), START, propose(ANNA, LATER)).refused("slot_in_past");
    when(vec![opened(1)], 0, propose(TEACHER, LATER)).refused("booking_not_found");
    when([history, vec![started()]].concat(), START - 5, propose(TEACHER, LATER)).refused("slot_closed");
}

#[test]
fn a_student_proposes_only_when_alone() {
    let history = vec![opened(2), booked(1, ANNA), booked(2, BORIS)];
    when(history, 0, propose(ANNA, LATER)).refused("not_alone");
}

#[test]
fn one_proposal_is_open_at_a_time() {
    let history = vec![opened(1), booked(1, ANNA), proposed(Party::Teacher, TEACHER, 24 * 60)];
    when(history.clone(), 1, propose(TEACHER, LATER)).then(&[]);
    when(history.clone(), 1, propose(ANNA, LATER)).refused("already_proposed");
    // A new proposal replaces an expired one, with or without its timer.
    when(history, 24 * 60, propose(ANNA, LATER))
        .then(&[expired(), proposed(Party::Student, ANNA, START - 60)]);
}

#[test]
fn the_lesson_moves_when_the_last_one_agrees() {
    when(asked(), 1, accept(ANNA)).then(&[accepted(ANNA)]);
    let one = [asked(), vec![accepted(ANNA)]].concat();
    when(one.clone(), 1, accept(ANNA)).then(&[]);
    let all = [accepted(BORIS), moved(&[TEACHER, ANNA, BORIS])];
    when(one.clone(), 1, accept(BORIS)).then(&all);
    let slot = fold(&[one, all.to_vec()].concat());
    let lesson = slot.lesson().unwrap();
    assert_eq!((lesson.period.starts_at, lesson.proposal.clone()), (at(LATER), None));
}

#[test]
fn the_teacher_agrees_to_what_a_student_proposes() {
    let history = vec![opened(1), booked(1, ANNA), proposed(Party::Student, ANNA, 24 * 60)];
    when(history.clone(), 1, accept(ANNA)).refused("own_proposal");
    when(history.clone(), 1, accept(BORIS)).refused("slot_not_found");
    when(history, 1, accept(TEACHER)).then(&[accepted(TEACHER), moved(&[TEACHER, ANNA])]);
}

#[test]
fn who_books_meanwhile_is_asked_too() {
    let history = [asked(), vec![booked(3, VERA), accepted(ANNA), accepted(BORIS)]].concat();
    when(history, 1, accept(VERA)).then(&[accepted(VERA), moved(&[TEACHER, ANNA, BORIS, VERA])]);
}

#[test]
fn one_decline_ends_it() {
    let decline = |by| SlotCommand::DeclineReschedule { by };
    let declined = SlotEvent::RescheduleDeclined { proposal_id: ProposalId(id(8)), by: BORIS };
    when(asked(), 1, decline(BORIS)).then(std::slice::from_ref(&declined));
    when(asked(), 1, decline(TEACHER)).refused("own_proposal");
    let over = [asked(), vec![declined]].concat();
    when(over, 1, accept(ANNA)).refused("proposal_not_found");
}

#[test]
fn nobody_answers_what_has_expired() {
    let expire = SlotCommand::ExpireReschedule { proposal_id: ProposalId(id(8)) };
    when(asked(), 24 * 60, accept(ANNA)).refused("proposal_expired");
    when(asked(), 24 * 60 - 1, expire.clone()).refused("too_early");
    when(asked(), 24 * 60, expire.clone()).then(&[expired()]);
    when(vec![opened(1)], 24 * 60, expire).then(&[]);
    let other = SlotCommand::ExpireReschedule { proposal_id: ProposalId(id(9)) };
    when(asked(), 24 * 60, other).then(&[]);
}

#[test]
fn a_proposal_ends_with_the_lesson_and_with_its_proposer() {
    let cancel_lesson = SlotCommand::CancelLesson { by: Initiator::Person(TEACHER), reason: None };
    assert_eq!(when(asked(), 1, cancel_lesson).events()[0], expired());
    let own = vec![opened(1), booked(1, ANNA), proposed(Party::Student, ANNA, 24 * 60)];
    when(own, 1, cancel(1, ANNA)).then(&[cancelled(1, ANNA, Party::Student, None), expired()]);
    // The cancellation of another student does not end it, unless no student is left to answer.
    when(asked(), 1, cancel(1, ANNA)).then(&[cancelled(1, ANNA, Party::Student, None)]);
    let answered = [asked(), vec![accepted(BORIS)]].concat();
    when(answered, 1, cancel(1, ANNA)).then(&[cancelled(1, ANNA, Party::Student, None), expired()]);
    let history = [asked(), vec![expired()]].concat();
    when(history, 1, cancel(1, ANNA)).then(&[cancelled(1, ANNA, Party::Student, None)]);
    assert_eq!(when(asked(), START - 5, SlotCommand::StartLesson { by: TEACHER }).events()[0], expired());
}

#[test]
fn the_line_stays_when_the_lesson_moves_and_holds_go() {
    let history = vec![
        opened(2),
        booked(1, ANNA),
        held(5, BORIS, 10),
        waiting(6, VERA),
        proposed(Party::Teacher, TEACHER, 24 * 60),
    ];
    when(history, 1, accept(ANNA)).then(&[
        accepted(ANNA),
        released(5, HoldEnd::Cancelled),
        moved(&[TEACHER, ANNA]),
    ]);
}

#[test]
fn a_move_claims_the_new_time_of_everybody_and_frees_the_old() {
    let time = |person| Claim::Time { person, from: at(LATER), to: at(LATER + 60) };
    assert_eq!(moved(&[TEACHER, ANNA]).claims(), [Claim::ReleaseAllTime, time(TEACHER), time(ANNA)]);
}
