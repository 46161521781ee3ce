//! Tests of the commands of agents: assign, classify, reply, note.

use proptest::prelude::*;

use super::fixtures::*;
use crate::AccountId;
use crate::support::*;

fn candidate(agent: AccountId, open_tickets: u32, last: Option<&str>) -> Candidate {
    Candidate { agent, open_tickets, last_assigned_at: last.map(|at| at.parse().unwrap()) }
}

fn by_turn(candidates: &[Candidate]) -> TicketCommand {
    TicketCommand::AssignByTurn { candidates: candidates.to_vec() }
}

#[test]
fn an_agent_is_assigned_by_hand_and_another_after_them() {
    let assign = |agent| TicketCommand::AssignTicket { agent };
    let mut events = standing(Status::Open);
    assert_eq!(decided(&events, assign(OLGA)), [assigned(OLGA, None)]);
    events.push(assigned(OLGA, None));
    assert_eq!(decided(&events, assign(OLGA)), []);
    assert_eq!(decided(&events, assign(PETR)), [assigned(PETR, Some(OLGA))]);
    let unassigned = TicketEvent::TicketUnassigned { requester: ANNA, agent: OLGA };
    assert_eq!(decided(&events, TicketCommand::UnassignTicket), [unassigned]);
    assert_eq!(decided(&standing(Status::Open), TicketCommand::UnassignTicket), []);
}

#[test]
fn the_turn_is_kept_with_everybody_who_could_have_had_it() {
    let candidates = [candidate(OLGA, 3, None), candidate(PETR, 1, Some("2026-11-23T08:00:00Z"))];
    let expected = TicketEvent::TicketAssigned {
        requester: ANNA,
        agent: PETR,
        before: None,
        by: AssignedBy::RoundRobin,
        candidates: candidates.to_vec(),
    };
    assert_eq!(decided(&standing(Status::Open), by_turn(&candidates)), [expected]);
    assert_eq!(refused(&standing(Status::Open), by_turn(&[])), "no_agent_available");
}

#[test]
fn among_equals_it_is_the_turn_of_who_has_waited_longest() {
    let early = Some("2026-11-23T08:00:00Z");
    let late = Some("2026-11-23T08:30:00Z");
    let turn = |of: &[Candidate]| next_assignee(of).map(|candidate| candidate.agent);
    assert_eq!(turn(&[candidate(OLGA, 2, late), candidate(PETR, 2, early)]), Some(PETR));
    assert_eq!(turn(&[candidate(OLGA, 2, late), candidate(PETR, 2, None)]), Some(PETR));
    assert_eq!(turn(&[candidate(PETR, 2, None), candidate(OLGA, 2, None)]), Some(OLGA));
    assert_eq!(turn(&[]), None);
}

#[test]
fn what_is_closed_is_not_assigned_and_not_made_urgent() {
    for command in [
        TicketCommand::AssignTicket { agent: OLGA },
        by_turn(&[candidate(OLGA, 0, None)]),
        TicketCommand::UnassignTicket,
        priority(Priority::Urgent),
    ] {
        assert_eq!(refused(&standing(Status::Closed), command), "ticket_closed");
    }
}

#[test]
fn a_ticket_is_sorted_by_priority_category_and_tags() {
    let open = standing(Status::Open);
    let raised =
        TicketEvent::PriorityChanged { requester: ANNA, from: Priority::Medium, to: Priority::Urgent };
    assert_eq!(decided(&open, priority(Priority::Urgent)), [raised]);
    assert_eq!(decided(&open, priority(Priority::Medium)), []);

    let changed = TicketEvent::CategoryChanged { requester: ANNA, category: "Оплата".to_owned() };
    assert_eq!(decided(&standing(Status::Closed), category(" Оплата ")), [changed]);
    assert_eq!(decided(&open, category("Новые пользователи")), []);
    assert_eq!(refused(&open, category(" ")), "invalid_fields");

    let changed = TicketEvent::TagsChanged { requester: ANNA, tags: vec!["возврат".to_owned()] };
    assert_eq!(decided(&open, tags(&["возврат"])), [changed]);
    assert_eq!(decided(&open, tags(&["регистрация", "новый пользователь", "ученика"])), []);
    assert_eq!(refused(&open, tags(&["a", "a"])), "invalid_fields");
}

