//! Tests of a slot: rules by given, when, then, and invariants of random commands.

mod booking;
mod cancellation;
mod conduct;
mod effects;
mod fixtures;
mod opening;
mod properties;
mod rescheduling;
mod waitlist;
