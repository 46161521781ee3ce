//! Terms of a slot, its period, and the initiators of its commands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::limits::{PLACE_LIMIT, PRICE_MAX, SEATS_MAX};
use crate::accounts::{Lines, bounded_text};
use crate::code_enum;
use crate::dictionary::{DURATIONS_MINUTES, Vocabulary};
use crate::field_problem::FieldProblem;
use crate::ids::AccountId;
use crate::money::Money;
use crate::personal::Personal;

code_enum!(
    /// Type of a lesson.
    LessonType { Regular = "regular", Trial = "trial" }
);
code_enum!(
    /// Format of a lesson.
    LessonFormat { Online = "online", Offline = "offline", MiniGroup = "mini_group" }
);
code_enum!(
    /// Party of a lesson.
    Party { Student = "student", Teacher = "teacher", System = "system" }
);

/// Initiator of a command: a person, whose party the aggregate knows, or the system for one of its rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    Person(AccountId),
    System,
}

/// Half-open interval `[starts_at, ends_at)`, UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Period {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

impl Period {
    /// Returns the period of a lesson of this many minutes; `None` on overflow.
    pub fn of_minutes(starts_at: Timestamp, minutes: u16) -> Option<Self> {
        let ends_at = starts_at.checked_add(jiff::SignedDuration::from_mins(i64::from(minutes))).ok()?;
        Some(Self { starts_at, ends_at })
    }

    /// Returns the length in minutes.
    pub fn minutes(&self) -> i64 {
        self.ends_at.duration_since(self.starts_at).as_mins()
    }

    pub fn overlaps(&self, other: &Period) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// Terms of a slot, without its period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotTerms {
    /// Code of the dictionary, like goals and grades.
    pub subject: String,
    pub lesson_type: LessonType,
    pub format: LessonFormat,
    /// Price of one seat.
    pub price: Money,
    /// Number of seats.
    pub capacity: u16,
    /// Minimum number of students; shown, not enforced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_participants: Option<u16>,
    #[serde(default)]
    pub goals: Vec<String>,
    #[serde(default)]
    pub grades: Vec<String>,
    /// Meeting place of an offline lesson; personal data of the teacher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Personal<String>>,
}

impl SlotTerms {
    /// Returns all problems, by the field names of the API.
    pub fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut expect = |good: bool, field: &str, code: &'static str| {
            if !good {
                problems.push(FieldProblem::of(field, code));
            }
        };
        expect(Vocabulary::Subjects.knows(&self.subject), "subject", "unknown");
        expect((0..=PRICE_MAX).contains(&self.price.amount), "price", "out_of_range");
        expect(self.price.currency.is_in_use(), "price", "unknown_currency");
        expect((1..=SEATS_MAX).contains(&self.capacity), "capacity", "out_of_range");
        let enough = self.min_participants.is_none_or(|least| (1..=self.capacity).contains(&least));
        expect(enough, "min_participants", "out_of_range");
        let place = self.place.as_ref().and_then(Personal::known);
        let place = place.map_or(Ok(String::new()), |place| bounded_text(place, PLACE_LIMIT, Lines::Single));
        if let Err(error) = place {
            expect(false, "place", error.code());
        }
        problems.extend(unknown_codes("goals", Vocabulary::Goals, &self.goals));
        problems.extend(unknown_codes("grades", Vocabulary::Grades, &self.grades));
        problems
    }
}

/// Returns whether a lesson may have this length.
pub(super) fn is_offered_duration(minutes: i64) -> bool {
    DURATIONS_MINUTES.iter().any(|known| i64::from(*known) == minutes)
}

/// Returns the codes of a list that are unknown or repeated.
pub(super) fn unknown_codes(field: &str, vocabulary: Vocabulary, codes: &[String]) -> Vec<FieldProblem> {
    let of = |(i, code): (usize, &String)| {
        if !vocabulary.knows(code) {
            Some(FieldProblem::inside(field, i, "unknown"))
        } else if codes[..i].contains(code) {
            Some(FieldProblem::inside(field, i, "duplicate"))
        } else {
            None
        }
    };
    codes.iter().enumerate().filter_map(of).collect()
}
