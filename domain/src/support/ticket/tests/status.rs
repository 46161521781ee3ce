//! Tests of the status: chosen by agents, changed by replies, rated at the end.

use proptest::prelude::*;

use super::fixtures::*;
use crate::support::*;
use crate::{Personal, RefusalError};

fn to(to: Status) -> TicketCommand {
    TicketCommand::ChangeStatus { to }
}

#[test]
fn every_step_is_possible_or_refused_with_what_would_be() {
    for from in Status::ALL.iter().copied() {
        for next in Status::ALL.iter().copied().filter(|next| *next != from) {
            let result = given(standing(from)).when(to(next)).inspect_result();
            let reopened = TicketEvent::TicketReopened { requester: ANNA, from, cause: StatusCause::Agent };
            match (from, next) {
                (Status::Resolved | Status::Closed, Status::Open) => assert_eq!(result.unwrap(), [reopened]),
                (Status::Resolved, Status::InProgress | Status::Waiting)
                | (Status::Closed, Status::InProgress | Status::Waiting | Status::Resolved) => {
                    let refusal = result.unwrap_err().refusal();
                    assert_eq!(refusal.code, "status_out_of_order");
                    assert_eq!(refusal.reasons[0].facts["from"], from.as_str());
                    assert!(refusal.reasons[0].facts["possible"].starts_with("open"));
                }
                _ => assert_eq!(result.unwrap(), [moved(from, next)]),
            }
        }
    }
}

#[test]
fn the_same_status_again_changes_nothing() {
    for status in Status::ALL.iter().copied() {
        assert_eq!(decided(&standing(status), to(status)), []);
    }
}

#[test]
fn a_reply_of_the_requester_ends_the_waiting() {
    let waiting = || standing(Status::Waiting);
    let back = |to| TicketEvent::StatusChanged {
        requester: ANNA,
        from: Status::Waiting,
        to,
        cause: StatusCause::Reply,
    };
    assert_eq!(decided(&waiting(), asks("да")), [reply(ANNA, None, "да"), back(Status::Open)]);
    let taken = [waiting(), vec![assigned(OLGA, None)]].concat();
    assert_eq!(decided(&taken, asks("да")), [reply(ANNA, Some(OLGA), "да"), back(Status::InProgress)]);
    assert_eq!(decided(&taken, answers("напишите ещё")).len(), 1, "an agent's reply moves nothing");
}

#[test]
fn a_reply_of_the_requester_opens_what_was_resolved_and_not_what_was_closed() {
    let reopened =
        TicketEvent::TicketReopened { requester: ANNA, from: Status::Resolved, cause: StatusCause::Reply };
    assert_eq!(decided(&standing(Status::Resolved), asks("нет")), [reply(ANNA, None, "нет"), reopened]);
    assert_eq!(refused(&standing(Status::Closed), asks("нет")), "ticket_closed");
    assert_eq!(refused(&standing(Status::Closed), answers("нет")), "ticket_closed");
}

#[test]
fn what_is_over_is_rated_once_and_again_after_it_was_opened_again() {
    let over = standing(Status::Resolved);
    let rated =
        |rating| TicketEvent::SatisfactionRated { requester: ANNA, rating, comment: None, agent: None };
    assert_eq!(decided(&over, rates(4)), [rated(4)]);
    let after = [over, vec![rated(4)]].concat();
    assert_eq!(decided(&after, rates(4)), [], "a link that is opened twice");
    assert_eq!(refused(&after, rates(5)), "already_rated");
    let reopened =
        TicketEvent::TicketReopened { requester: ANNA, from: Status::Resolved, cause: StatusCause::Agent };
    let again = [after, vec![reopened, moved(Status::Open, Status::Resolved)]].concat();
    assert_eq!(decided(&again, rates(5)), [rated(5)]);
}

#[test]
fn a_rating_is_the_requesters_of_one_to_five_of_what_is_over() {
    let others = TicketCommand::RateSatisfaction { by: BORIS, rating: 5, comment: None };
    assert_eq!(refused(&standing(Status::Resolved), others), "ticket_not_found");
    assert_eq!(refused(&standing(Status::InProgress), rates(5)), "ticket_not_resolved");
    for rating in [0, 6, u8::MAX] {
        assert_eq!(refused(&standing(Status::Closed), rates(rating)), "invalid_fields");
    }
    let comment =
        |text: &str| TicketCommand::RateSatisfaction { by: ANNA, rating: 1, comment: Some(text.to_owned()) };
    assert_eq!(refused(&standing(Status::Closed), comment(&"я".repeat(2_001))), "invalid_fields");
    let [TicketEvent::SatisfactionRated { comment: kept, .. }] =
        &decided(&standing(Status::Closed), comment(" долго "))[..]
    else {
        panic!("one event")
    };
    assert_eq!(kept.as_ref().and_then(Personal::known).map(String::as_str), Some("долго"));
    let blank = decided(&standing(Status::Closed), comment("  "));
    assert!(matches!(&blank[..], [TicketEvent::SatisfactionRated { comment: None, .. }]));
}

proptest! {
    #[test]
    fn whatever_is_written_shows_in_no_debug_output(body in "[a-z]{12,40}") {
        for command in [asks(&body), answers(&body), notes(&body)] {
            let shown = format!("{command:?}");
            prop_assert!(!shown.contains(&body));
            let events = decided(&standing(Status::Open), command);
            let shown = format!("{events:?}");
            prop_assert!(!shown.contains(&body));
        }
    }
}
