//! Routes of accounts: registration, sessions, profile, contact data, export, erasure, teacher catalogue.

pub mod avatars;
pub mod email_verifications;
pub mod erasure;
pub mod me;
pub mod password;
pub mod password_recoveries;
pub mod people;
pub mod register;
pub mod sessions;
pub mod teachers;
pub mod view;
