//! Tests of merging and unmerging duplicates.

use super::fixtures::*;
use crate::Command;
use crate::support::*;

fn merged(status: Status) -> TicketEvent {
    TicketEvent::TicketMerged { requester: ANNA, into: TWO, status }
}

#[test]
fn both_sides_of_a_merge_are_asked_at_once() {
    let commands = merge(ONE, ANNA, TWO).unwrap();
    assert!(matches!(
        &commands[..],
        [
            Command::Ticket(ONE, TicketCommand::Merge { into: TWO }),
            Command::Ticket(TWO, TicketCommand::ReceiveDuplicate { duplicate: ONE, requester: ANNA }),
        ]
    ));
    assert_eq!(merge(ONE, ANNA, ONE).unwrap_err(), TicketError::MergeIntoItself);
}

#[test]
fn what_was_merged_stands_as_closed_and_comes_back_as_it_was() {
    let state = |events: &[TicketEvent]| -> Ticket {
        let mut state = Ticket::default();
        events.iter().cloned().for_each(|event| cqrs_es::Aggregate::apply(&mut state, event));
        state
    };
    let mut events = standing(Status::InProgress);
    let before = state(&events);
    assert_eq!(decided(&events, TicketCommand::Merge { into: TWO }), [merged(Status::InProgress)]);
    events.push(merged(Status::InProgress));
    assert_eq!(state(&events).case().unwrap().status(), Status::Closed);
    assert_eq!(decided(&events, TicketCommand::Merge { into: TWO }), []);
    assert_eq!(refused(&events, TicketCommand::Merge { into: ONE }), "ticket_merged");

    assert_eq!(refused(&events, TicketCommand::Unmerge { from: ONE }), "ticket_not_merged");
    let back = decided(&events, TicketCommand::Unmerge { from: TWO });
    events.extend(back);
    assert_eq!(state(&events), before);
    assert_eq!(refused(&events, TicketCommand::Unmerge { from: TWO }), "ticket_not_merged");
}

#[test]
fn only_notes_are_added_to_what_was_merged() {
    let gone = [standing(Status::Resolved), vec![merged(Status::Resolved)]].concat();
    for command in [
        TicketCommand::AssignTicket { agent: OLGA },
        priority(Priority::Low),
        category("Оплата"),
        tags(&[]),
        TicketCommand::ChangeStatus { to: Status::Open },
        asks("x"),
        answers("x"),
        rates(5),
    ] {
        assert_eq!(refused(&gone, command), "ticket_merged");
    }
    assert_eq!(decided(&gone, notes("x")).len(), 1);
}

#[test]
fn what_was_merged_receives_nothing_so_there_is_no_circle() {
    let gone = [standing(Status::Open), vec![merged(Status::Open)]].concat();
    assert_eq!(
        refused(&gone, TicketCommand::ReceiveDuplicate { duplicate: TWO, requester: ANNA }),
        "ticket_merged"
    );
}

#[test]
fn d1_a_ticket_of_another_requester_is_no_duplicate() {
    let receive = TicketCommand::ReceiveDuplicate { duplicate: ONE, requester: BORIS };
    assert_eq!(refused(&standing(Status::Open), receive), "different_requesters");
}

#[test]
fn a_duplicate_is_received_and_returned_once() {
    let receive = TicketCommand::ReceiveDuplicate { duplicate: ONE, requester: ANNA };
    let mut events = standing(Status::Open);
    let received = TicketEvent::DuplicateReceived { requester: ANNA, duplicate: ONE };
    assert_eq!(decided(&events, receive.clone()), std::slice::from_ref(&received));
    events.push(received);
    assert_eq!(decided(&events, receive), []);
    let give_back = TicketCommand::ReturnDuplicate { duplicate: ONE };
    let returned = TicketEvent::DuplicateReturned { requester: ANNA, duplicate: ONE };
    assert_eq!(decided(&events, give_back.clone()), std::slice::from_ref(&returned));
    events.push(returned);
    assert_eq!(decided(&events, give_back), []);
}
