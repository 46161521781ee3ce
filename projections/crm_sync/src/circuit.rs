//! State machine of the circuit breaker of the external CRM, without I/O.

use jiff::{SignedDuration, Timestamp};

use crate::backoff::millis;

/// State of the circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Circuit {
    /// Calls are allowed. `failures` is the number of failures in a row so far.
    Closed { failures: u32 },
    /// No call is allowed before `until`. `openings` is the number of openings in a row.
    Open { until: Timestamp, openings: u32 },
    /// One probe is in flight. If its result is unknown at `probe_until`, another probe is allowed.
    HalfOpen { probe_until: Timestamp, openings: u32 },
}

/// Thresholds and durations of the circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CircuitPolicy {
    /// Number of failures in a row that opens the circuit.
    pub threshold: u32,
    /// Duration of the first opening, in milliseconds. It doubles with each opening in a row, up to
    /// `open_cap_ms`.
    pub open_ms: u64,
    pub open_cap_ms: u64,
    /// Time after which a probe counts as lost, in milliseconds.
    pub probe_ms: u64,
}

/// Answer to the question whether a call is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    Go,
    /// The caller must ask again at `until`.
    Wait {
        until: Timestamp,
    },
}

/// Result of a call, as the circuit breaker counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The CRM gave a valid response, possibly a refusal.
    Alive,
    Failed,
    /// No call must be made before `until`: the CRM has requested it, or it refuses the API key.
    Hold {
        until: Timestamp,
    },
}

impl Default for CircuitPolicy {
    fn default() -> Self {
        Self { threshold: 5, open_ms: 5_000, open_cap_ms: 5 * 60 * 1_000, probe_ms: 15_000 }
    }
}

impl Circuit {
    /// A closed circuit without failures.
    pub const NEW: Circuit = Circuit::Closed { failures: 0 };

    /// Returns the stored code of the state.
    pub fn as_str(&self) -> &'static str {
        match self {
            Circuit::Closed { .. } => "closed",
            Circuit::Open { .. } => "open",
            Circuit::HalfOpen { .. } => "half_open",
        }
    }

    /// Returns the state after the request for a permit, and the permit.
    pub fn permit(self, now: Timestamp, policy: &CircuitPolicy) -> (Circuit, Permit) {
        let probing = |openings| {
            let probe_until = add_span(now, millis(policy.probe_ms));
            (Circuit::HalfOpen { probe_until, openings }, Permit::Go)
        };
        match self {
            Circuit::Closed { .. } => (self, Permit::Go),
            Circuit::Open { until, .. } if now < until => (self, Permit::Wait { until }),
            Circuit::Open { openings, .. } => probing(openings),
            Circuit::HalfOpen { probe_until, .. } if now < probe_until => {
                (self, Permit::Wait { until: probe_until })
            }
            Circuit::HalfOpen { openings, .. } => probing(openings),
        }
    }

    /// Returns the state after the result of a call. A call that began before the opening changes nothing.
    pub fn after(self, signal: Signal, now: Timestamp, policy: &CircuitPolicy) -> Circuit {
        match (self, signal) {
            (Circuit::Open { until, openings }, Signal::Hold { until: hold }) => {
                Circuit::Open { until: until.max(hold), openings }
            }
            (Circuit::Open { .. }, Signal::Alive | Signal::Failed) => self,
            (Circuit::Closed { .. } | Circuit::HalfOpen { .. }, Signal::Alive) => Circuit::NEW,
            (Circuit::Closed { .. }, Signal::Hold { until }) => Circuit::Open { until, openings: 0 },
            (Circuit::HalfOpen { openings, .. }, Signal::Hold { until }) => Circuit::Open { until, openings },
            (Circuit::Closed { failures }, Signal::Failed) if failures + 1 < policy.threshold => {
                Circuit::Closed { failures: failures + 1 }
            }
            (Circuit::Closed { .. }, Signal::Failed) => policy.open(now, 0),
            (Circuit::HalfOpen { openings, .. }, Signal::Failed) => policy.open(now, openings),
        }
    }
}

