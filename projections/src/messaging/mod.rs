//! Messaging: conversations, messages, and the process that updates participants.

mod conversations;
mod processes;

pub use conversations::{
    AttachmentRow, ConversationOverview, ConversationPerson, ConversationRow, ConversationsReadModel,
    EditRow, MessageFilter, MessageRow, MessageWindow, ParticipantRow, ReportDetails, ReportRow, Sender,
    UnreadMessages, conversations, conversations_of_participant, count_unread_messages, last_message,
    message, message_history, messages, messages_for_export, people, reports, search_messages,
};
pub use processes::{ConversationMembership, ConversationMembershipHandler};
