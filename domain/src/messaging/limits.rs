//! Limits of messages and conversations.

/// Longest message, in characters.
pub const BODY_LIMIT: usize = 10_000;
/// Largest number of attachments of one message.
pub const ATTACHMENTS_MAX: usize = 10;
/// Longest name of an attachment, in characters.
pub const FILE_NAME_LIMIT: usize = 200;
/// Largest number of participants of one conversation.
pub const PARTICIPANTS_MAX: usize = 200;
/// Longest reason of a report, in characters.
pub const REPORT_REASON_LIMIT: usize = 1_000;
