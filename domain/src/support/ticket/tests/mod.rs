//! What a ticket promises.

mod agents;
mod fixtures;
mod merging;
mod opening;
mod properties;
mod status;
