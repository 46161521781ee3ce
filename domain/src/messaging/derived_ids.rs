//! Derived ids: an id follows from the thing that it names, so that the thing can exist only once.

use uuid::Uuid;

use crate::ids::{AccountId, ClassId, CommandId, ConversationId, MessageId, SlotId};

/// Namespace of the ids of direct conversations (UUIDv5, RFC 9562).
const DIRECT: Uuid = uuid::uuid!("6f1d3c1e-6a0f-5d0c-9a3e-6f4b1d2c7a10");

/// Returns the id of the direct conversation of two people, in either order.
pub fn direct_conversation_id(one: AccountId, other: AccountId) -> ConversationId {
    let (low, high) = if one <= other { (one, other) } else { (other, one) };
    let mut pair = [0; 32];
    pair[..16].copy_from_slice(low.uuid().as_bytes());
    pair[16..].copy_from_slice(high.uuid().as_bytes());
    ConversationId(Uuid::new_v5(&DIRECT, &pair))
}

/// Returns the id of the conversation of a class.
pub fn class_conversation_id(class_id: ClassId) -> ConversationId {
    ConversationId(Uuid::new_v5(&class_id.uuid(), b"conversation"))
}

/// Returns the id of the conversation of a lesson for several students.
pub fn lesson_conversation_id(slot_id: SlotId) -> ConversationId {
    ConversationId(Uuid::new_v5(&slot_id.uuid(), b"conversation"))
}

/// Returns the id of the message that a sender calls `client_id` in a conversation.
pub fn message_id(conversation_id: ConversationId, sender: AccountId, client_id: Uuid) -> MessageId {
    MessageId(derived(conversation_id, sender, client_id, b"message"))
}

/// Returns the id of the command that sends the message. The log accepts a command once, so a message is
/// sent once, however late the retry is.
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
