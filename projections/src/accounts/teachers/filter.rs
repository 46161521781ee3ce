//! Filter and order of the catalogue of teachers.

use domain::{Currency, Money};
use jiff::Timestamp;
use projection_runtime::text_search::SearchText;

use crate::scheduling::TimeOfDay;

/// Filter of teachers; a field that is `None` does not restrict. Codes are those of the dictionary.
///
/// A filter may ask for free slots by `has_free_slots`, a period, or a time of day.
/// Then one slot must match everything: time, subject, grade, goal, format, duration, type and price.
#[derive(Clone, Debug, Default)]
pub struct TeacherFilter {
    pub subject: Option<String>,
    pub grade: Option<String>,
    pub goal: Option<String>,
    pub experience: Option<String>,
    pub format: Option<String>,
    /// In minutes.
    pub duration: Option<u16>,
    pub lesson_type: Option<String>,
    /// Whole name of the city; upper and lower case are equal.
    pub city: Option<String>,
    pub min_rating: Option<f64>,
    /// Highest price of the cheapest free slot, or of one hour if the teacher has no free slot.
    /// Prices in another currency do not match.
    pub max_price: Option<Money>,
    /// Currency in which prices are compared, and shown if there is a choice.
    /// The currency of `max_price` has precedence; RUB if both are absent.
    pub currency: Option<Currency>,
    pub takes_requests: Option<bool>,
    /// Words in name, nickname, subjects or the teacher's own texts.
    pub q: Option<SearchText>,
    pub has_free_slots: Option<bool>,
    /// Earliest start of a free slot.
    pub available_from: Option<Timestamp>,
    /// Latest start of a free slot, exclusive.
    pub available_to: Option<Timestamp>,
    pub time_of_day: Option<TimeOfDay>,
}

impl TeacherFilter {
    /// Returns the currency of prices.
    pub fn currency(&self) -> Currency {
        self.max_price.map(|price| price.currency).or(self.currency).unwrap_or(Currency::RUB)
    }

    /// Returns whether one free slot must match criteria of the filter.
    pub(super) fn requires_slot(&self) -> bool {
        let at_some_time =
            self.available_from.is_some() || self.available_to.is_some() || self.time_of_day.is_some();
        at_some_time || (self.has_free_slots == Some(true) && self.has_slot_criteria())
    }

    fn has_slot_criteria(&self) -> bool {
        self.subject.is_some()
            || self.grade.is_some()
            || self.goal.is_some()
            || self.format.is_some()
            || self.duration.is_some()
            || self.lesson_type.is_some()
            || self.max_price.is_some()
    }
}

domain::code_enum!(
    /// Order of teachers; equal teachers are ordered by their ids.
    #[derive(Default)]
    TeacherSort {
        #[default]
        Newest = "-created_at",
        /// Lowest price of an hour first; teachers without a price last.
        Cheapest = "hourly_rate",
        /// Highest price of an hour first; teachers without a price last.
        Dearest = "-hourly_rate",
        /// Highest rating first; teachers without a rating last.
        BestRated = "-rating",
        /// Cheapest free slot in the currency of the filter first; teachers without such a slot last.
        CheapestSlot = "min_price",
        /// Earliest free slot first; teachers without a free slot last.
        SoonestSlot = "next_free",
    }
);