#[test]
fn what_changes_at_once_changes_together_or_not_at_all() {
    let all = |priority, category: &str| {
        TicketCommand::ClassifyTicket(Classification {
            priority: Some(priority),
            category: Some(category.to_owned()),
            tags: Some(vec!["возврат".to_owned()]),
        })
    };
    assert_eq!(decided(&standing(Status::Open), all(Priority::Low, "Оплата")).len(), 3);
    assert_eq!(refused(&standing(Status::Open), all(Priority::Low, " ")), "invalid_fields");
    assert_eq!(refused(&standing(Status::Closed), all(Priority::Low, "Оплата")), "ticket_closed");
    assert_eq!(decided(&standing(Status::Closed), all(Priority::Medium, "Оплата")).len(), 2);
}

#[test]
fn a_reply_says_who_wrote_it_and_who_has_the_ticket() {
    let taken = [standing(Status::Open), vec![assigned(PETR, None)]].concat();
    assert_eq!(decided(&taken, answers("Здравствуйте!")), [reply(OLGA, Some(PETR), "Здравствуйте!")]);
    assert_eq!(refused(&taken, answers(" ")), "invalid_fields");
    assert_eq!(refused(&taken, answers(&"я".repeat(10_001))), "invalid_fields");
}

#[test]
fn nobody_else_replies_as_the_requester() {
    let TicketCommand::ReplyAsRequester { reply_id, .. } = asks("x") else { panic!("a reply") };
    let forged = TicketCommand::ReplyAsRequester { reply_id, by: BORIS, body: "x".to_owned() };
    assert_eq!(refused(&standing(Status::Open), forged), "ticket_not_found");
    assert_eq!(refused(&[], asks("x")), "ticket_not_found");
}

#[test]
fn agents_note_also_on_what_is_closed() {
    for status in [Status::Open, Status::Closed] {
        let events = decided(&standing(status), notes("банк подтвердил"));
        assert!(matches!(&events[..], [TicketEvent::InternalNoteAdded { author: OLGA, .. }]));
    }
    assert_eq!(refused(&standing(Status::Open), notes("\u{0}")), "invalid_fields");
}

#[test]
fn a_breach_is_said_once() {
    let due_at = "2026-11-23T10:00:00Z".parse().unwrap();
    for target in SlaTarget::ALL.iter().copied() {
        let breach = TicketCommand::RecordBreach { target, due_at, policy_version: 1 };
        let events = decided(&standing(Status::Open), breach.clone());
        assert_eq!(events.len(), 1);
        let after = [standing(Status::Open), events].concat();
        assert_eq!(decided(&after, breach), []);
    }
}

proptest! {
    #[test]
    fn who_has_the_turn_never_has_more_than_anybody_else(loads in prop::collection::vec(0..9u32, 1..12)) {
        let agent = |n: usize| AccountId(uuid::Uuid::from_u128(n as u128));
        let candidates: Vec<_> = loads.iter().enumerate().map(|(n, load)| candidate(agent(n), *load, None)).collect();
        let turn = next_assignee(&candidates).unwrap();
        prop_assert_eq!(turn.open_tickets, *loads.iter().min().unwrap());
        let mut turned = candidates.clone();
        turned.reverse();
        prop_assert_eq!(next_assignee(&turned), Some(turn), "the order of the list decides nothing");
    }

    #[test]
    fn turns_share_tickets_evenly(agents in 1..7usize, tickets in 0..40u32) {
        let agent = |n: usize| AccountId(uuid::Uuid::from_u128(n as u128));
        let mut candidates: Vec<_> = (0..agents).map(|n| candidate(agent(n), 0, None)).collect();
        for _ in 0..tickets {
            let turn = next_assignee(&candidates).unwrap().agent;
            candidates.iter_mut().find(|candidate| candidate.agent == turn).unwrap().open_tickets += 1;
        }
        let loads: Vec<_> = candidates.iter().map(|candidate| candidate.open_tickets).collect();
        prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1);
    }
}
