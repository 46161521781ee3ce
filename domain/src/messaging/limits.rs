//! Limits of messages and conversations.

/// The longest message, in characters.
pub const BODY_LIMIT: usize = 10_000;
/// Attachments of one message.
pub const ATTACHMENTS_MAX: usize = 10;
/// The longest name of an attachment, in characters.
pub const FILE_NAME_LIMIT: usize = 200;
/// Participants of one conversation.
pub const PARTICIPANTS_MAX: usize = 200;
/// The longest reason of a report, in characters.
pub const REPORT_REASON_LIMIT: usize = 1_000;
