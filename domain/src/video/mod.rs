//! Video: the lesson room, who was in it and when.

mod session;

pub use session::{
    Consent, LeaveCause, ParticipantRole, Room, RoomCloseCause, Stay, VideoSession, VideoSessionCommand,
    VideoSessionError, VideoSessionEvent,
};
