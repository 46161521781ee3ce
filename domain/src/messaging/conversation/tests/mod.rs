//! Tests of a conversation, by given, when, then.

mod fixtures;
mod messages;
mod own_view;
mod participants;
mod properties;
