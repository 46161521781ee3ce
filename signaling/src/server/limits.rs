//! Token buckets of one connection.

use std::time::{Duration, Instant};

use crate::protocol::ClientMessage;

/// A token bucket; time is an argument.
#[derive(Debug)]
struct Bucket {
    per_second: f64,
    burst: f64,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn new(per_second: f64, burst: f64, now: Instant) -> Self {
        Self { per_second, burst, tokens: burst, at: now }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// The time until there is one.
    fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(self.burst);
        self.at = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - self.tokens) / self.per_second))
    }
}

/// Rate limits of one connection.
#[derive(Debug)]
pub struct ConnectionLimits {
    frames: Bucket,
    offers: Bucket,
    chat: Bucket,
    moderation: Bucket,
}

/// Why a frame is not handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooFast {
    /// The request is refused; the connection stays.
    Request { retry_ms: u32 },
    /// The connection is closed.
    Connection,
}

impl ConnectionLimits {
    pub fn new(now: Instant) -> Self {
        Self {
            frames: Bucket::new(20.0, 40.0, now),
            offers: Bucket::new(1.0, 4.0, now),
            chat: Bucket::new(1.0, 5.0, now),
            moderation: Bucket::new(5.0, 10.0, now),
        }
    }

    /// Counts a frame of any content.
    ///
    /// # Errors
    /// `TooFast::Connection` beyond 20 frames a second after a burst of 40.
    pub fn frame(&mut self, now: Instant) -> Result<(), TooFast> {
        self.frames.take(now).map_err(|_| TooFast::Connection)
    }

    /// Counts a request by its kind.
    ///
    /// # Errors
    /// `TooFast::Request` beyond one offer or chat message, or five acts of moderation a second.
    pub fn request(&mut self, message: &ClientMessage, now: Instant) -> Result<(), TooFast> {
        let bucket = match message {
            ClientMessage::PubOffer(_) | ClientMessage::IceRestart { .. } => &mut self.offers,
            ClientMessage::ChatSend { .. } => &mut self.chat,
            ClientMessage::Moderate(_) => &mut self.moderation,
            _ => return Ok(()),
        };
        bucket.take(now).map_err(|wait| TooFast::Request { retry_ms: wait.as_millis() as u32 + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_does_not() {
        let now = Instant::now();
        let mut limits = ConnectionLimits::new(now);
        assert!((0..40).all(|_| limits.frame(now).is_ok()));
        assert_eq!(limits.frame(now), Err(TooFast::Connection));
        assert_eq!(limits.frame(now + Duration::from_millis(60)), Ok(()));
        let chat = ClientMessage::ChatSend { text: "Да".into() };
        assert!((0..5).all(|_| limits.request(&chat, now).is_ok()));
        assert!(matches!(limits.request(&chat, now), Err(TooFast::Request { retry_ms }) if retry_ms > 900));
        assert_eq!(limits.request(&ClientMessage::Ping, now), Ok(()));
    }
}
