//! Tests of the lesson itself: reminders, start, completion, absence, report, review.

use super::fixtures::*;
use crate::scheduling::*;
use crate::*;

const START_LESSON: SlotCommand = SlotCommand::StartLesson { by: TEACHER };
const COMPLETE: SlotCommand = SlotCommand::CompleteLesson { by: TEACHER };

/// Lesson with Anna and Boris.
fn lesson() -> Vec<SlotEvent> {
    vec![opened(2), booked(1, ANNA), booked(2, BORIS)]
}

fn after(event: SlotEvent) -> Vec<SlotEvent> {
    [lesson(), vec![event]].concat()
}

fn no_show(n: u128, student: AccountId) -> NoShow {
    NoShow::Booking { booking_id: BookingId(id(n)), student }
}

fn absent(who: NoShow) -> SlotEvent {
    SlotEvent::NoShowRecorded { who }
}

fn review(by: AccountId, rating: u8) -> SlotCommand {
    SlotCommand::ReviewLesson { by, rating, text: None }
}

fn reviewed(n: u128, student: AccountId, rating: u8) -> SlotEvent {
    let booking_id = BookingId(id(n));
    SlotEvent::LessonReviewed { booking_id, student, teacher: TEACHER, rating, text: None }
}

#[test]
fn a_lesson_starts_from_a_quarter_of_an_hour_before_until_its_end() {
    when(lesson(), START - 16, START_LESSON).refused("too_early");
    when(lesson(), START - 15, START_LESSON).then(&[started()]);
    when(lesson(), START + 59, START_LESSON).then(&[started()]);
    when(lesson(), START + 60, START_LESSON).refused("lesson_over");
    when(after(started()), START, START_LESSON).then(&[]);
    when(after(completed()), START + 5, START_LESSON).refused("lesson_already_completed");
}

#[test]
fn only_the_teacher_holds_the_lesson() {
    when(lesson(), START, SlotCommand::StartLesson { by: ANNA }).refused("slot_not_found");
    when(lesson(), START, SlotCommand::CompleteLesson { by: ANNA }).refused("slot_not_found");
    when(vec![opened(1)], START, START_LESSON).refused("booking_not_found");
}

#[test]
fn a_lesson_is_completed_after_its_start_once() {
    when(lesson(), START - 1, COMPLETE).refused("too_early");
    when(after(started()), START - 1, COMPLETE).refused("too_early");
    when(lesson(), START, COMPLETE).then(&[completed()]);
    when(after(started()), START + 600, COMPLETE).then(&[completed()]);
    when(after(completed()), START + 600, COMPLETE).refused("lesson_already_completed");
}

#[test]
fn a_lesson_without_students_or_teacher_was_not_held() {
    when(vec![opened(1)], START, COMPLETE).refused("booking_not_found");
    when(after(absent(NoShow::Teacher { teacher: TEACHER })), START + 60, COMPLETE)
        .refused("lesson_not_held");
    when(after(SlotEvent::LessonCancelled { by: Party::Teacher, reason: None }), START, COMPLETE)
        .refused("slot_closed");
}

#[test]
fn the_teacher_says_which_student_did_not_come() {
    let record = |by, who| SlotCommand::RecordNoShow { by, who };
    when(lesson(), START - 1, record(TEACHER, no_show(1, ANNA))).refused("too_early");
    when(lesson(), START, record(TEACHER, no_show(1, ANNA))).then(&[absent(no_show(1, ANNA))]);
    when(after(absent(no_show(1, ANNA))), START, record(TEACHER, no_show(1, ANNA))).then(&[]);
    when(lesson(), START, record(TEACHER, no_show(1, BORIS))).refused("booking_not_found");
    when(lesson(), START, record(BORIS, no_show(1, ANNA))).refused("slot_not_found");
    when(after(completed()), START + 60, record(TEACHER, no_show(2, BORIS)))
        .then(&[absent(no_show(2, BORIS))]);
    let history = [after(completed()), vec![reviewed(1, ANNA, 5)]].concat();
    when(history, START + 60, record(TEACHER, no_show(1, ANNA))).refused("already_reviewed");
}

#[test]
fn a_student_says_that_the_teacher_did_not_come() {
    let who = NoShow::Teacher { teacher: TEACHER };
    let record = |by| SlotCommand::RecordNoShow { by, who };
    when(lesson(), START - 1, record(ANNA)).refused("too_early");
    when(lesson(), START, record(ANNA)).then(&[absent(who)]);
    when(after(absent(who)), START, record(BORIS)).then(&[]);
    when(lesson(), START, record(VERA)).refused("slot_not_found");
    when(after(absent(no_show(1, ANNA))), START, record(ANNA)).refused("not_attended");
    when(after(completed()), START, record(ANNA)).refused("lesson_already_completed");
}

