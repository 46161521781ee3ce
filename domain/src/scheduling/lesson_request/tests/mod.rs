//! Tests of a lesson request, by given, when, then.

mod places;
mod random;

use std::sync::Arc;

use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use jiff::Timestamp;

use super::*;
use crate::scheduling::LessonFormat;
use crate::{
    AccountId, Clock, Command, Currency, FixedClock, Money, Personal, Reason, RefusalError, RequestId, SlotId,
};

const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
const VERA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000003"));
const LESSON: SlotId = SlotId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000a1"));
const NOW: &str = "2026-11-24T09:00:00Z";
const START: &str = "2026-11-25T15:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn given_at(now: &str, events: Vec<LessonRequestEvent>) -> AggregateTestExecutor<LessonRequest> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(at(now)));
    TestFramework::with(clock).given(events)
}

fn given(events: Vec<LessonRequestEvent>) -> AggregateTestExecutor<LessonRequest> {
    given_at(NOW, events)
}

fn code(result: Result<Vec<LessonRequestEvent>, LessonRequestError>) -> &'static str {
    result.unwrap_err().refusal().code
}

fn rub(amount: i64) -> Money {
    Money { amount, currency: Currency::RUB }
}

fn new_request() -> NewRequest {
    NewRequest {
        student: ANNA,
        terms: RequestTerms {
            grade: "11".to_owned(),
            subject: "physics".to_owned(),
            goals: vec!["ege".to_owned()],
            experience: None,
            duration_minutes: 60,
            format: LessonFormat::Online,
            city: None,
            starts_at: at(START),
            max_price: Some(rub(200_000)),
        },
        comment: Some("Оптика, второй вариант".to_owned()),
        place: 0,
    }
}

fn requested() -> LessonRequestEvent {
    let NewRequest { student, terms, comment, place } = new_request();
    LessonRequestEvent::LessonRequested {
        student,
        terms: Box::new(terms),
        comment: comment.map(|text| Personal::new(ANNA, text)),
        expires_at: at("2026-11-25T10:00:00Z"),
        place: Some(place),
    }
}

fn offered(teacher: AccountId) -> LessonRequestEvent {
    LessonRequestEvent::RequestOffered { teacher, rules_version: 1, reasons: vec![Reason::rule("subject")] }
}

fn matched(offered: u32) -> LessonRequestEvent {
    matched_until(offered, None)
}

/// The other teachers are asked at that instant.
fn matched_until(offered: u32, next_wave_at: Option<&str>) -> LessonRequestEvent {
    LessonRequestEvent::RequestMatched {
        rules_version: 1,
        considered: 5,
        offered,
        excluded: Vec::new(),
        next_wave_at: next_wave_at.map(at),
    }
}

fn offering(teachers: &[AccountId]) -> LessonRequestCommand {
    offering_until(teachers, None)
}

fn offering_until(teachers: &[AccountId], next_wave_at: Option<&str>) -> LessonRequestCommand {
    let offer = |teacher: &AccountId| Offer { teacher: *teacher, reasons: vec![Reason::rule("subject")] };
    LessonRequestCommand::OfferRequest {
        rules_version: 1,
        considered: 5,
        offers: teachers.iter().map(offer).collect(),
        excluded: Vec::new(),
        next_wave_at: next_wave_at.map(at),
    }
}

/// Request to Vera and Boris.
fn open() -> Vec<LessonRequestEvent> {
    vec![requested(), offered(VERA), offered(BORIS), matched(2)]
}

fn open_and(event: LessonRequestEvent) -> Vec<LessonRequestEvent> {
    let mut events = open();
    events.push(event);
    events
}

fn accepted(teacher: AccountId) -> LessonRequestEvent {
    LessonRequestEvent::RequestAccepted { teacher, slot_id: LESSON, price: rub(150_000) }
}

fn accepting(teacher: AccountId) -> LessonRequestCommand {
    LessonRequestCommand::AcceptRequest { teacher, slot_id: LESSON, price: rub(150_000) }
}

#[test]
fn a_request_is_open_until_five_hours_before_the_lesson() {
    given(vec![])
        .when(LessonRequestCommand::RequestLesson(Box::new(new_request())))
        .then_expect_events(vec![requested()]);
    let again = given(open()).when(LessonRequestCommand::RequestLesson(Box::new(new_request())));
    assert_eq!(code(again.inspect_result()), "request_already_made");
}

