//! Read models of live sockets: the feed of every person.

mod feed;

pub use feed::{
    FRAME_TYPES, FeedRow, FrameType, LiveFeedReadModel, RESUMABLE, SocketEffect, feed_rows_between,
    feed_rows_for, find_contacts, frame_data_schemas,
};
