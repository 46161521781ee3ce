//! Read models of live sockets: what every person is told over them.

mod feed;

pub use feed::{FeedRow, LiveFeedReadModel, RESUMABLE, feed_rows_between, feed_rows_for, find_contacts};
