//! The estimate of what the network to one receiver carries, from its reports on our packets (TWCC).

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rtc::interceptor::{
    BandwidthEstimator, LossController, OveruseDetector, PacketReport, RateCalculator, SlopeEstimator, Usage,
};

use super::feedback::Notes;

/// Rate to begin with: a new receiver gets what it wants, and its reports lower that.
const INITIAL: f64 = 20e6;
const LEAST: f64 = 100e3;
const MOST: f64 = 200e6;
/// A queue in the network that never empties within `INTERVAL` and delays by this much is too long.
const STANDING: f64 = 0.150;
const INTERVAL: Duration = Duration::from_millis(500);
/// The shortest delay is remembered for at least this long. Clocks drift, and paths change.
const BASE: Duration = Duration::from_secs(15);
/// Share of the received rate that empties a queue.
const RELIEF: f64 = 0.85;
/// Growth of the bound per second: a share of it, and at least some bits.
const GROWTH: (f64, f64) = (0.10, 80e3);

/// Least value of a series over the present and the previous span of time.
#[derive(Debug, Clone, Copy)]
struct Least {
    since: Option<Instant>,
    now: f64,
    before: f64,
}

impl Least {
    const NEW: Self = Self { since: None, now: f64::INFINITY, before: f64::INFINITY };

    /// Adds a value. Returns the least one of a span that ends here.
    fn add(&mut self, at: Instant, span: Duration, value: f64) -> Option<f64> {
        let since = *self.since.get_or_insert(at);
        let ended = at.saturating_duration_since(since) >= span;
        let least = ended.then_some(self.now);
        if ended {
            (self.before, self.now, self.since) = (self.now, f64::INFINITY, Some(at));
        }
        self.now = self.now.min(value);
        least
    }
}

/// Finds a queue that delays and does not lose: the delay over the shortest known one, as CoDel looks at it.
#[derive(Debug)]
struct StandingQueue {
    epoch: Option<Instant>,
    base: Least,
    interval: Least,
}

impl StandingQueue {
    /// Takes the delay of one packet. Returns `true` at the end of an interval in which the queue stood.
    fn add(&mut self, report: &PacketReport) -> bool {
        let Some(arrival) = report.arrival.filter(|_| report.arrived) else { return false };
        let epoch = *self.epoch.get_or_insert(report.departure);
        // The clocks differ, so only differences of delays mean something.
        let delay = arrival.as_secs_f64() - report.departure.saturating_duration_since(epoch).as_secs_f64();
        self.base.add(report.departure, BASE, delay);
        let base = self.base.now.min(self.base.before);
        self.interval.add(report.departure, INTERVAL, delay).is_some_and(|least| least - base > STANDING)
    }
}

/// Bounds the rate by what arrives while a queue grows (as Google congestion control sees it) or stands, and
/// by loss. Writes its target into the notes.
pub struct LinkEstimator {
    trend: SlopeEstimator,
    detector: OveruseDetector,
    queue: StandingQueue,
    loss: LossController,
    received: RateCalculator,
    bound: f64,
    bound_at: Option<Instant>,
    notes: Arc<Mutex<Notes>>,
}

impl LinkEstimator {
    /// Creates the estimator of one connection.
    pub fn new(notes: Arc<Mutex<Notes>>) -> Self {
        Self {
            trend: SlopeEstimator::new(),
            detector: OveruseDetector::new(),
            queue: StandingQueue { epoch: None, base: Least::NEW, interval: Least::NEW },
            loss: LossController::new(INITIAL, LEAST, MOST),
            received: RateCalculator::default(),
            bound: INITIAL,
            bound_at: None,
            notes,
        }
    }

    /// Returns `true` if these reports show a queue that grows or stands.
    fn is_over(&mut self, now: Instant, reports: &[PacketReport]) -> bool {
        let mut over = false;
        for report in reports {
            if report.arrived {
                self.received.add(now, report.size);
            }
            over |= self.queue.add(report);
            if let Some(trend) = self.trend.accumulate(report) {
                over |= self.detector.update(trend.at, trend.estimate_ms) == Usage::Over;
            }
        }
        over
    }

    fn grow_bound(&mut self, now: Instant) {
        let passed = self.bound_at.map_or(Duration::ZERO, |at| now.saturating_duration_since(at));
        let growth = (self.bound * GROWTH.0).max(GROWTH.1) * passed.as_secs_f64().min(1.0);
        self.bound = (self.bound + growth).min(MOST);
        self.bound_at = Some(now);
    }
}

