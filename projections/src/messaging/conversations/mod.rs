//! Conversations for their participants: lists, messages, search, and reports.

mod apply;
mod lists;
mod messages;
mod model;
mod reports;
mod rows;
mod search;

pub use lists::{
    ConversationOverview, ConversationPerson, UnreadMessages, conversations, count_unread_messages,
    last_message, people,
};
pub use messages::{
    MessageWindow, conversations_of_participant, message, message_history, messages, messages_for_export,
};
pub use model::ConversationsReadModel;
pub use reports::{ReportDetails, reports};
pub use rows::{AttachmentRow, ConversationRow, EditRow, MessageRow, ParticipantRow, ReportRow};
pub use search::{MessageFilter, Sender, search_messages};
