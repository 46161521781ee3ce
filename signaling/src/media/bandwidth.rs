//! The layers that fit into the network of one receiver: one estimate, shared between its tracks. No I/O.

use std::time::{Duration, Instant};

use super::layers::{LAYERS, Layers};
use crate::protocol::Quality;

/// A layer that goes out stays while the estimate is at least this share of what is sent.
const ENOUGH_TO_STAY: f64 = 0.85;
/// A better layer is tried when the estimate is this multiple of what would be sent.
const ENOUGH_TO_RAISE: f64 = 1.2;
/// A falling estimate counts fully after about this time, a collapse at once.
const SMOOTHED_OVER: f64 = 1.0;
const COLLAPSE: f64 = 0.5;
/// A better layer is tried this long after the last change; a try that fails doubles the time.
const FIRST_WAIT: Duration = Duration::from_secs(4);
const LONGEST_WAIT: Duration = Duration::from_secs(64);
/// A try failed if the layer falls again within this time.
const TRY: Duration = Duration::from_secs(10);

/// Layers of one track that one receiver wants.
#[derive(Debug, Clone, Copy)]
pub struct Demand {
    pub wanted: Quality,
    pub limit: Quality,
    /// Bits per second when this is wanted, by layer.
    rates: [f64; 3],
}

impl Demand {
    /// Creates a demand; `None` while the rates of the track are unknown.
    pub fn of(layers: &Layers, wanted: Quality, limit: Quality) -> Option<Self> {
        let rate = |layer: Quality| layers.rate(layer);
        Some(Self { wanted, limit, rates: [rate(Quality::Low)?, rate(Quality::Mid)?, rate(Quality::High)?] })
    }

    fn rate(&self, layer: Quality) -> f64 {
        self.rates[layer as usize]
    }
}

/// The network of one receiver.
#[derive(Debug)]
pub struct Bandwidth {
    target: Option<f64>,
    smooth: f64,
    smoothed_at: Instant,
    changed_at: Instant,
    raised_at: Option<Instant>,
    wait: Duration,
}

impl Bandwidth {
    pub fn new(now: Instant) -> Self {
        Self {
            target: None,
            smooth: 0.0,
            smoothed_at: now,
            changed_at: now,
            raised_at: None,
            wait: FIRST_WAIT,
        }
    }

    /// Takes an estimate in bits per second.
    pub fn estimate(&mut self, target: f64) {
        if self.target.replace(target).is_none() {
            self.smooth = target;
        }
    }

    /// Sets the limit of each demand. Returns by how many layers they fell and rose.
    ///
    /// Each track keeps its lowest layer. What is left goes to the middle layers first, in order, then to the
    /// high ones: everything is somewhat sharp before one thing is very sharp.
    pub fn share(&mut self, now: Instant, demands: &mut [Demand]) -> (u64, u64) {
        let Some(target) = self.target else { return (0, 0) };
        self.smooth(now, target);
        let may_rise = now.duration_since(self.changed_at) >= self.wait;
        let before: Vec<Quality> = demands.iter().map(|demand| demand.limit).collect();
        let mut limits = vec![Quality::Low; demands.len()];
        let mut sum: f64 = demands.iter().map(|demand| demand.rate(Quality::Low)).sum();
        for layer in LAYERS.into_iter().skip(1) {
            for (demand, limit) in demands.iter().zip(&mut limits) {
                let stays = layer <= demand.limit;
                if demand.wanted < layer {
                    // What is not wanted costs nothing, and is there at once when it is wanted.
                    if stays {
                        *limit = layer;
                    }
                    continue;
                }
                let more = sum + demand.rate(layer) - demand.rate(*limit);
                let fits = more * ENOUGH_TO_STAY <= self.smooth;
                let has_room = may_rise && more * ENOUGH_TO_RAISE <= self.smooth.min(target);
                if (stays && fits) || (!stays && has_room) {
                    (*limit, sum) = (layer, more);
                }
            }
        }
        let (mut fell, mut rose) = (0, 0);
        for ((demand, limit), before) in demands.iter_mut().zip(limits).zip(before) {
            demand.limit = limit;
            fell += u64::from(limit < before);
            rose += u64::from(limit > before);
        }
        self.note(now, fell > 0, rose > 0);
        (fell, rose)
    }