impl BandwidthEstimator for LinkEstimator {
    fn on_reports(&mut self, now: Instant, reports: &[PacketReport]) {
        // The crate also lists packets without a number (sound), which no receiver reports on: not lost ones.
        let numbered = || reports.iter().filter(|report| report.is_twcc);
        let total = numbered().count();
        if total == 0 {
            return;
        }
        let lost = numbered().filter(|report| !report.arrived).count();
        self.loss.update(now, lost, total);
        self.grow_bound(now);
        if self.is_over(now, reports)
            && let Some(received) = self.received.rate_bits_per_second(now)
        {
            self.bound = self.bound.min((received * RELIEF).max(LEAST));
        }
        let target = self.target_bitrate();
        if let Ok(mut notes) = self.notes.lock() {
            notes.bandwidth = Some(target);
        }
    }

    fn target_bitrate(&self) -> f64 {
        self.bound.min(self.loss.target())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path with a deep buffer that loses nothing.
    struct Path {
        start: Instant,
        now: Instant,
        free_at: Duration,
        id: u64,
        sent: std::collections::VecDeque<PacketReport>,
        estimator: LinkEstimator,
        notes: Arc<Mutex<Notes>>,
    }

    impl Path {
        fn new() -> Self {
            let notes = Arc::new(Mutex::new(Notes::default()));
            let start = Instant::now();
            let estimator = LinkEstimator::new(Arc::clone(&notes));
            Self {
                start,
                now: start,
                free_at: Duration::ZERO,
                id: 0,
                sent: Default::default(),
                estimator,
                notes,
            }
        }

        /// Sends 25 frames a second for a while, with reports every 120 ms; returns the last estimate.
        fn carries(&mut self, seconds: u64, sent: f64, capacity: f64) -> f64 {
            let size = 1_000usize;
            let per_frame = ((sent / 25.0 / 8.0 / size as f64).round() as usize).max(1);
            for frame in 0..seconds * 25 {
                self.now += Duration::from_millis(40);
                let passed = self.now.duration_since(self.start);
                for _ in 0..per_frame {
                    self.free_at =
                        self.free_at.max(passed) + Duration::from_secs_f64((size * 8) as f64 / capacity);
                    self.id += 1;
                    self.sent.push_back(PacketReport {
                        ssrc: 1,
                        id: self.id,
                        rtp_sequence_number: self.id as u16,
                        is_twcc: true,
                        twcc_sequence_number: self.id as u16,
                        size,
                        arrived: true,
                        departure: self.now,
                        arrival: Some(self.free_at + Duration::from_millis(20)),
                        ecn: rtc::rtcp::transport_feedbacks::cc_feedback_report::Ecn::NotEct,
                    });
                }
                if frame % 3 == 2 {
                    // What has arrived by now is reported.
                    let there = |report: &PacketReport| report.arrival.is_some_and(|at| at <= passed);
                    let count = self.sent.iter().take_while(|report| there(report)).count();
                    let reports: Vec<_> = self.sent.drain(..count).collect();
                    self.estimator.on_reports(self.now, &reports);
                }
            }
            self.notes.lock().unwrap().bandwidth.unwrap()
        }
    }

    #[test]
    fn a_path_that_carries_all_is_not_bounded() {
        let estimate = Path::new().carries(10, 1.6e6, 100e6);
        assert!(estimate > 10e6, "{estimate}");
    }

    #[test]
    fn packets_without_a_number_are_not_lost_ones() {
        let mut path = Path::new();
        path.carries(1, 1.6e6, 100e6);
        let (mut now, before) = (path.now, path.estimator.target_bitrate());
        for id in 0..200u64 {
            now += Duration::from_millis(20);
            let sound = PacketReport {
                ssrc: 2,
                id: 1_000_000 + id,
                rtp_sequence_number: id as u16,
                is_twcc: false,
                twcc_sequence_number: 0,
                size: 60,
                arrived: false,
                departure: now,
                arrival: None,
                ecn: rtc::rtcp::transport_feedbacks::cc_feedback_report::Ecn::NotEct,
            };
            path.estimator.on_reports(now, &[sound]);
        }
        assert!(path.estimator.target_bitrate() >= before);
    }

    #[test]
    fn a_narrow_path_is_estimated_near_what_it_carries_and_grows_when_it_widens() {
        for capacity in [400e3, 1.4e6] {
            let mut path = Path::new();
            path.carries(3, 1.6e6, 100e6);
            let narrow = path.carries(4, 1.6e6, capacity);
            assert!(narrow < capacity * 1.4, "{narrow} of {capacity}");
            let wide = path.carries(40, 200e3, 100e6);
            assert!(wide > 2e6, "{wide} after {capacity}");
        }
    }
}
