//! Routes of one's own account: registration, sessions, contact data, profile, export, erasure.

pub mod avatars;
pub mod erasure;
pub mod me;
pub mod password;
pub mod register;
pub mod sessions;
pub mod teachers;
pub mod view;
