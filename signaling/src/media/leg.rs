//! Interface of the forwarding unit to a media connection: one thin trait.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};

use super::feedback::{Feedback, LegCounters};
use super::sdp;
use crate::protocol::Quality;

/// Why a description was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LegError {
    #[error(transparent)]
    Description(#[from] sdp::SdpError),
    #[error("webrtc: {0}")]
    Rtc(#[from] rtc::shared::error::Error),
}

/// A packet as it came from its publisher.
#[derive(Debug, Clone)]
pub struct MediaPacket {
    pub sequence: u16,
    pub timestamp: u32,
    pub marker: bool,
    pub payload: Bytes,
    /// Loudness of an audio packet in −dBov: 0 is loudest, 127 is silence.
    pub level: Option<u8>,
}

/// Event of a leg for its worker.
#[derive(Debug)]
pub enum LegEvent {
    Connected,
    Failed,
    Media {
        mid: Arc<str>,
        layer: Quality,
        ssrc: u32,
        packet: MediaPacket,
    },
    Feedback(Feedback),
    /// Bits per second that the network to the receiver carries, as estimated from its reports.
    Bandwidth(f64),
}

/// A track that a receiving leg sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutTrack {
    pub id: String,
    pub stream: String,
    pub ssrc: u32,
    pub is_video: bool,
}

/// WebRTC connection as the forwarding unit uses it. Time is an argument and no call waits.
pub trait MediaLeg: Send {
    /// Answers a publisher's offer, or a new one of a known publisher.
    fn answer(&mut self, now: Instant, offer: &str) -> Result<String, LegError>;
    fn add_track(&mut self, track: &OutTrack) -> Result<(), LegError>;
    fn remove_track(&mut self, ssrc: u32) -> Result<(), LegError>;
    /// Returns an offer of all tracks and the section of each by SSRC.
    fn offer(&mut self, now: Instant, restart: bool) -> Result<(String, Vec<(u32, String)>), LegError>;
    fn accept(&mut self, now: Instant, answer: &str) -> Result<(), LegError>;
    /// Returns user fragment and password of the local side, as last negotiated.
    fn credentials(&self) -> Option<(String, String)>;
    fn receive(&mut self, now: Instant, from: SocketAddr, datagram: BytesMut);
    fn send(&mut self, now: Instant, ssrc: u32, is_video: bool, packet: MediaPacket);
    fn request_key_frame(&mut self, now: Instant, ssrc: u32);
    fn deadline(&mut self) -> Option<Instant>;
    fn timeout(&mut self, now: Instant);
    fn poll(&mut self) -> Option<LegEvent>;
    fn poll_transmit(&mut self) -> Option<(SocketAddr, BytesMut)>;
    /// Returns the counts since the last call.
    fn take_counters(&mut self) -> LegCounters;
    fn close(&mut self, now: Instant);
}
