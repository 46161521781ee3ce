//! Messaging: conversations as people read them, and who takes part in them.

mod conversations;
mod processes;

pub use conversations::{
    AttachmentRow, ConversationListed, ConversationRow, Conversations, EditRow, MessageFilter, MessageRow,
    MessageWindow, ParticipantRow, PersonNamed, ReportListed, ReportRow, Sender, conversations, last_message,
    message, message_history, messages, messages_for_export, people, reports, search_messages, takes_part_in,
};
pub use processes::{ConversationMembership, ConversationMembershipHandler};
