//! The service: WebSocket, rooms as tasks, metrics, drain.

mod dev;
mod http;
mod limits;
mod media_events;
mod metrics;
mod node;
mod place;
mod requests;
mod room_task;
mod session;
mod socket;

pub use node::{Node, NodeHandle, NodeParts};
