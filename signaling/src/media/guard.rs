//! A connection whose panics stay its own: the worker and the other connections go on.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use bytes::BytesMut;

use super::feedback::LegCounters;
use super::leg::{LegError, LegEvent, MediaLeg, MediaPacket, OutTrack};
use super::sdp::SdpError;

/// Wraps a connection that parses what strangers send. After a panic it is never called again.
pub struct GuardedLeg {
    leg: Option<Box<dyn MediaLeg>>,
    failure_told: bool,
}

impl GuardedLeg {
    pub fn new(leg: Box<dyn MediaLeg>) -> Self {
        Self { leg: Some(leg), failure_told: false }
    }

    /// Calls the connection; returns `None` if it panics now or did before.
    fn call<R>(&mut self, act: impl FnOnce(&mut dyn MediaLeg) -> R) -> Option<R> {
        let mut leg = self.leg.take()?;
        // The connection is dropped after a panic, so that its half-changed state is never used.
        let result = catch_unwind(AssertUnwindSafe(|| act(leg.as_mut())));
        match result {
            Ok(result) => {
                self.leg = Some(leg);
                Some(result)
            }
            Err(_) => {
                tracing::error!("a media connection panicked and is closed");
                // Its destructor may panic as well.
                let _ = catch_unwind(AssertUnwindSafe(move || drop(leg)));
                None
            }
        }
    }

    fn try_call<R>(
        &mut self,
        act: impl FnOnce(&mut dyn MediaLeg) -> Result<R, LegError>,
    ) -> Result<R, LegError> {
        self.call(act).unwrap_or(Err(LegError::Description(SdpError::Incomplete)))
    }
}

impl MediaLeg for GuardedLeg {
    fn answer(&mut self, now: Instant, offer: &str) -> Result<String, LegError> {
        self.try_call(|leg| leg.answer(now, offer))
    }

    fn add_track(&mut self, track: &OutTrack) -> Result<(), LegError> {
        self.try_call(|leg| leg.add_track(track))
    }

    fn remove_track(&mut self, ssrc: u32) -> Result<(), LegError> {
        self.try_call(|leg| leg.remove_track(ssrc))
    }

    fn offer(&mut self, now: Instant, restart: bool) -> Result<(String, Vec<(u32, String)>), LegError> {
        self.try_call(|leg| leg.offer(now, restart))
    }

    fn accept(&mut self, now: Instant, answer: &str) -> Result<(), LegError> {
        self.try_call(|leg| leg.accept(now, answer))
    }

    fn credentials(&self) -> Option<(String, String)> {
        self.leg.as_ref()?.credentials()
    }

    fn receive(&mut self, now: Instant, from: SocketAddr, datagram: BytesMut) {
        self.call(|leg| leg.receive(now, from, datagram));
    }

    fn send(&mut self, now: Instant, ssrc: u32, is_video: bool, packet: MediaPacket) {
        self.call(|leg| leg.send(now, ssrc, is_video, packet));
    }

    fn request_key_frame(&mut self, now: Instant, ssrc: u32) {
        self.call(|leg| leg.request_key_frame(now, ssrc));
    }

    fn deadline(&mut self) -> Option<Instant> {
        self.call(|leg| leg.deadline()).flatten()
    }

    fn timeout(&mut self, now: Instant) {
        self.call(|leg| leg.timeout(now));
    }

    fn poll(&mut self) -> Option<LegEvent> {
        let event = self.call(|leg| leg.poll()).flatten();
        if self.leg.is_none() && !std::mem::replace(&mut self.failure_told, true) {
            return Some(LegEvent::Failed);
        }
        event
    }

    fn poll_transmit(&mut self) -> Option<(SocketAddr, BytesMut)> {
        self.call(|leg| leg.poll_transmit()).flatten()
    }

    fn take_counters(&mut self) -> LegCounters {
        self.call(|leg| leg.take_counters()).unwrap_or_default()
    }

    fn close(&mut self, now: Instant) {
        self.call(|leg| leg.close(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::rtc_leg::RtcLeg;

    fn legs() -> (GuardedLeg, GuardedLeg) {
        let announced = ["127.0.0.1:9".parse().unwrap()];
        let now = Instant::now();
        let sender = RtcLeg::receiving(now, &announced).unwrap();
        let receiver = RtcLeg::publishing(now, &announced).unwrap();
        (GuardedLeg::new(Box::new(sender)), GuardedLeg::new(Box::new(receiver)))
    }

    /// An offer that a browser could have made, with one line taken out, doubled, cut or garbled at a time.
    #[test]
    fn no_garbled_offer_or_datagram_gets_through_the_guard() {
        let now = Instant::now();
        let (mut sender, mut taker) = legs();
        for (ssrc, is_video) in [(1, false), (2, true)] {
            let track = OutTrack { id: format!("t{ssrc}"), stream: "s".into(), ssrc, is_video };
            sender.add_track(&track).unwrap();
        }
        let (offer, _) = sender.offer(now, false).unwrap();
        assert!(taker.answer(now, &offer).is_ok());
        let lines: Vec<&str> = offer.lines().collect();
        for at in 0..lines.len() {
            for change in 0..4 {
                let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
                match change {
                    0 => drop(changed.remove(at)),
                    1 => changed.insert(at, lines[at].to_owned()),
                    2 => changed[at].truncate(lines[at].len() / 2),
                    _ => changed[at] = lines[at].replace(|c: char| c.is_ascii_digit(), "99999999999"),
                }
                let (_, mut receiver) = legs();
                // Taken or refused; what counts is that this test goes on.
                let _ = receiver.answer(now, &format!("{}\r\n", changed.join("\r\n")));
                for first in [0x16u8, 0x80, 0x00, 0xff] {
                    receiver.receive(now, "127.0.0.1:8".parse().unwrap(), BytesMut::from(&[first; 60][..]));
                }
                while receiver.poll().is_some() {}
            }
        }
    }
}
