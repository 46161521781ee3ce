//! Fixtures: participants and a started conversation.

use std::sync::Arc;

use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use uuid::Uuid;

use crate::messaging::{
    Conversation, ConversationCommand, ConversationEvent, ConversationKind, NewMessage, SentMessage,
    direct_conversation_id, message_id,
};
use crate::{AccountId, Clock, FixedClock, Personal, RefusalError};

pub const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
pub const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
pub const VERA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000003"));

pub fn given(events: Vec<ConversationEvent>) -> AggregateTestExecutor<Conversation> {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at("2026-11-24T09:00:00Z".parse().unwrap()));
    TestFramework::with(clock).given(events)
}

/// Returns the code with which a command is refused after these events.
pub fn refused(events: Vec<ConversationEvent>, command: ConversationCommand) -> &'static str {
    given(events).when(command).inspect_result().unwrap_err().refusal().code
}

pub fn started(kind: ConversationKind, participants: &[AccountId]) -> ConversationEvent {
    ConversationEvent::ConversationStarted { kind, participants: participants.to_vec(), context: None }
}

pub fn direct() -> ConversationEvent {
    started(ConversationKind::Direct, &[ANNA, BORIS])
}

pub fn client_id(n: u64) -> Uuid {
    Uuid::from_u64_pair(0x0198_c0de_0000_7000, 0x8000_0000_0000_0000 | n)
}

pub fn draft(sender: AccountId, n: u64, body: &str) -> NewMessage {
    NewMessage {
        message_id: message_id(direct_conversation_id(ANNA, BORIS), sender, client_id(n)),
        sender,
        body: body.to_owned(),
        attachments: vec![],
        client_id: client_id(n),
    }
}

pub fn send(sender: AccountId, n: u64, body: &str) -> ConversationCommand {
    ConversationCommand::SendMessage(Box::new(draft(sender, n, body)))
}

/// Returns the event of the message with this number.
pub fn sent(sender: AccountId, sequence: u64, body: &str) -> ConversationEvent {
    let draft = draft(sender, sequence, body);
    ConversationEvent::MessageSent {
        message_id: draft.message_id,
        sequence,
        sender,
        body: Personal::new(sender, draft.body),
        attachments: vec![],
        client_id: draft.client_id,
    }
}

pub fn message(sender: AccountId, sequence: u64) -> SentMessage {
    SentMessage { message_id: draft(sender, sequence, "").message_id, sequence, sender }
}
