//! Tests of an account, by given, when, then.

mod fixtures;
mod lifecycle;
mod profile;
mod profile_patch;
mod properties;
mod secrecy;
