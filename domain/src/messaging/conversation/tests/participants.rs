//! Tests of the participants.

use cqrs_es::Aggregate;

use super::fixtures::*;
use crate::AccountId;
use crate::messaging::{
    ConversationCommand, ConversationEvent, ConversationKind, NewConversation, direct_conversation_id,
};

fn start(kind: ConversationKind, participants: &[AccountId]) -> ConversationCommand {
    let participants = participants.to_vec();
    ConversationCommand::StartConversation(NewConversation { kind, participants, context: None })
}

#[test]
fn two_people_have_one_direct_conversation_whoever_begins() {
    assert_eq!(direct_conversation_id(ANNA, BORIS), direct_conversation_id(BORIS, ANNA));
    assert_ne!(direct_conversation_id(ANNA, BORIS), direct_conversation_id(ANNA, VERA));
    given(vec![]).when(start(ConversationKind::Direct, &[ANNA, BORIS])).then_expect_events(vec![direct()]);
    given(vec![direct()]).when(start(ConversationKind::Direct, &[BORIS, ANNA])).then_expect_events(vec![]);
    let other = start(ConversationKind::Direct, &[ANNA, VERA]);
    assert_eq!(refused(vec![direct()], other), "conversation_already_started");
}

#[test]
fn a_direct_conversation_has_two_different_people_and_keeps_them() {
    for people in [&[ANNA][..], &[ANNA, ANNA], &[ANNA, BORIS, VERA], &[]] {
        assert_eq!(refused(vec![], start(ConversationKind::Direct, people)), "bad_participants");
    }
    let add = ConversationCommand::AddParticipant { participant: VERA };
    let remove = ConversationCommand::RemoveParticipant { participant: ANNA };
    assert_eq!(refused(vec![direct()], add), "direct_conversation");
    assert_eq!(refused(vec![direct()], remove), "direct_conversation");
}

#[test]
fn who_joins_a_class_later_has_nothing_unread_and_who_left_sends_no_more() {
    let class = || vec![started(ConversationKind::Class, &[ANNA, BORIS]), sent(ANNA, 1, "a")];
    let joined = ConversationEvent::ParticipantJoined { participant: VERA };
    given(class())
        .when(ConversationCommand::AddParticipant { participant: VERA })
        .then_expect_events(vec![joined.clone()]);
    let mut state = crate::messaging::Conversation::default();
    [class(), vec![joined.clone()]].concat().into_iter().for_each(|event| state.apply(event));
    assert_eq!(state.thread().unwrap().unread(VERA), 0);

    let left = ConversationEvent::ParticipantLeft { participant: VERA };
    let after = || [class(), vec![joined.clone(), left.clone()]].concat();
    assert_eq!(refused(after(), send(VERA, 9, "b")), "conversation_not_found");
    given(after())
        .when(ConversationCommand::RemoveParticipant { participant: VERA })
        .then_expect_events(vec![]);
    given(after())
        .when(ConversationCommand::AddParticipant { participant: VERA })
        .then_expect_events(vec![joined.clone()]);
}
