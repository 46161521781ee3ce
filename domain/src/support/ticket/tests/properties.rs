//! Invariants of a ticket: for random commands the events agree with one another.

use cqrs_es::Aggregate;
use jiff::Timestamp;
use proptest::prelude::*;

use super::fixtures::*;
use crate::property_testing::any_command;
use crate::support::*;
use crate::{AccountId, Decider};

fn command() -> impl Strategy<Value = TicketCommand> {
    let agent = || prop_oneof![Just(OLGA), Just(PETR)];
    let other = || prop_oneof![Just(ONE), Just(TWO)];
    let due_at = Timestamp::UNIX_EPOCH;
    let candidate = (agent(), 0..3u32).prop_map(|(agent, open_tickets)| Candidate {
        agent,
        open_tickets,
        last_assigned_at: None,
    });
    let classify = prop_oneof![
        prop::sample::select(Priority::ALL).prop_map(priority),
        prop::sample::select(&["Оплата", "Уроки"][..]).prop_map(category),
        prop::collection::vec(prop_oneof![Just("a"), Just("b")], 0..2).prop_map(|list| tags(&list)),
    ];
    any_command!(TicketCommand {
        OpenTicket: 1 => Just(TicketCommand::OpenTicket(ticket())),
        AssignTicket: 2 => agent().prop_map(|agent| TicketCommand::AssignTicket { agent }),
        AssignByTurn: 1 => prop::collection::vec(candidate, 0..3)
            .prop_map(|candidates| TicketCommand::AssignByTurn { candidates }),
        UnassignTicket: 1 => Just(TicketCommand::UnassignTicket),
        ClassifyTicket: 3 => classify,
        ReplyAsRequester: 2 => Just(asks("вопрос")),
        ReplyAsAgent: 2 => Just(answers("ответ")),
        AddNote: 1 => Just(notes("заметка")),
        ChangeStatus: 4 => prop::sample::select(Status::ALL).prop_map(|to| TicketCommand::ChangeStatus { to }),
        Merge: 1 => other().prop_map(|into| TicketCommand::Merge { into }),
        ReceiveDuplicate: 1 => other().prop_map(|duplicate| TicketCommand::ReceiveDuplicate { duplicate, requester: ANNA }),
        Unmerge: 1 => other().prop_map(|from| TicketCommand::Unmerge { from }),
        ReturnDuplicate: 1 => other().prop_map(|duplicate| TicketCommand::ReturnDuplicate { duplicate }),
        RecordBreach: 1 => prop::sample::select(SlaTarget::ALL)
            .prop_map(move |target| TicketCommand::RecordBreach { target, due_at, policy_version: 1 }),
        RateSatisfaction: 1 => (0..7u8).prop_map(rates),
    })
}

/// Naive model of a ticket, from the events alone, without the aggregate.
#[derive(Default)]
struct Told {
    status: Option<Status>,
    merged: bool,
    assignee: Option<AccountId>,
    breaches: [u32; 2],
    rated: u32,
    resolved: u32,
}

impl Told {
    fn take(&mut self, event: &TicketEvent) -> Result<(), TestCaseError> {
        prop_assert_eq!(event.requester(), ANNA);
        match event {
            TicketEvent::TicketOpened { .. } => self.status = Some(Status::Open),
            TicketEvent::StatusChanged { from, to, .. } => {
                prop_assert_eq!(self.status, Some(*from), "it was where the event says");
                prop_assert!(!self.merged && from != to);
                prop_assert!(from.next().contains(to));
                self.resolved += u32::from(!from.is_over() && to.is_over());
                self.status = Some(*to);
            }
            TicketEvent::TicketReopened { from, .. } => {
                prop_assert_eq!(self.status, Some(*from));
                prop_assert!(from.is_over() && !self.merged);
                self.status = Some(Status::Open);
            }
            TicketEvent::TicketAssigned { agent, before, .. } => {
                prop_assert_eq!(self.assignee, *before);
                self.assignee = Some(*agent);
            }
            TicketEvent::TicketUnassigned { agent, .. } => {
                prop_assert_eq!(self.assignee.take(), Some(*agent));
            }
            TicketEvent::TicketMerged { status, .. } => {
                prop_assert_eq!(self.status, Some(*status));
                prop_assert!(!std::mem::replace(&mut self.merged, true));
            }
            TicketEvent::TicketUnmerged { status, .. } => {
                prop_assert_eq!(self.status, Some(*status));
                prop_assert!(std::mem::replace(&mut self.merged, false));
            }
            TicketEvent::FirstResponseBreached { .. } => self.breaches[0] += 1,
            TicketEvent::ResolutionBreached { .. } => self.breaches[1] += 1,
            TicketEvent::SatisfactionRated { rating, agent, .. } => {
                prop_assert!((1..=5).contains(rating));
                prop_assert_eq!(*agent, self.assignee);
                self.rated += 1;
            }
            TicketEvent::ReplyAdded { assignee, .. } => {
                prop_assert!(!self.merged && self.status != Some(Status::Closed));
                prop_assert_eq!(*assignee, self.assignee);
            }
            TicketEvent::PriorityChanged { from, to, .. } => prop_assert_ne!(from, to),
            TicketEvent::CategoryChanged { .. }
            | TicketEvent::TagsChanged { .. }
            | TicketEvent::InternalNoteAdded { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. } => {}
        }
        prop_assert!(self.breaches.iter().all(|times| *times <= 1), "a breach is said once");
        prop_assert!(self.rated <= self.resolved, "rated at most once for each time it was over");
        Ok(())
    }
}

proptest! {
    #[test]
    fn events_follow_from_one_another(commands in prop::collection::vec(command(), 0..60)) {
        let mut state = Ticket::default();
        let mut told = Told::default();
        let first = opened(&ticket());
        told.take(&first)?;
        state.apply(first);
        for command in commands {
            let Ok(events) = state.decide(&command, Timestamp::UNIX_EPOCH) else { continue };
            for event in events {
                told.take(&event)?;
                state.apply(event);
            }
            prop_assert!(
                state.decide(&command, Timestamp::UNIX_EPOCH).is_ok_and(|again| again.is_empty()) || is_said_again(&command),
                "{command:?} is not idempotent"
            );
            let case = state.case().unwrap();
            let seen = if told.merged { Status::Closed } else { told.status.unwrap() };
            prop_assert_eq!((case.status(), case.assignee), (seen, told.assignee));
        }
    }
}

/// Returns whether a repetition may be more than "no change". Replies and notes are added as often as they
/// are sent. An unmerge of an unmerged ticket and the assignment of a closed one are refused.
fn is_said_again(command: &TicketCommand) -> bool {
    match command {
        TicketCommand::ReplyAsRequester { .. }
        | TicketCommand::ReplyAsAgent { .. }
        | TicketCommand::AddNote { .. }
        | TicketCommand::Unmerge { .. } => true,
        TicketCommand::OpenTicket(_)
        | TicketCommand::AssignTicket { .. }
        | TicketCommand::AssignByTurn { .. }
        | TicketCommand::UnassignTicket
        | TicketCommand::ClassifyTicket(_)
        | TicketCommand::ChangeStatus { .. }
        | TicketCommand::Merge { .. }
        | TicketCommand::ReceiveDuplicate { .. }
        | TicketCommand::ReturnDuplicate { .. }
        | TicketCommand::RecordBreach { .. }
        | TicketCommand::RateSatisfaction { .. } => false,
    }
}