/// The next teachers are asked at their time, and not before, by any search.
#[test]
fn k9_the_next_wave_waits_for_its_time() {
    let first = vec![requested(), offered(VERA), matched_until(1, Some("2026-11-24T10:00:00Z"))];
    given(vec![requested()])
        .when(offering_until(&[VERA], Some("2026-11-24T10:00:00Z")))
        .then_expect_events(first[1..].to_vec());
    let early = given_at("2026-11-24T09:59:59Z", first.clone()).when(offering(&[BORIS]));
    assert_eq!(code(early.inspect_result()), "too_early");
    given_at("2026-11-24T10:00:00Z", first.clone())
        .when(offering(&[VERA, BORIS]))
        .then_expect_events(vec![offered(BORIS), matched(1)]);
    let last = [first, vec![offered(BORIS), matched(1)]].concat();
    given_at("2026-11-24T10:00:01Z", last).when(offering(&[VERA, BORIS])).then_expect_events(vec![]);
}

/// The rule says «за 5 часов» ("5 hours before").
#[test]
fn a_lesson_within_five_hours_can_not_be_requested() {
    for (now, refused) in [
        ("2026-11-25T09:59:59Z", false),
        ("2026-11-25T10:00:00Z", true),
        ("2026-11-25T14:00:00Z", true),
        ("2026-12-25T14:00:00Z", true),
    ] {
        let result = given_at(now, vec![])
            .when(LessonRequestCommand::RequestLesson(Box::new(new_request())))
            .inspect_result();
        assert_eq!(result.is_err(), refused, "{now}");
        if refused {
            assert_eq!(code(result), "request_too_late");
        }
    }
}

#[test]
fn everything_wrong_is_named_at_once() {
    let mut new = new_request();
    new.terms = RequestTerms {
        grade: "12".to_owned(),
        subject: "alchemy".to_owned(),
        goals: vec!["ege".to_owned(), "ege".to_owned(), "gold".to_owned()],
        experience: Some("intermediate".to_owned()),
        duration_minutes: 61,
        format: LessonFormat::Offline,
        city: None,
        starts_at: at("2036-11-25T15:00:00Z"),
        max_price: Some(Money { amount: -1, currency: Currency::parse("ZZZ").unwrap() }),
    };
    new.comment = Some("x".repeat(1_001));
    let refusal = given(vec![])
        .when(LessonRequestCommand::RequestLesson(Box::new(new)))
        .inspect_result()
        .unwrap_err()
        .refusal();
    assert_eq!(refusal.code, "invalid_fields");
    let told: Vec<_> = refusal.reasons.iter().map(|reason| reason.pointer.as_deref().unwrap()).collect();
    assert_eq!(
        told,
        [
            "/grade",
            "/subject",
            "/experience",
            "/duration_minutes",
            "/city",
            "/starts_at",
            "/goals/1",
            "/goals/2",
            "/max_price/amount",
            "/max_price/currency",
            "/comment",
        ]
    );
}

#[test]
fn a_lesson_offline_is_in_a_city_of_the_student_s_own_telling() {
    let offline = |city| {
        let mut new = new_request();
        new.terms.format = LessonFormat::Offline;
        new.terms.city = city;
        given(vec![]).when(LessonRequestCommand::RequestLesson(Box::new(new))).inspect_result()
    };
    assert!(offline(Some(Personal::new(ANNA, " Тверь ".to_owned()))).is_ok());
    assert_eq!(code(offline(None)), "invalid_fields");
    assert_eq!(code(offline(Some(Personal::new(ANNA, " ".to_owned())))), "invalid_fields");
    assert_eq!(code(offline(Some(Personal::new(VERA, "Тверь".to_owned())))), "invalid_fields");
}

#[test]
fn each_teacher_is_asked_once_and_the_student_never() {
    given(vec![requested()]).when(offering(&[VERA, ANNA, BORIS, VERA])).then_expect_events(vec![
        offered(VERA),
        offered(BORIS),
        matched(2),
    ]);
    given(open()).when(offering(&[BORIS, VERA])).then_expect_events(vec![]);
    given(vec![requested()]).when(offering(&[])).then_expect_events(vec![matched(0)]);
    let declined = open_and(LessonRequestEvent::RequestDeclined { teacher: VERA });
    given(declined).when(offering(&[VERA])).then_expect_events(vec![]);
}

#[test]
fn the_first_who_accepts_has_the_lesson() {
    given(open()).when(accepting(VERA)).then_expect_events(vec![accepted(VERA)]);
    let late = given(open_and(accepted(VERA))).when(accepting(BORIS));
    assert_eq!(code(late.inspect_result()), "request_taken");
    // A repetition by the winner changes nothing.
    given(open_and(accepted(VERA))).when(accepting(VERA)).then_expect_events(vec![]);
}

#[test]
fn only_who_was_asked_may_answer() {
    given(vec![requested()]).when(offering(&[VERA])).then_expect_events(vec![offered(VERA), matched(1)]);
    let only_vera = || vec![requested(), offered(VERA), matched(1)];
    for command in
        [accepting(BORIS), LessonRequestCommand::DeclineRequest { teacher: BORIS }, accepting(ANNA)]
    {
        let result = given(only_vera()).when(command).inspect_result();
        assert_eq!(code(result), "request_not_found");
    }
    // Another teacher does not learn that the request is taken.
    let mut taken = only_vera();
    taken.push(accepted(VERA));
    assert_eq!(code(given(taken).when(accepting(BORIS)).inspect_result()), "request_not_found");
}

