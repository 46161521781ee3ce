//! Read models of live sockets: the feed of every person.

mod feed;

pub use feed::{
    FeedRow, LiveFeedReadModel, RESUMABLE, SocketEffect, feed_rows_between, feed_rows_for, find_contacts,
};
