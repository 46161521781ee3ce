//! Tests of a lesson request with random commands in random order.

use cqrs_es::Aggregate;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::Decider;
use crate::property_testing::{any_command, any_history, check_history};

#[derive(Clone, Debug)]
enum Step {
    Offer(Vec<usize>),
    Accept(usize, i64),
    Decline(usize),
    Cancel(usize),
    Expire,
    Wait(i64),
}

fn person(n: usize) -> AccountId {
    AccountId(uuid::Uuid::from_u128(u128::try_from(n).unwrap() + 1))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => prop::collection::vec(0..5usize, 0..4).prop_map(Step::Offer),
        3 => (0..5usize, 0..250_000i64).prop_map(|(n, price)| Step::Accept(n, price)),
        1 => (0..5usize).prop_map(Step::Decline),
        1 => (0..3usize).prop_map(Step::Cancel),
        1 => Just(Step::Expire),
        2 => (0..600i64).prop_map(Step::Wait),
    ]
}

proptest! {
    /// A request ends at most once, in time, by a teacher who was asked.
    #[test]
    fn a_request_ends_once_and_only_well(steps in prop::collection::vec(step(), 1..40)) {
        let mut new = new_request();
        new.student = person(0);
        let mut now = at(NOW);
        let mut state = LessonRequest::default();
        let mut log = state.decide(&LessonRequestCommand::RequestLesson(Box::new(new)), now).unwrap();
        log.iter().cloned().for_each(|event| state.apply(event));
        for step in steps {
            let command = match step {
                Step::Wait(minutes) => {
                    now += SignedDuration::from_mins(minutes);
                    continue;
                }
                Step::Offer(teachers) => {
                    offering(&teachers.into_iter().map(person).collect::<Vec<_>>())
                }
                Step::Accept(n, price) => LessonRequestCommand::AcceptRequest {
                    teacher: person(n), slot_id: SlotId(person(n).uuid()), price: rub(price),
                },
                Step::Decline(n) => LessonRequestCommand::DeclineRequest { teacher: person(n) },
                Step::Cancel(n) => LessonRequestCommand::CancelRequest { student: person(n) },
                Step::Expire => LessonRequestCommand::ExpireRequest,
            };
            match state.decide(&command, now) {
                Err(refused) => prop_assert!(!refused.refusal().reasons.is_empty()),
                Ok(events) => for event in events {
                    check_next(&log, &event, now)?;
                    state.apply(event.clone());
                    log.push(event);
                },
            }
        }
        let again = log.into_iter().fold(LessonRequest::default(), |mut state, event| {
            state.apply(event);
            state
        });
        prop_assert_eq!(again, state);
    }
}

/// Returns whether an event may follow the earlier events.
fn check_next(
    log: &[LessonRequestEvent],
    next: &LessonRequestEvent,
    now: Timestamp,
) -> Result<(), TestCaseError> {
    use LessonRequestEvent::{
        LessonRequested, RequestAccepted, RequestCancelled, RequestDeclined, RequestExpired, RequestMatched,
        RequestOffered,
    };
    let ends = |event: &LessonRequestEvent| {
        matches!(event, RequestAccepted { .. } | RequestCancelled {} | RequestExpired {})
    };
    prop_assert!(!log.iter().any(ends), "after the end: {next:?}");
    let asked = |teacher: &AccountId| {
        log.iter()
            .filter(|event| matches!(event, RequestOffered { teacher: asked, .. } if asked == teacher))
            .count()
    };
    let declined = |teacher: &AccountId| {
        log.iter().any(|event| matches!(event, RequestDeclined { teacher: no } if no == teacher))
    };
    let expires_at = at("2026-11-25T10:00:00Z");
    match next {
        LessonRequested { .. } => prop_assert!(false, "made twice"),
        RequestOffered { teacher, .. } => prop_assert!(asked(teacher) == 0 && *teacher != person(0)),
        RequestMatched { .. } | RequestCancelled {} => prop_assert!(now < expires_at),
        RequestDeclined { teacher } => prop_assert!(asked(teacher) == 1 && !declined(teacher)),
        RequestAccepted { teacher, price, .. } => {
            prop_assert!(asked(teacher) == 1 && !declined(teacher) && now < expires_at);
            prop_assert!(price.amount <= 200_000);
        }
        RequestExpired {} => prop_assert!(now >= expires_at),
    }
    Ok(())
}

fn any_request_command() -> impl Strategy<Value = LessonRequestCommand> {
    let teachers = prop::collection::vec(0..5usize, 0..4);
    any_command!(LessonRequestCommand {
        RequestLesson: 2 => (0..6u8).prop_map(|place| {
            LessonRequestCommand::RequestLesson(Box::new(NewRequest { place, student: person(0), ..new_request() }))
        }),
        OfferRequest: 3 => teachers
            .prop_map(|teachers| offering(&teachers.into_iter().map(person).collect::<Vec<_>>())),
        DeclineRequest: 1 => (0..5usize)
            .prop_map(|n| LessonRequestCommand::DeclineRequest { teacher: person(n) }),
        AcceptRequest: 2 => (0..5usize, 0..250_000i64).prop_map(|(n, price)| {
            let (teacher, slot_id) = (person(n), SlotId(person(n).uuid()));
            LessonRequestCommand::AcceptRequest { teacher, slot_id, price: rub(price) }
        }),
        CancelRequest: 1 => (0..3usize)
            .prop_map(|n| LessonRequestCommand::CancelRequest { student: person(n) }),
        ExpireRequest: 1 => Just(LessonRequestCommand::ExpireRequest),
    })
}

proptest! {
    #[test]
    fn the_state_is_the_fold_of_the_events(steps in any_history(any_request_command(), 40)) {
        check_history::<LessonRequest>(at(NOW), steps)?;
    }
}
