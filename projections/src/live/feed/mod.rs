//! What every person is told over live sockets, and what is asked to tell it.

mod account;
mod audiences;
mod lessons;
mod model;
mod notifications;
mod participants;
mod queries;
mod recipients;
mod scheduling;
mod tickets;

pub use model::{LiveFeedReadModel, RESUMABLE};
pub use queries::{FeedRow, feed_rows_between, feed_rows_for, find_contacts};
