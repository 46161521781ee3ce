//! Feed of live sockets: read model `live_feed` and its queries.

mod account;
mod audiences;
mod data;
mod frames;
mod lessons;
mod model;
mod notifications;
mod participants;
mod queries;
mod recipients;
mod scheduling;
mod socket_effects;
mod tickets;

pub use data::frame_data_schemas;
pub use frames::{FRAME_TYPES, FrameType};
pub use model::{LiveFeedReadModel, RESUMABLE};
pub use queries::{FeedRow, feed_rows_between, feed_rows_for, find_contacts};
pub use socket_effects::SocketEffect;
