//! Settings of the waves in which teachers are asked for a lesson.

use serde::{Deserialize, Serialize};

/// Longest time from one wave to the next: a day.
const INTERVAL_MAX_MS: u64 = 86_400_000;

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LessonRequests {
    pub wave_size: usize,
    pub newcomer_percent: usize,
    pub wave_interval_ms: u64,
}

impl LessonRequests {
    /// Returns the ranges of the settings, and whether each holds.
    pub(super) fn rules(&self) -> [(bool, &'static str); 3] {
        let Self { wave_size, newcomer_percent, wave_interval_ms } = self;
        [
            ((1..=500).contains(wave_size), "lesson_requests.wave_size is 1 to 500"),
            (*newcomer_percent <= 100, "lesson_requests.newcomer_percent is 0 to 100"),
            (
                (100..=INTERVAL_MAX_MS).contains(wave_interval_ms),
                "lesson_requests.wave_interval_ms is 100 to 86400000 (a day)",
            ),
        ]
    }
}
