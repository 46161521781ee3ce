//! Invariants of a conversation: message numbers and unread messages equal a naive count.

use cqrs_es::Aggregate;
use jiff::Timestamp;
use proptest::prelude::*;

use super::fixtures::*;
use crate::messaging::{
    Conversation, ConversationCommand, ConversationEvent, ConversationKind, NewConversation, SentMessage,
};
use crate::property_testing::{any_command, any_history, check_history};
use crate::{AccountId, Decider};

const PEOPLE: [AccountId; 3] = [ANNA, BORIS, VERA];

#[derive(Clone, Debug)]
enum Act {
    Send(usize),
    Read(usize, u64),
    Delete(usize, usize),
    Archive(usize),
    Clear(usize),
    Hide(usize),
    Leave(usize),
    Join(usize),
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0..PEOPLE.len();
    prop_oneof![
        6 => who.clone().prop_map(Act::Send),
        3 => (who.clone(), 0..40u64).prop_map(|(who, up_to)| Act::Read(who, up_to)),
        2 => (who.clone(), 0..40usize).prop_map(|(who, which)| Act::Delete(who, which)),
        1 => who.clone().prop_map(Act::Archive),
        1 => who.clone().prop_map(Act::Clear),
        1 => who.clone().prop_map(Act::Hide),
        1 => who.clone().prop_map(Act::Leave),
        1 => who.prop_map(Act::Join),
    ]
}

/// Naive model of the messages and of what each person has read, without the aggregate.
#[derive(Default)]
struct Recount {
    said: Vec<SentMessage>,
    read: [usize; 3],
    here: [bool; 3],
}

proptest! {
    #[test]
    fn numbers_have_no_holes_and_unread_is_right(acts in prop::collection::vec(act(), 0..80)) {
        let mut state = Conversation::default();
        state.apply(started(ConversationKind::Class, &PEOPLE));
        let mut recount = Recount { here: [true; 3], ..Recount::default() };
        for (n, act) in (1..).zip(acts) {
            let command = command(&act, n, &recount);
            let Some(command) = command else { continue };
            let decided = state.decide(&command, Timestamp::UNIX_EPOCH);
            if let Ok(events) = decided {
                for event in events {
                    note(&mut recount, &event);
                    state.apply(event);
                }
            } else {
                let by = match act {
                    Act::Send(who) | Act::Read(who, _) | Act::Delete(who, _) | Act::Archive(who)
                    | Act::Clear(who) | Act::Hide(who) | Act::Leave(who) | Act::Join(who) => who,
                };
                let own = matches!(act, Act::Delete(..));
                prop_assert!(!recount.here[by] || own, "{act:?} was refused");
            }
            let thread = state.thread().unwrap();
            prop_assert_eq!(thread.head, recount.said.len() as u64);
            for (who, person) in PEOPLE.iter().enumerate() {
                let unread = if recount.here[who] { recount.said.len() - recount.read[who] } else { 0 };
                prop_assert_eq!(thread.unread(*person), unread as u64);
            }
        }
    }
}

fn command(act: &Act, n: u64, recount: &Recount) -> Option<ConversationCommand> {
    Some(match *act {
        Act::Send(who) => send(PEOPLE[who], n, "a"),
        Act::Read(who, up_to) => ConversationCommand::MarkRead { by: PEOPLE[who], up_to },
        Act::Delete(who, which) => {
            ConversationCommand::DeleteMessage { message: *recount.said.get(which)?, by: PEOPLE[who] }
        }
        Act::Archive(who) => ConversationCommand::Archive { by: PEOPLE[who] },
        Act::Clear(who) => ConversationCommand::Clear { by: PEOPLE[who] },
        Act::Hide(who) => ConversationCommand::Hide { by: PEOPLE[who] },
        Act::Leave(who) => ConversationCommand::RemoveParticipant { participant: PEOPLE[who] },
        Act::Join(who) => ConversationCommand::AddParticipant { participant: PEOPLE[who] },
    })
}

