//! What an account promises, by given, when, then.

mod fixtures;
mod lifecycle;
mod patch;
mod profile;
mod properties;
mod secrecy;
mod values;
