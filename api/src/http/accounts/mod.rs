//! Routes of one's own account: registration, sessions, contact data, profile, export, erasure.

pub mod register;
pub mod start;
pub mod view;
