//! Video lessons in an OS process: the living nodes, tokens for lesson rooms, and a node itself.

mod node;
mod nodes;
mod tokens;

pub use node::{NodeError, VideoNode};
pub use nodes::VideoNodes;
pub use tokens::{JoinToken, RoomEntry, VideoTokens};
