//! Distribution of events over the days: a weekly rhythm, and a school that grows.

use jiff::civil::Weekday;

/// Weight of each day, beginning with Monday.
const RHYTHM: [f64; 7] = [1.1, 1.2, 1.2, 1.1, 1.0, 0.7, 0.4];

/// Share of all events before each day, from 0 to 1.
pub(super) struct Weeks(Vec<f64>);

impl Weeks {
    /// The last day has three times as many events as the first.
    pub fn from(first: Weekday, days: usize) -> Self {
        let first = usize::from(first.to_monday_zero_offset().unsigned_abs());
        let weight = |day: usize| RHYTHM[(first + day) % 7] * (0.5 + day as f64 / days as f64);
        let whole: f64 = (0..days).map(weight).sum();
        let mut before = vec![0.0];
        for day in 0..days {
            before.push(before[day] + weight(day) / whole);
        }
        Self(before)
    }

    /// Number of events on a day out of `of`; the sum over all days is `of`.
    pub fn part(&self, of: usize, day: usize) -> usize {
        let until = |day: usize| (self.0[day] * of as f64).round() as usize;
        until(day + 1) - until(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_the_whole() {
        let weeks = Weeks::from(Weekday::Thursday, 400);
        assert_eq!((0..400).map(|day| weeks.part(1_000, day)).sum::<usize>(), 1_000);
        assert!(weeks.part(100_000, 398) > weeks.part(100_000, 6));
    }
}