#[test]
fn the_teacher_reports_what_was_done() {
    let report = |text: &str| SlotCommand::ReportLesson { by: TEACHER, text: text.to_owned() };
    let reported =
        SlotEvent::LessonReported { text: Personal::new(TEACHER, "Дроби\nпройдены".to_owned()) };
    when(after(started()), START, report("Дроби\nпройдены")).then(std::slice::from_ref(&reported));
    when(after(completed()), START, report(" Дроби\nпройдены ")).then(&[reported]);
    when(lesson(), START, report("Дроби")).refused("lesson_not_held");
    let problem = |code: &str| [("/text".to_owned(), code.to_owned())];
    assert_eq!(when(after(started()), START, report(" ")).problems(), problem("empty"));
    assert_eq!(when(after(started()), START, report(&"я".repeat(10_001))).problems(), problem("too_long"));
    let by_student = SlotCommand::ReportLesson { by: ANNA, text: "Дроби".to_owned() };
    when(after(started()), START, by_student).refused("slot_not_found");
}

#[test]
fn who_was_there_reviews_once() {
    when(after(completed()), START + 60, review(ANNA, 4)).then(&[reviewed(1, ANNA, 4)]);
    let history = [after(completed()), vec![reviewed(1, ANNA, 4)]].concat();
    when(history.clone(), START + 60, review(ANNA, 5)).refused("already_reviewed");
    when(history, START + 60, review(BORIS, 5)).then(&[reviewed(2, BORIS, 5)]);
    when(after(started()), START + 60, review(ANNA, 4)).refused("lesson_not_held");
    when(after(completed()), START + 60, review(VERA, 4)).refused("slot_not_found");
    when(after(completed()), START + 60, review(TEACHER, 5)).refused("slot_not_found");
    for rating in [0, 6, 255] {
        when(after(completed()), START + 60, review(ANNA, rating)).refused("invalid_fields");
    }
    let history = [after(completed()), vec![absent(no_show(1, ANNA))]].concat();
    when(history, START + 60, review(ANNA, 1)).refused("not_attended");
}

fn remind(person: AccountId, lead: ReminderLead, minutes: i64) -> SlotCommand {
    SlotCommand::RecordReminder { person, lead, starts_at: at(minutes) }
}

#[test]
fn everybody_in_a_lesson_is_reminded_once_of_its_present_start() {
    let reminded = SlotEvent::ReminderSent { person: ANNA, lead: ReminderLead::Hour, starts_at: at(START) };
    when(lesson(), START - 61, remind(ANNA, ReminderLead::Hour, START)).refused("too_early");
    when(lesson(), START - 60, remind(ANNA, ReminderLead::Hour, START)).then(std::slice::from_ref(&reminded));
    when(after(reminded), START - 59, remind(ANNA, ReminderLead::Hour, START)).then(&[]);
    when(lesson(), START - 60, remind(TEACHER, ReminderLead::Hour, START)).events();
    when(lesson(), START - 60, remind(VERA, ReminderLead::Hour, START)).refused("slot_not_found");
    when(lesson(), START - 60, remind(ANNA, ReminderLead::Hour, START + 1)).refused("slot_closed");
    when(lesson(), START, remind(ANNA, ReminderLead::Hour, START)).refused("slot_in_past");
}

#[test]
fn a_days_reminder_comes_before_an_hours() {
    when(lesson(), START - 24 * 60, remind(ANNA, ReminderLead::Day, START)).events();
    when(lesson(), START - 61, remind(ANNA, ReminderLead::Day, START)).events();
    when(lesson(), START - 60, remind(ANNA, ReminderLead::Day, START)).refused("slot_in_past");
}

#[test]
fn nobody_is_reminded_of_a_lesson_that_is_off() {
    when(vec![opened(1)], START - 60, remind(TEACHER, ReminderLead::Hour, START))
        .refused("booking_not_found");
    let off = after(SlotEvent::LessonCancelled { by: Party::Teacher, reason: None });
    when(off, START - 60, remind(TEACHER, ReminderLead::Hour, START)).refused("slot_closed");
    let left = after(cancelled(1, ANNA, Party::Student, None));
    when(left, START - 60, remind(ANNA, ReminderLead::Hour, START)).refused("slot_not_found");
}