fn note(recount: &mut Recount, event: &ConversationEvent) {
    let place = |person: &AccountId| PEOPLE.iter().position(|known| known == person).unwrap();
    match event {
        ConversationEvent::MessageSent { message_id, sequence, sender, .. } => {
            recount.said.push(SentMessage { message_id: *message_id, sequence: *sequence, sender: *sender });
            recount.read[place(sender)] = recount.said.len();
        }
        ConversationEvent::ConversationRead { participant, up_to }
        | ConversationEvent::ConversationCleared { participant, up_to } => {
            let read = &mut recount.read[place(participant)];
            *read = (*read).max(usize::try_from(*up_to).unwrap());
        }
        ConversationEvent::ParticipantLeft { participant } => recount.here[place(participant)] = false,
        ConversationEvent::ParticipantJoined { participant } => {
            recount.here[place(participant)] = true;
            recount.read[place(participant)] = recount.said.len();
        }
        ConversationEvent::ConversationStarted { .. }
        | ConversationEvent::MessageEdited { .. }
        | ConversationEvent::MessageDeleted { .. }
        | ConversationEvent::ConversationArchived { .. }
        | ConversationEvent::ConversationUnarchived { .. }
        | ConversationEvent::ConversationHidden { .. }
        | ConversationEvent::MessageReported { .. }
        | ConversationEvent::ParticipantBlocked { .. }
        | ConversationEvent::ParticipantUnblocked { .. } => {}
    }
}

fn any_conversation_command() -> impl Strategy<Value = ConversationCommand> {
    let person = || prop::sample::select(&PEOPLE[..]);
    let sent = || (person(), 1..8u64).prop_map(|(sender, sequence)| message(sender, sequence));
    let kind = prop::sample::select(ConversationKind::ALL);
    let people = prop::sample::subsequence(PEOPLE.to_vec(), 0..=3);
    let text = || prop::sample::select(&["", "a", "\u{0}"][..]).prop_map(str::to_owned);
    any_command!(ConversationCommand {
        StartConversation: 4 => (kind, people).prop_map(|(kind, participants)| {
            ConversationCommand::StartConversation(NewConversation { kind, participants, context: None })
        }),
        AddParticipant: 1 => person().prop_map(|participant| ConversationCommand::AddParticipant { participant }),
        RemoveParticipant: 1 => {
            person().prop_map(|participant| ConversationCommand::RemoveParticipant { participant })
        },
        SendMessage: 6 => (person(), 1..8u64, text()).prop_map(|(sender, n, text)| send(sender, n, &text)),
        EditMessage: 2 => (sent(), person(), text())
            .prop_map(|(message, by, body)| ConversationCommand::EditMessage { message, by, body }),
        DeleteMessage: 1 => (sent(), person())
            .prop_map(|(message, by)| ConversationCommand::DeleteMessage { message, by }),
        MarkRead: 2 => (person(), 0..9u64).prop_map(|(by, up_to)| ConversationCommand::MarkRead { by, up_to }),
        Archive: 1 => person().prop_map(|by| ConversationCommand::Archive { by }),
        Unarchive: 1 => person().prop_map(|by| ConversationCommand::Unarchive { by }),
        Clear: 1 => person().prop_map(|by| ConversationCommand::Clear { by }),
        Hide: 1 => person().prop_map(|by| ConversationCommand::Hide { by }),
        ReportMessage: 1 => (sent(), person(), text())
            .prop_map(|(message, by, reason)| ConversationCommand::ReportMessage { message, by, reason }),
        BlockOther: 1 => person().prop_map(|by| ConversationCommand::BlockOther { by }),
        UnblockOther: 1 => person().prop_map(|by| ConversationCommand::UnblockOther { by }),
    })
}

proptest! {
    #[test]
    fn the_state_is_the_fold_of_the_events(steps in any_history(any_conversation_command(), 60)) {
        check_history::<Conversation>(Timestamp::UNIX_EPOCH, steps)?;
    }
}
