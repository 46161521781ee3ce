//! Video lessons: the signaling service, its rooms and its forwarding of media.

pub mod cluster;
pub mod config;
pub mod media;
pub mod protocol;
pub mod report;
pub mod room;
pub mod server;
pub mod token;
pub mod turn;
