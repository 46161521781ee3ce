//! One subscription: which layer goes out, and the numbers that make it one steady stream. No I/O.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::media::layers::Layers;
use crate::media::leg::MediaPacket;
use crate::media::vp8::{self, Descriptor};
use crate::protocol::Quality;

/// Key frames of one layer are asked for at most this often.
pub const KEY_FRAME_EVERY: Duration = Duration::from_millis(500);
const HIGH_LOSS: f32 = 0.10;
const LOW_LOSS: f32 = 0.02;
const CALM_BEFORE_UP: Duration = Duration::from_secs(10);

/// A packet this far behind one that was passed over belongs to an earlier round of sequence numbers.
const LATE: u16 = 512;
/// Removed packets remembered, for those that arrive late.
const REMEMBERED: usize = 256;

/// Numbers of the outgoing stream that the current layer is mapped onto.
#[derive(Debug, Clone, Copy, Default)]
struct Numbers {
    sequence: u16,
    timestamp: u32,
    picture: u16,
    base_frame: u8,
}

impl Numbers {
    fn of(packet: &MediaPacket, descriptor: Option<&Descriptor>) -> Self {
        Self {
            sequence: packet.sequence,
            timestamp: packet.timestamp,
            picture: descriptor.and_then(|found| found.picture).map_or(0, |picture| picture.0),
            base_frame: descriptor.and_then(|found| found.base_frame).map_or(0, |base| base.0),
        }
    }
}

/// A track on its way to one receiver.
#[derive(Debug)]
pub struct Forward {
    is_video: bool,
    on: bool,
    wanted: Quality,
    /// Layer that loss still allows.
    cap: Quality,
    /// Layer that fits into the receiver's network.
    limit: Quality,
    current: Option<Quality>,
    first: Numbers,
    base: Numbers,
    highest: u16,
    /// Newest packets that did not go out, by layer.
    passed_over: [Option<u16>; 3],
    /// Numbers of packets without media that were taken out of this layer.
    removed: VecDeque<u16>,
    last: Numbers,
    last_at: Option<Instant>,
    /// Packets sent since the last report, and the number before the first of them.
    sent: u16,
    reported: u16,
    smooth_loss: f32,
    calm_since: Option<Instant>,
    asked_at: Option<Instant>,
}

impl Forward {
    pub fn new(is_video: bool, on: bool, wanted: Quality) -> Self {
        Self {
            is_video,
            on,
            wanted,
            cap: Quality::High,
            limit: Quality::High,
            current: None,
            first: Numbers::default(),
            base: Numbers::default(),
            highest: 0,
            passed_over: [None; 3],
            removed: VecDeque::new(),
            last: Numbers { sequence: 999, ..Numbers::default() },
            last_at: None,
            sent: 0,
            reported: 999,
            smooth_loss: 0.0,
            calm_since: None,
            asked_at: None,
        }
    }

    pub fn current(&self) -> Option<Quality> {
        self.current
    }

    /// Starts or stops, and sets the layer that the receiver wants.
    pub fn set(&mut self, on: bool, wanted: Quality) {
        self.wanted = wanted;
        if self.on != on {
            self.on = on;
            self.current = None;
            self.asked_at = None;
        }
    }

    /// Returns the best layer that the receiver wants and loss allows; `None` while it is off.
    pub fn demand(&self) -> Option<Quality> {
        self.on.then(|| self.wanted.min(self.cap))
    }

    pub fn limit(&self) -> Quality {
        self.limit
    }

    /// Sets the best layer that fits into the receiver's network.
    pub fn set_limit(&mut self, limit: Quality) {
        self.limit = limit;
    }

    fn target(&self, layers: &Layers) -> Option<Quality> {
        layers.choose(self.wanted.min(self.cap).min(self.limit))
    }

    /// Begins with the next key frame again, after the receiving connection came (back) up.
    pub fn restart(&mut self) {
        self.asked_at = None;
        if self.is_video {
            self.current = None;
        }
    }

    /// Notes the loss that the receiver reports, smoothed because a report may cover few packets. Returns the
    /// share that was lost on the way down: a receiver also misses what was lost on the way up.
    ///
    /// Lasting loss lowers the layer; ten calm seconds raise it.
    pub fn loss(&mut self, reported: f32, now: Instant) -> f32 {
        let fraction = (reported - self.take_gap()).max(0.0);
        self.smooth_loss = self.smooth_loss * 0.75 + fraction * 0.25;
        if self.smooth_loss > HIGH_LOSS {
            self.calm_since = None;
            self.smooth_loss = 0.0;
            self.cap = match self.cap.min(self.current.unwrap_or(self.cap)) {
                Quality::High => Quality::Mid,
                _ => Quality::Low,
            };
        } else if self.smooth_loss > LOW_LOSS {
            self.calm_since = None;
        } else {
            let since = *self.calm_since.get_or_insert(now);
            if now.duration_since(since) >= CALM_BEFORE_UP && self.cap < Quality::High {
                self.cap = if self.cap == Quality::Low { Quality::Mid } else { Quality::High };
                self.calm_since = Some(now);
            }
        }
        fraction
    }

    /// Returns the share of numbers since the last report that had no packet when they went out.
    fn take_gap(&mut self) -> f32 {
        let numbers = self.last.sequence.wrapping_sub(self.reported);
        let missing = numbers.saturating_sub(self.sent);
        (self.reported, self.sent) = (self.last.sequence, 0);
        if numbers == 0 { 0.0 } else { f32::from(missing) / f32::from(numbers) }
    }

