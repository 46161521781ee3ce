//! Positions and instants that earlier searches have seen, which narrow the next search.
//!
//! Recorded instants never change.

use domain::Position;
use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;

/// Minimum distance of two entries, in positions: 100 million events have about 50,000 entries, 800 KiB.
const MIN_DISTANCE: u64 = 2_048;

/// Positions and their instants, in order.
#[derive(Default)]
pub(super) struct TimeIndex(Mutex<Vec<(Position, Timestamp)>>);

impl TimeIndex {
    /// Returns bounds, both inclusive, of the last position recorded at or before `instant`.
    ///
    /// Without an upper bound the search goes up to the end of the log.
    pub fn bounds_for(&self, instant: Timestamp) -> (Position, Option<Position>) {
        let known = self.lock();
        let later = known.partition_point(|(_, at)| *at <= instant);
        let low = later.checked_sub(1).map_or(Position::START, |before| known[before].0);
        (low, known.get(later).map(|(position, _)| Position(position.0 - 1)))
    }

    /// Adds a position and its instant unless an entry is within [`MIN_DISTANCE`].
    pub fn insert(&self, position: Position, at: Timestamp) {
        let mut known = self.lock();
        let later = known.partition_point(|(other, _)| *other < position);
        let is_near = |other: Option<&(Position, Timestamp)>| {
            other.is_some_and(|(other, _)| other.0.abs_diff(position.0) < MIN_DISTANCE)
        };
        let before = later.checked_sub(1).and_then(|before| known.get(before));
        if !is_near(before) && !is_near(known.get(later)) {
            known.insert(later, (position, at));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Position, Timestamp)>> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Instant of a position, with seven events per second.
    fn at(position: u64) -> Timestamp {
        Timestamp::from_second(position.cast_signed() / 7).unwrap()
    }

    #[test]
    fn a_search_begins_between_what_is_known() {
        let time_index = TimeIndex::default();
        assert_eq!(time_index.bounds_for(at(1)), (Position::START, None));
        let mut position = 1;
        for _ in 0..2_000 {
            position = (position * 48_271) % 1_000_003;
            time_index.insert(Position(position), at(position));
            let instant = at((position * 7) % 1_000_003);
            let (low, high) = time_index.bounds_for(instant);
            assert!(low == Position::START || at(low.0) <= instant, "{low} was recorded by then");
            assert!(high.is_none_or(|high| at(high.0 + 1) > instant), "what follows {high:?} was not");
        }
        let known = time_index.lock();
        assert!(known.len() > 200, "{}", known.len());
        assert!(known.is_sorted(), "positions and instants grow together");
        assert!(known.windows(2).all(|pair| pair[1].0.since(pair[0].0) >= MIN_DISTANCE));
    }
}
