//! Facts that follow from the log.

mod conversations;
mod fact;
mod fact_recorder;
mod model;
mod people;
mod requests;
mod save;
mod slots;
mod tickets;
mod tracked_entities;

pub use fact::Measure;
pub use model::AnalyticsReadModel;
