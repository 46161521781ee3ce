//! Routes of one's own account: registration, sessions, contact data, profile, export, erasure.

pub mod avatar;
pub mod contact;
pub mod erase;
pub mod erasure;
pub mod export;
pub mod me;
pub mod password;
pub mod register;
pub mod session;
pub mod sessions;
pub mod start;
pub mod view;
