//! Tests of a ticket.

mod agents;
mod fixtures;
mod merging;
mod opening;
mod properties;
mod status;
