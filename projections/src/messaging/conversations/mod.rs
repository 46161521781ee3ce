//! Conversations as people read them: lists, messages, search, and what was reported.

mod apply;
mod lists;
mod messages;
mod model;
mod reports;
mod rows;
mod search;

pub use lists::{ConversationListed, PersonNamed, conversations, last_message, people};
pub use messages::{MessageWindow, message, message_history, messages, messages_for_export, takes_part_in};
pub use model::Conversations;
pub use reports::{ReportListed, reports};
pub use rows::{AttachmentRow, ConversationRow, EditRow, MessageRow, ParticipantRow, ReportRow};
pub use search::{MessageFilter, Sender, search_messages};
