//! The simulcast layers of one track: when each was last seen, and its bit rate.

use std::time::{Duration, Instant};

use crate::protocol::Quality;

/// A layer that is this far behind the newest packet of its track is not there.
const LAYER_GONE: Duration = Duration::from_millis(300);
/// Bit rates are measured over this time.
const MEASURED_OVER: Duration = Duration::from_millis(500);

pub const LAYERS: [Quality; 3] = [Quality::Low, Quality::Mid, Quality::High];

#[derive(Debug, Clone, Copy)]
struct Layer {
    seen: Instant,
    /// Begin and bytes of the measurement that is going on.
    since: Instant,
    bytes: usize,
    bits_per_second: Option<f64>,
}

/// When each layer of a track was last seen, and how much it carries.
#[derive(Debug, Clone, Copy, Default)]
pub struct Layers([Option<Layer>; 3]);

impl Layers {
    /// Notes a packet of a layer.
    pub fn seen(&mut self, layer: Quality, now: Instant, bytes: usize) {
        let found = self.0[layer as usize].get_or_insert(Layer {
            seen: now,
            since: now,
            bytes: 0,
            bits_per_second: None,
        });
        found.seen = now;
        let measured = now.duration_since(found.since);
        if measured >= MEASURED_OVER {
            let rate = (found.bytes * 8) as f64 / measured.as_secs_f64();
            found.bits_per_second = Some(found.bits_per_second.map_or(rate, |old| (old + rate) / 2.0));
            (found.since, found.bytes) = (now, 0);
        }
        found.bytes += bytes;
    }

    /// A still picture sends little: a layer counts as gone only while others go on.
    fn is_alive(&self, layer: Quality) -> bool {
        let newest = self.0.iter().flatten().map(|layer| layer.seen).max();
        match (self.0[layer as usize], newest) {
            (Some(layer), Some(newest)) => newest.duration_since(layer.seen) < LAYER_GONE,
            _ => false,
        }
    }

    /// Returns the best living layer up to `wanted`, else the lowest above it.
    pub fn choose(&self, wanted: Quality) -> Option<Quality> {
        let below = LAYERS.iter().rev().filter(|layer| **layer <= wanted);
        let above = LAYERS.iter().filter(|layer| **layer > wanted);
        below.chain(above).copied().find(|layer| self.is_alive(*layer))
    }

    /// Returns the bits per second that a receiver who wants this gets; `None` until they are measured.
    pub fn rate(&self, wanted: Quality) -> Option<f64> {
        self.0[self.choose(wanted)? as usize]?.bits_per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_the_layer_that_is_there_is_measured() {
        let start = Instant::now();
        let mut layers = Layers::default();
        assert_eq!(layers.rate(Quality::High), None);
        // Fifty packets a second of 1,000 and of 100 bytes.
        for number in 0..100 {
            let now = start + Duration::from_millis(20 * number);
            layers.seen(Quality::Mid, now, 1_000);
            layers.seen(Quality::Low, now, 100);
        }
        assert!((layers.rate(Quality::High).unwrap() - 400_000.0).abs() < 1_000.0, "{layers:?}");
        assert!((layers.rate(Quality::Low).unwrap() - 40_000.0).abs() < 100.0, "{layers:?}");
    }
}
