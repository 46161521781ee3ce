//! The facts that follow from the log.

mod conversations;
mod fact;
mod ledger;
mod model;
mod people;
mod requests;
mod slots;
mod states;
mod tickets;
mod writing;

pub use fact::Measure;
pub use model::Analytics;