impl CircuitPolicy {
    fn open(&self, now: Timestamp, openings: u32) -> Circuit {
        let open_ms = self.open_ms.saturating_mul(1 << openings.min(63)).min(self.open_cap_ms);
        Circuit::Open { until: add_span(now, millis(open_ms)), openings: openings.saturating_add(1) }
    }
}

/// Adds a span to an instant. A result beyond the calendar becomes the last instant.
pub(crate) fn add_span(now: Timestamp, span: SignedDuration) -> Timestamp {
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICY: CircuitPolicy =
        CircuitPolicy { threshold: 3, open_ms: 1_000, open_cap_ms: 4_000, probe_ms: 500 };

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    fn opened_at(ms: i64) -> Circuit {
        (0..3).fold(Circuit::NEW, |circuit, _| circuit.after(Signal::Failed, at(ms), &POLICY))
    }

    #[test]
    fn failures_in_a_row_open_it_and_an_answer_between_them_does_not() {
        let circuit =
            Circuit::NEW.after(Signal::Failed, at(0), &POLICY).after(Signal::Failed, at(0), &POLICY);
        assert_eq!(circuit.after(Signal::Alive, at(0), &POLICY), Circuit::NEW);
        assert_eq!(opened_at(0), Circuit::Open { until: at(1_000), openings: 1 });
    }

    #[test]
    fn while_open_nobody_calls_and_then_exactly_one_does() {
        let circuit = opened_at(0);
        assert_eq!(circuit.permit(at(999), &POLICY).1, Permit::Wait { until: at(1_000) });
        let (probing, first) = circuit.permit(at(1_000), &POLICY);
        assert_eq!(first, Permit::Go);
        assert_eq!(probing.permit(at(1_001), &POLICY).1, Permit::Wait { until: at(1_500) });
        assert_eq!(probing.permit(at(1_500), &POLICY).1, Permit::Go, "a lost probe is replaced");
    }

    #[test]
    fn a_probe_that_is_answered_closes_it_and_one_that_fails_opens_it_for_longer() {
        let (probing, _) = opened_at(0).permit(at(1_000), &POLICY);
        assert_eq!(probing.after(Signal::Alive, at(1_100), &POLICY), Circuit::NEW);
        let again = probing.after(Signal::Failed, at(1_100), &POLICY);
        assert_eq!(again, Circuit::Open { until: at(3_100), openings: 2 });
    }

    #[test]
    fn an_answer_that_was_under_way_does_not_close_it() {
        assert_eq!(opened_at(0).after(Signal::Alive, at(10), &POLICY), opened_at(0));
    }

    #[test]
    fn whoever_asks_to_be_left_alone_is_left_alone() {
        let held = Circuit::NEW.after(Signal::Hold { until: at(60_000) }, at(0), &POLICY);
        assert_eq!(held.permit(at(59_999), &POLICY).1, Permit::Wait { until: at(60_000) });
        assert_eq!(held.permit(at(60_000), &POLICY).1, Permit::Go);
    }

    proptest! {
        /// After any signals, the circuit is never open for longer than the cap.
        #[test]
        fn it_always_lets_someone_try_again(signals in prop::collection::vec((0u8..3, 0i64..2_000), 0..200)) {
            let mut now_ms = 0;
            let mut circuit = Circuit::NEW;
            for (signal, pause_ms) in signals {
                now_ms += pause_ms;
                circuit = circuit.permit(at(now_ms), &POLICY).0;
                let signal = match signal {
                    0 => Signal::Alive,
                    1 => Signal::Failed,
                    _ => Signal::Hold { until: at(now_ms + 3_000) },
                };
                circuit = circuit.after(signal, at(now_ms), &POLICY);
            }
            prop_assert_eq!(circuit.permit(at(now_ms + 4_000), &POLICY).1, Permit::Go);
        }
    }
}
