//! Video lessons: the signaling service, its rooms and its forwarding of media.

pub mod protocol;
pub mod report;
pub mod room;
pub mod token;
pub mod turn;