#[test]
fn who_has_declined_can_not_accept() {
    let declined = || open_and(LessonRequestEvent::RequestDeclined { teacher: VERA });
    given(open())
        .when(LessonRequestCommand::DeclineRequest { teacher: VERA })
        .then_expect_events(vec![LessonRequestEvent::RequestDeclined { teacher: VERA }]);
    given(declined()).when(LessonRequestCommand::DeclineRequest { teacher: VERA }).then_expect_events(vec![]);
    assert_eq!(code(given(declined()).when(accepting(VERA)).inspect_result()), "request_declined");
    given(declined()).when(accepting(BORIS)).then_expect_events(vec![accepted(BORIS)]);
}

#[test]
fn nobody_is_paid_more_than_the_student_would_pay() {
    let at_price = |price| {
        let command = LessonRequestCommand::AcceptRequest { teacher: VERA, slot_id: LESSON, price };
        given(open()).when(command).inspect_result()
    };
    assert!(at_price(rub(200_000)).is_ok());
    assert!(at_price(rub(0)).is_ok());
    assert_eq!(code(at_price(rub(200_001))), "price_above_maximum");
    assert_eq!(
        code(at_price(Money { amount: 1, currency: Currency::parse("EUR").unwrap() })),
        "price_above_maximum"
    );
    assert_eq!(code(at_price(rub(-1))), "invalid_fields");
}

/// The clock decides, also if the timer is late.
#[test]
fn after_its_time_a_request_is_over_for_everybody() {
    let late = "2026-11-25T10:00:00Z";
    for command in [
        accepting(VERA),
        offering(&[VERA]),
        LessonRequestCommand::DeclineRequest { teacher: VERA },
        LessonRequestCommand::CancelRequest { student: ANNA },
    ] {
        assert_eq!(code(given_at(late, open()).when(command).inspect_result()), "request_expired");
    }
    let expired = || open_and(LessonRequestEvent::RequestExpired {});
    given_at(late, open())
        .when(LessonRequestCommand::ExpireRequest)
        .then_expect_events(vec![LessonRequestEvent::RequestExpired {}]);
    assert_eq!(code(given_at(late, expired()).when(accepting(VERA)).inspect_result()), "request_expired");
}

#[test]
fn the_timer_comes_neither_early_nor_twice() {
    let early = given_at("2026-11-25T09:59:59Z", open()).when(LessonRequestCommand::ExpireRequest);
    assert_eq!(code(early.inspect_result()), "too_early");
    for end in
        [accepted(VERA), LessonRequestEvent::RequestCancelled {}, LessonRequestEvent::RequestExpired {}]
    {
        given_at(START, open_and(end)).when(LessonRequestCommand::ExpireRequest).then_expect_events(vec![]);
    }
}

#[test]
fn a_student_takes_back_what_nobody_has_accepted() {
    let cancelling = |student| LessonRequestCommand::CancelRequest { student };
    let cancelled = || open_and(LessonRequestEvent::RequestCancelled {});
    given(open()).when(cancelling(ANNA)).then_expect_events(vec![LessonRequestEvent::RequestCancelled {}]);
    given(cancelled()).when(cancelling(ANNA)).then_expect_events(vec![]);
    assert_eq!(code(given(open()).when(cancelling(BORIS)).inspect_result()), "request_not_found");
    assert_eq!(
        code(given(open_and(accepted(VERA))).when(cancelling(ANNA)).inspect_result()),
        "request_taken"
    );
    assert_eq!(code(given(cancelled()).when(accepting(VERA)).inspect_result()), "request_cancelled");
}

#[test]
fn there_is_no_request_before_it_is_made() {
    for command in [
        accepting(VERA),
        offering(&[VERA]),
        LessonRequestCommand::ExpireRequest,
        LessonRequestCommand::CancelRequest { student: ANNA },
        LessonRequestCommand::DeclineRequest { teacher: VERA },
    ] {
        assert_eq!(code(given(vec![]).when(command).inspect_result()), "request_not_found");
    }
}

#[test]
fn a_command_and_its_event_show_no_text() {
    let command = LessonRequestCommand::RequestLesson(Box::new(new_request()));
    let id = RequestId(uuid::uuid!("0198c0de-0000-7000-8000-0000000000b1"));
    for shown in
        [format!("{command:?}"), format!("{:?}", Command::Request(id, command)), format!("{:?}", requested())]
    {
        assert!(!shown.contains("Оптика"), "{shown}");
    }
}
