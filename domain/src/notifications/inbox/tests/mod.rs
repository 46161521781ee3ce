//! What an inbox promises.

mod delivering;
mod fixtures;
mod notices;
mod preferences;
mod properties;
mod reading;
