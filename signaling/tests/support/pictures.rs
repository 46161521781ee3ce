//! One video track as its receiver decodes it: a frame needs all of its packets and the frame before it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Packet that waits for the others of its frame, or for the frames before it.
#[derive(Debug, Clone, Copy)]
struct Part {
    starts: bool,
    ends: bool,
    key: bool,
}

/// Frames that were decoded, and the longest pause between two.
#[derive(Debug, Default, Clone)]
pub struct Pictures {
    pub decoded: u64,
    waiting: BTreeMap<u64, Part>,
    newest: Option<u64>,
    /// Number of the packet that the next frame begins with; `None` before the first key frame.
    next: Option<u64>,
    last_at: Option<Instant>,
    longest: Duration,
}

impl Pictures {
    /// Takes a packet of `Media::sends_frame`.
    pub fn take(&mut self, now: Instant, sequence: u16, ends: bool, payload: &[u8]) {
        let number = self.extend(sequence);
        if self.next.is_some_and(|next| number < next) {
            return;
        }
        let part = Part { starts: payload[0] & 0x10 != 0, ends, key: payload[3] & 1 == 0 };
        self.waiting.insert(number, part);
        while let Some(end) = self.decodable() {
            self.next = Some(end + 1);
            self.waiting = self.waiting.split_off(&(end + 1));
            self.decoded += 1;
            if let Some(last) = self.last_at.replace(now) {
                self.longest = self.longest.max(now.duration_since(last));
            }
        }
    }

    /// Returns the longest pause between two frames since the last restart, also of one that goes on.
    pub fn longest_pause(&self, now: Instant) -> Duration {
        let open = self.last_at.map_or(Duration::MAX, |last| now.duration_since(last));
        self.longest.max(open)
    }

    /// Begins the measurement of pauses again.
    pub fn restart(&mut self, now: Instant) {
        self.longest = Duration::ZERO;
        self.last_at = Some(now);
    }

    /// Returns the number of a packet without the wrap after 65,535.
    fn extend(&mut self, sequence: u16) -> u64 {
        let newest = self.newest.unwrap_or(1 << 16 | u64::from(sequence));
        let ahead = i64::from(sequence.wrapping_sub(newest as u16).cast_signed());
        let number = newest.saturating_add_signed(ahead);
        self.newest = Some(newest.max(number));
        number
    }

    /// Returns the last packet of the next frame, or of a later key frame if that one is incomplete.
    fn decodable(&self) -> Option<u64> {
        let key_frames = self.waiting.iter().filter(|(_, part)| part.starts && part.key);
        let starts = self.next.into_iter().chain(key_frames.map(|(number, _)| *number));
        starts.into_iter().find_map(|start| self.end_of(start))
    }

    /// Returns the last packet of the frame that begins here, if all of it is there.
    fn end_of(&self, start: u64) -> Option<u64> {
        for number in start.. {
            let part = self.waiting.get(&number)?;
            if part.starts != (number == start) {
                return None;
            }
            if part.ends {
                return Some(number);
            }
        }
        None
    }
}
