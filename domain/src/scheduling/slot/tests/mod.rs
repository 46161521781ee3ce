//! What a slot promises, by given, when, then; and what holds whatever people do.

mod booking;
mod cancellation;
mod conduct;
mod fixtures;
mod opening;
mod properties;
mod rescheduling;
mod waitlist;
