//! What a slot promises, by given, when, then; and what holds whatever people do.

mod cancelling;
mod fixtures;
mod holding;
mod line;
mod opening;
mod properties;
mod rescheduling;
mod seats;
