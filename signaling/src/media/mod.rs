//! The forwarding unit: connections, layers, and one UDP port for all media.

mod bandwidth;
mod counters;
mod demux;
mod engine;
mod estimator;
mod feedback;
mod forward;
mod guard;
mod layers;
mod leg;
mod nack_responder;
mod rtc_leg;
mod sdp;
mod socket;
mod vp8;
mod worker;

pub use counters::{Counted, Counters};
pub use engine::{Engine, Legs};
pub use leg::{LegError, LegEvent, MediaLeg, MediaPacket, OutTrack};
pub use rtc_leg::RtcLeg;
pub use socket::Loss;
pub use worker::{MediaEvent, MediaRefusal, Origin, PublishedMid, TrackUid};
