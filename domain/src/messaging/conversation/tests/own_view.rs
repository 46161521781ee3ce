//! Tests of the commands that change only the participant's own state.

use cqrs_es::Aggregate;

use super::fixtures::*;
use crate::messaging::{Conversation, ConversationCommand, ConversationEvent};

fn state(events: Vec<ConversationEvent>) -> Conversation {
    let mut state = Conversation::default();
    events.into_iter().for_each(|event| state.apply(event));
    state
}

fn unread(events: Vec<ConversationEvent>, person: crate::AccountId) -> u64 {
    state(events).thread().unwrap().unread(person)
}

#[test]
fn unread_is_what_came_after_the_read_position_and_ones_own_words_are_read() {
    let history = || vec![direct(), sent(ANNA, 1, "a"), sent(ANNA, 2, "b")];
    assert_eq!((unread(history(), ANNA), unread(history(), BORIS)), (0, 2));
    let read = ConversationEvent::ConversationRead { participant: BORIS, up_to: 1 };
    assert_eq!(unread([history(), vec![read]].concat(), BORIS), 1);
    assert_eq!(unread([history(), vec![sent(BORIS, 3, "c")]].concat(), BORIS), 0);
    assert_eq!(unread([history(), vec![sent(BORIS, 3, "c")]].concat(), ANNA), 1);
}

#[test]
fn the_read_position_goes_forward_only_and_not_beyond_the_end() {
    let history = || vec![direct(), sent(ANNA, 1, "a"), sent(ANNA, 2, "b")];
    let read = |up_to| ConversationCommand::MarkRead { by: BORIS, up_to };
    let event = |up_to| ConversationEvent::ConversationRead { participant: BORIS, up_to };
    given(history()).when(read(1)).then_expect_events(vec![event(1)]);
    given(history()).when(read(u64::MAX)).then_expect_events(vec![event(2)]);
    given([history(), vec![event(2)]].concat()).when(read(1)).then_expect_events(vec![]);
}

#[test]
fn archiving_clearing_and_hiding_act_for_one_and_once() {
    let history = || vec![direct(), sent(ANNA, 1, "a")];
    for (command, event) in [
        (
            ConversationCommand::Archive { by: BORIS },
            ConversationEvent::ConversationArchived { participant: BORIS },
        ),
        (
            ConversationCommand::Clear { by: BORIS },
            ConversationEvent::ConversationCleared { participant: BORIS, up_to: 1 },
        ),
        (
            ConversationCommand::Hide { by: BORIS },
            ConversationEvent::ConversationHidden { participant: BORIS },
        ),
    ] {
        given(history()).when(command.clone()).then_expect_events(vec![event.clone()]);
        let after = [history(), vec![event]].concat();
        let state = state(after.clone());
        assert_eq!(
            state.thread().unwrap().participant(ANNA),
            self::state(history()).thread().unwrap().participant(ANNA)
        );
        given(after).when(command).then_expect_events(vec![]);
    }
}

#[test]
fn who_clears_has_nothing_unread() {
    let history = vec![
        direct(),
        sent(ANNA, 1, "a"),
        ConversationEvent::ConversationCleared { participant: BORIS, up_to: 1 },
    ];
    assert_eq!(unread(history, BORIS), 0);
}

#[test]
fn a_new_message_brings_a_hidden_conversation_back_and_leaves_the_archive_alone() {
    let history = vec![
        direct(),
        ConversationEvent::ConversationHidden { participant: BORIS },
        ConversationEvent::ConversationArchived { participant: BORIS },
        sent(ANNA, 1, "a"),
    ];
    let state = state(history.clone());
    let boris = state.thread().unwrap().participant(BORIS).unwrap();
    assert!(!boris.hidden && boris.archived);
    given(history)
        .when(ConversationCommand::Unarchive { by: BORIS })
        .then_expect_events(vec![ConversationEvent::ConversationUnarchived { participant: BORIS }]);
}

#[test]
fn who_is_blocked_writes_and_changes_nothing_until_the_other_unblocks_them() {
    let blocked = ConversationEvent::ParticipantBlocked { participant: ANNA, by: BORIS };
    let unblocked = ConversationEvent::ParticipantUnblocked { participant: ANNA, by: BORIS };
    let (block, unblock) =
        (ConversationCommand::BlockOther { by: BORIS }, ConversationCommand::UnblockOther { by: BORIS });
    let before = vec![direct(), sent(ANNA, 1, "a")];
    given(before.clone()).when(unblock.clone()).then_expect_events(vec![]);
    given(before.clone()).when(block.clone()).then_expect_events(vec![blocked.clone()]);
    let after = [before, vec![blocked]].concat();
    given(after.clone()).when(block).then_expect_events(vec![]);
    assert_eq!(refused(after.clone(), send(ANNA, 2, "b")), "blocked");
    let edit = ConversationCommand::EditMessage { message: message(ANNA, 1), by: ANNA, body: "b".into() };
    assert_eq!(refused(after.clone(), edit), "blocked");
    given(after.clone()).when(send(BORIS, 2, "b")).then_expect_events(vec![sent(BORIS, 2, "b")]);
    given(after.clone()).when(unblock).then_expect_events(vec![unblocked.clone()]);
    let free = [after, vec![unblocked]].concat();
    given(free).when(send(ANNA, 2, "b")).then_expect_events(vec![sent(ANNA, 2, "b")]);
}

#[test]
fn only_a_direct_conversation_knows_blocking() {
    let class = started(crate::messaging::ConversationKind::Class, &[ANNA, BORIS]);
    let block = |by| ConversationCommand::BlockOther { by };
    assert_eq!(refused(vec![class], block(BORIS)), "not_a_direct_conversation");
    assert_eq!(refused(vec![direct()], block(VERA)), "conversation_not_found");
}