    /// Returns the layer that needs a key frame now, at most every 500 ms.
    pub fn wants_key_frame(&mut self, layers: &Layers, now: Instant) -> Option<Quality> {
        if !self.is_video || !self.on {
            return None;
        }
        // Without any packet so far, the publisher knows best what to send.
        let target = self.target(layers).unwrap_or(Quality::High);
        if self.current == Some(target)
            || self.asked_at.is_some_and(|at| now.duration_since(at) < KEY_FRAME_EVERY)
        {
            return None;
        }
        self.asked_at = Some(now);
        Some(target)
    }

    /// Returns the packet as it goes out, or `None` if it does not.
    pub fn forward(
        &mut self,
        packet: &MediaPacket,
        layer: Quality,
        layers: &Layers,
        now: Instant,
    ) -> Option<MediaPacket> {
        if !self.on {
            return None;
        }
        if packet.payload.is_empty() {
            self.skip_padding(packet, layer);
            return None;
        }
        let descriptor = if self.is_video { Some(vp8::parse(&packet.payload)?) } else { None };
        if self.current != Some(layer) {
            let target = self.target(layers);
            let key_frame = descriptor.as_ref().is_none_or(|descriptor| descriptor.key_frame);
            // A key frame whose beginning comes late lacks what was passed over; its receiver could not repair
            // that, and would wait 3 s before it asks for another one.
            if target != Some(layer) || !key_frame || self.is_late(layer, packet.sequence) {
                self.pass_over(layer, packet.sequence);
                return None;
            }
            self.switch(packet, descriptor.as_ref(), layer, now);
        }
        let ahead = packet.sequence.wrapping_sub(self.first.sequence);
        if ahead > 0x8000 {
            // Older than the key frame that this layer began with.
            return None;
        }
        if packet.sequence.wrapping_sub(self.highest) < 0x8000 {
            self.highest = packet.sequence;
        }
        Some(self.rewrite(packet, descriptor.as_ref(), now))
    }

    /// Returns `true` if a newer packet of this layer was passed over.
    fn is_late(&self, layer: Quality, sequence: u16) -> bool {
        self.passed_over[layer as usize]
            .is_some_and(|newest| (1..LATE).contains(&newest.wrapping_sub(sequence)))
    }

    fn pass_over(&mut self, layer: Quality, sequence: u16) {
        if !self.is_late(layer, sequence) {
            self.passed_over[layer as usize] = Some(sequence);
        }
    }

    /// Closes the gap that a packet without media would leave. Gaps of lost packets before it stay.
    fn skip_padding(&mut self, packet: &MediaPacket, layer: Quality) {
        let ahead = packet.sequence.wrapping_sub(self.highest);
        if self.current == Some(layer) && ahead > 0 && ahead < 0x8000 {
            self.highest = packet.sequence;
            self.base.sequence = self.base.sequence.wrapping_sub(1);
            self.removed.push_back(packet.sequence);
            if self.removed.len() > REMEMBERED {
                self.removed.pop_front();
            }
        }
    }

    /// Returns how many packets were taken out after this one.
    fn removed_after(&self, sequence: u16) -> u16 {
        if sequence == self.highest {
            return 0;
        }
        let after = self.removed.iter().filter(|removed| removed.wrapping_sub(sequence) < 0x8000);
        after.count() as u16
    }

    fn switch(
        &mut self,
        packet: &MediaPacket,
        descriptor: Option<&Descriptor>,
        layer: Quality,
        now: Instant,
    ) {
        self.current = Some(layer);
        self.asked_at = None;
        self.first = Numbers::of(packet, descriptor);
        self.highest = packet.sequence;
        self.passed_over[layer as usize] = None;
        self.removed.clear();
        self.base = match self.last_at {
            None => Numbers { sequence: 1_000, ..self.first },
            Some(last_at) => {
                let clock = if self.is_video { 90 } else { 48 };
                let passed = (now.duration_since(last_at).as_millis() as u32).saturating_mul(clock);
                Numbers {
                    sequence: self.last.sequence.wrapping_add(1),
                    timestamp: self.last.timestamp.wrapping_add(passed.max(clock * 10)),
                    picture: self.last.picture.wrapping_add(1) & 0x7fff,
                    base_frame: self.last.base_frame.wrapping_add(1),
                }
            }
        };
    }

    fn rewrite(
        &mut self,
        packet: &MediaPacket,
        descriptor: Option<&Descriptor>,
        now: Instant,
    ) -> MediaPacket {
        self.sent = self.sent.saturating_add(1);
        let here = Numbers::of(packet, descriptor);
        let shift = |value: u16, first: u16, base: u16| value.wrapping_sub(first).wrapping_add(base);
        let out = Numbers {
            sequence: shift(here.sequence, self.first.sequence, self.base.sequence)
                .wrapping_add(self.removed_after(here.sequence)),
            timestamp: here.timestamp.wrapping_sub(self.first.timestamp).wrapping_add(self.base.timestamp),
            picture: shift(here.picture, self.first.picture, self.base.picture) & 0x7fff,
            base_frame: here
                .base_frame
                .wrapping_sub(self.first.base_frame)
                .wrapping_add(self.base.base_frame),
        };
        if self.last_at.is_none() || out.sequence.wrapping_sub(self.last.sequence) < 0x8000 {
            self.last = out;
            self.last_at = Some(now);
        }
        let payload = match descriptor {
            Some(found) if out.picture != here.picture || out.base_frame != here.base_frame => {
                vp8::renumber(&packet.payload, found, out.picture, out.base_frame)
            }
            _ => packet.payload.clone(),
        };
        MediaPacket {
            sequence: out.sequence,
            timestamp: out.timestamp,
            marker: packet.marker,
            payload,
            level: None,
        }
    }
}
