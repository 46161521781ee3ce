//! Waves: which matching teachers are asked at once, and when the others are.

use std::collections::BTreeSet;

use domain::AccountId;
use jiff::{SignedDuration, Timestamp};

use crate::scheduling::requests::TeacherCandidate;

/// Least time that teachers have to answer. There is no wave after it.
const ANSWER_MIN: SignedDuration = SignedDuration::from_mins(2);

/// Settings of the waves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestWaves {
    /// Largest number of teachers who are asked at once.
    pub size: usize,
    /// Share of each wave for teachers without a review, in percent.
    pub newcomer_percent: usize,
    /// Time from one wave to the next.
    pub interval: SignedDuration,
}

impl RequestWaves {
    /// Selects the teachers of the next wave from the matching ones, which are in the order of their rating.
    ///
    /// Newcomers have no review. The latest registered of them get their share. The best rated get the rest, then
    /// the oldest accounts.
    pub(super) fn select(&self, matching: &[&TeacherCandidate]) -> BTreeSet<AccountId> {
        let share = (self.size * self.newcomer_percent).div_ceil(100);
        let mut newcomers: Vec<_> = matching.iter().filter(|candidate| !candidate.is_rated).collect();
        newcomers.sort_by_key(|candidate| std::cmp::Reverse((candidate.registered_at, candidate.teacher)));
        let mut selected: BTreeSet<AccountId> =
            newcomers.into_iter().take(share).map(|candidate| candidate.teacher).collect();
        for candidate in matching {
            if selected.len() >= self.size {
                break;
            }
            selected.insert(candidate.teacher);
        }
        selected
    }

    /// Returns the instant of the next wave of a request that expires then.
    ///
    /// It is at most after half of the time that is left; `None` if teachers could no longer answer.
    pub(super) fn next_at(&self, now: Timestamp, expires_at: Timestamp) -> Option<Timestamp> {
        let left = expires_at.duration_since(now);
        (left >= ANSWER_MIN).then(|| now + self.interval.min(left / 2))
    }
}

#[cfg(test)]
mod tests {
    use domain::scheduling::TeacherFacts;
    use uuid::Uuid;

    use super::*;

    fn waves() -> RequestWaves {
        RequestWaves { size: 5, newcomer_percent: 20, interval: SignedDuration::from_mins(30) }
    }

    fn candidate(n: u128, is_rated: bool) -> TeacherCandidate {
        TeacherCandidate {
            teacher: AccountId(Uuid::from_u128(n)),
            facts: TeacherFacts::default(),
            is_rated,
            registered_at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(n as i64),
        }
    }

    fn selected(candidates: &[TeacherCandidate]) -> Vec<u128> {
        let all: Vec<_> = candidates.iter().collect();
        waves().select(&all).into_iter().map(|teacher| teacher.uuid().as_u128()).collect()
    }

    #[test]
    fn newcomers_have_their_share_of_a_wave_and_either_side_takes_what_the_other_leaves() {
        let (rated, new) = (|n| candidate(n, true), |n| candidate(n, false));
        let both: Vec<_> = (1..=10).map(rated).chain((11..=20).map(new)).collect();
        assert_eq!(selected(&both), [1, 2, 3, 4, 20]);
        let few_rated: Vec<_> = (1..=2).map(rated).chain((11..=20).map(new)).collect();
        assert_eq!(selected(&few_rated), [1, 2, 11, 12, 20]);
        assert_eq!(selected(&(1..=10).map(rated).collect::<Vec<_>>()), [1, 2, 3, 4, 5]);
        assert_eq!(selected(&(1..=10).map(new).collect::<Vec<_>>()), [1, 2, 3, 4, 10]);
        assert_eq!(selected(&[new(3), rated(1)]), [1, 3]);
    }

    #[test]
    fn the_next_wave_leaves_time_to_answer() {
        let now: Timestamp = "2026-11-25T10:00:00Z".parse().unwrap();
        for (minutes, wait) in [(600, Some(30)), (40, Some(20)), (2, Some(1)), (1, None)] {
            let expires_at = now + SignedDuration::from_mins(minutes);
            let next = wait.map(|wait| now + SignedDuration::from_mins(wait));
            assert_eq!(waves().next_at(now, expires_at), next, "{minutes}");
        }
    }
}
