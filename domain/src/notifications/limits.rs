//! Limits of an inbox.

/// Largest number of notifications in an inbox. A new notification removes the oldest one.
pub const INBOX_MAX: u64 = 1_000;