    fn smooth(&mut self, now: Instant, target: f64) {
        let passed = now.duration_since(self.smoothed_at).as_secs_f64();
        self.smoothed_at = now;
        let weight = (passed / SMOOTHED_OVER).min(1.0);
        self.smooth = if target < self.smooth * COLLAPSE {
            target
        } else {
            self.smooth + (target - self.smooth) * weight
        };
    }

    fn note(&mut self, now: Instant, fell: bool, rose: bool) {
        let tried = self.raised_at.map(|at| now.duration_since(at));
        if fell {
            if tried.is_some_and(|tried| tried < TRY) {
                self.wait = (self.wait * 2).min(LONGEST_WAIT);
            }
            self.raised_at = None;
        } else if tried.is_some_and(|tried| tried >= TRY) {
            (self.raised_at, self.wait) = (None, FIRST_WAIT);
        }
        if rose {
            self.raised_at = Some(now);
        }
        if fell || rose {
            self.changed_at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(wanted: Quality) -> Demand {
        Demand { wanted, limit: Quality::High, rates: [150e3, 500e3, 1.7e6] }
    }

    /// Shares for a while, ten times a second, and returns the limits.
    fn share(
        bandwidth: &mut Bandwidth,
        now: &mut Instant,
        seconds: u64,
        estimate: f64,
        demands: &mut [Demand],
    ) -> Vec<Quality> {
        for _ in 0..seconds * 10 {
            *now += Duration::from_millis(100);
            bandwidth.estimate(estimate);
            bandwidth.share(*now, demands);
        }
        demands.iter().map(|demand| demand.limit).collect()
    }

    #[test]
    fn layers_fall_and_rise_with_the_estimate_and_a_short_dip_changes_nothing() {
        let mut now = Instant::now();
        let mut bandwidth = Bandwidth::new(now);
        let mut one = [demand(Quality::High)];
        assert_eq!(share(&mut bandwidth, &mut now, 2, 20e6, &mut one), [Quality::High]);
        bandwidth.estimate(12e6);
        bandwidth.share(now, &mut one);
        assert_eq!(one[0].limit, Quality::High);
        assert_eq!(share(&mut bandwidth, &mut now, 3, 1.0e6, &mut one), [Quality::Mid]);
        assert_eq!(share(&mut bandwidth, &mut now, 3, 200e3, &mut one), [Quality::Low]);
        assert_eq!(share(&mut bandwidth, &mut now, 20, 550e3, &mut one), [Quality::Low], "no room to raise");
        assert_eq!(share(&mut bandwidth, &mut now, 20, 900e3, &mut one), [Quality::Mid]);
        assert_eq!(share(&mut bandwidth, &mut now, 20, 5e6, &mut one), [Quality::High]);
    }

    #[test]
    fn one_estimate_is_shared_between_the_tracks_of_a_receiver() {
        let mut now = Instant::now();
        let mut bandwidth = Bandwidth::new(now);
        let mut four = [Quality::High, Quality::Low, Quality::High, Quality::High].map(demand);
        let limits = share(&mut bandwidth, &mut now, 3, 2.0e6, &mut four);
        assert_eq!(limits, [Quality::Mid, Quality::High, Quality::Mid, Quality::Mid]);
        let limits = share(&mut bandwidth, &mut now, 3, 1.0e6, &mut four);
        assert_eq!(limits, [Quality::Mid, Quality::High, Quality::Low, Quality::Low]);
    }

    #[test]
    fn a_try_that_fails_is_repeated_less_and_less_often() {
        let mut now = Instant::now();
        let mut bandwidth = Bandwidth::new(now);
        let mut one = [demand(Quality::High)];
        share(&mut bandwidth, &mut now, 3, 900e3, &mut one);
        let mut tries = 0;
        for _ in 0..3_000 {
            // The estimate grows while little is sent, and collapses when more is.
            let estimate = if one[0].limit == Quality::High { 800e3 } else { 3e6 };
            now += Duration::from_millis(100);
            bandwidth.estimate(estimate);
            let (_, rose) = bandwidth.share(now, &mut one);
            tries += rose;
        }
        assert!((4..=9).contains(&tries), "{tries} tries in five minutes");
    }
}
