//! Read models of live sockets: what every person is told over them.

mod feed;

pub use feed::{LiveFeed, NewsRow, RESUMABLE, contacts_of, missed, news};
