//! The service: WebSocket, rooms as tasks, metrics, drain.

mod dev;
mod http;
mod limits;
mod media_events;
mod messages;
mod metrics;
mod node;
mod place;
mod reports;
mod requests;
mod room_task;
mod session;
mod sink;
mod socket;
mod start;
mod times;

pub use node::{Node, NodeHandle, NodeParts};
