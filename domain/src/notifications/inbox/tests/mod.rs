//! Tests of an inbox.

mod delivering;
mod fixtures;
mod notices;
mod preferences;
mod properties;
mod reading;
