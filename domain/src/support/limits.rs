//! Limits of tickets and their texts.

/// Longest texts, in characters, and the longest list of tags.
pub const TITLE_LIMIT: usize = 200;
pub const DESCRIPTION_LIMIT: usize = 10_000;
pub const TAG_LIMIT: usize = 50;
pub const TAGS_MAX: usize = 20;
/// Longest reply or note, in characters.
pub const BODY_LIMIT: usize = 10_000;
/// Longest comment of a rating, in characters.
pub const COMMENT_LIMIT: usize = 2_000;
