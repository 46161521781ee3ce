//! What every person is told over live sockets, and what is asked to tell it.

mod account;
mod casts;
mod lessons;
mod model;
mod notifications;
mod queries;
mod scheduling;
mod talks;
mod tickets;
mod told;

pub use model::{LiveFeed, RESUMABLE};
pub use queries::{NewsRow, contacts_of, missed, news};
