//! Ids that follow from what they name, so that it can exist only once.

use uuid::Uuid;

use crate::ids::{AccountId, ClassId, CommandId, ConversationId, MessageId, SlotId};

/// The root of the ids of direct conversations (UUIDv5, RFC 9562).
const DIRECT: Uuid = uuid::uuid!("6f1d3c1e-6a0f-5d0c-9a3e-6f4b1d2c7a10");

/// The one direct conversation of two people, whoever asks.
pub fn direct_conversation_id(one: AccountId, other: AccountId) -> ConversationId {
    let (low, high) = if one <= other { (one, other) } else { (other, one) };
    let mut pair = [0; 32];
    pair[..16].copy_from_slice(low.uuid().as_bytes());
    pair[16..].copy_from_slice(high.uuid().as_bytes());
    ConversationId(Uuid::new_v5(&DIRECT, &pair))
}

/// The conversation of a class.
pub fn class_conversation_id(class_id: ClassId) -> ConversationId {
    ConversationId(Uuid::new_v5(&class_id.uuid(), b"conversation"))
}

/// The conversation of a lesson for several.
pub fn lesson_conversation_id(slot_id: SlotId) -> ConversationId {
    ConversationId(Uuid::new_v5(&slot_id.uuid(), b"conversation"))
}

/// The message that a sender calls `client_id` in a conversation.
pub fn message_id(conversation_id: ConversationId, sender: AccountId, client_id: Uuid) -> MessageId {
    MessageId(derived(conversation_id, sender, client_id, b"message"))
}

/// The command that sends it: the log takes a command once, so a message is sent once, however long
/// ago that was.
pub fn send_command_id(conversation_id: ConversationId, sender: AccountId, client_id: Uuid) -> CommandId {
    CommandId(derived(conversation_id, sender, client_id, b"send"))
}

fn derived(conversation_id: ConversationId, sender: AccountId, client_id: Uuid, purpose: &[u8]) -> Uuid {
    let mut name = Vec::with_capacity(32 + purpose.len());
    name.extend_from_slice(sender.uuid().as_bytes());
    name.extend_from_slice(client_id.as_bytes());
    name.extend_from_slice(purpose);
    Uuid::new_v5(&conversation_id.uuid(), &name)
}
