//! Video session: the lesson rooms of one lesson, and the stays of people in them.

mod apply;
mod commands;
mod decide;
mod error;
mod events;
mod session;
#[cfg(test)]
mod tests;

pub use commands::VideoSessionCommand;
pub use error::VideoSessionError;
pub use events::{LeaveCause, ParticipantRole, RoomCloseCause, VideoSessionEvent};
pub use session::{Consent, Room, Stay, VideoSession};
