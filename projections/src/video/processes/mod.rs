//! Process managers of video lessons.

mod no_shows;
mod reports;

pub use no_shows::{NoShowProposals, NoShowProposalsHandler};
pub use reports::ReportConsumer;
