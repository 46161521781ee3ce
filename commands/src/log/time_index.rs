//! Positions and instants that earlier searches have seen, which narrow the next search.
//!
//! Recorded instants never change.

use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;

/// Minimum distance of two entries, in positions: 100 million events have about 50,000 entries, 800 KiB.
const MIN_DISTANCE: i64 = 2_048;

/// Positions and their instants, in order.
#[derive(Default)]
pub(super) struct TimeIndex(Mutex<Vec<(i64, Timestamp)>>);

impl TimeIndex {
    /// Returns bounds, both inclusive, of the last position recorded at or before `instant`.
    ///
    /// Without an upper bound the search goes up to the end of the log.
    pub fn bounds_for(&self, instant: Timestamp) -> (i64, Option<i64>) {
        let known = self.lock();
        let later = known.partition_point(|(_, at)| *at <= instant);
        let low = later.checked_sub(1).map_or(0, |before| known[before].0);
        (low, known.get(later).map(|(position, _)| position - 1))
    }

    /// Adds a position and its instant unless an entry is within [`MIN_DISTANCE`].
    pub fn insert(&self, position: i64, at: Timestamp) {
        let mut known = self.lock();
        let later = known.partition_point(|(other, _)| *other < position);
        let is_near = |other: Option<&(i64, Timestamp)>| {
            other.is_some_and(|(other, _)| (other - position).abs() < MIN_DISTANCE)
        };
        let before = later.checked_sub(1).and_then(|before| known.get(before));
        if !is_near(before) && !is_near(known.get(later)) {
            known.insert(later, (position, at));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(i64, Timestamp)>> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Instant of a position, with seven events per second.
    fn at(position: i64) -> Timestamp {
        Timestamp::from_second(position / 7).unwrap()
    }

    #[test]
    fn a_search_begins_between_what_is_known() {
        let time_index = TimeIndex::default();
        assert_eq!(time_index.bounds_for(at(1)), (0, None));
        let mut position = 1;
        for _ in 0..2_000 {
            position = (position * 48_271) % 1_000_003;
            time_index.insert(position, at(position));
            let instant = at((position * 7) % 1_000_003);
            let (low, high) = time_index.bounds_for(instant);
            assert!(low == 0 || at(low) <= instant, "{low} was recorded by then");
            assert!(high.is_none_or(|high| at(high + 1) > instant), "what follows {high:?} was not");
        }
        let known = time_index.lock();
        assert!(known.len() > 200, "{}", known.len());
        assert!(known.is_sorted(), "positions and instants grow together");
        assert!(known.windows(2).all(|pair| pair[1].0 - pair[0].0 >= MIN_DISTANCE));
    }
}
