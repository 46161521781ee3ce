//! Limits of an inbox.

/// How many notifications an inbox shows: older ones leave it when new ones come.
pub const INBOX_MAX: u64 = 1_000;
