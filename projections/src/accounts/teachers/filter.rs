//! Which teachers are asked for, and in which order.

use domain::{Currency, Money};
use jiff::Timestamp;

use crate::scheduling::TimeOfDay;

/// Which teachers; what is `None` does not matter. Codes are those of the dictionary.
///
/// Where free slots are asked for (`has_free_slots`, a while, a time of day), one and the same slot must
/// have everything: the time, and the subject, grade, goal, format, length, type and price of the filter.
#[derive(Clone, Debug, Default)]
pub struct TeacherFilter {
    pub subject: Option<String>,
    pub grade: Option<String>,
    pub goal: Option<String>,
    pub experience: Option<String>,
    pub format: Option<String>,
    /// Minutes.
    pub duration: Option<u16>,
    pub lesson_type: Option<String>,
    /// The whole name of the city, in any case.
    pub city: Option<String>,
    pub min_rating: Option<f64>,
    /// Of the cheapest free slot; of one hour, for teachers who have no free slot. Prices in another currency
    /// are not found.
    pub max_price: Option<Money>,
    /// In which prices are compared and shown where there is a choice, without `max_price`; RUB when absent.
    pub currency: Option<Currency>,
    pub takes_requests: Option<bool>,
    /// Words of name, nickname, subjects or what the teacher tells.
    pub q: Option<String>,
    pub has_free_slots: Option<bool>,
    /// A free slot that begins then or later.
    pub available_from: Option<Timestamp>,
    /// A free slot that begins before.
    pub available_to: Option<Timestamp>,
    pub time_of_day: Option<TimeOfDay>,
}

impl TeacherFilter {
    /// The currency of prices.
    pub fn currency(&self) -> Currency {
        self.max_price.map(|price| price.currency).or(self.currency).unwrap_or(Currency::RUB)
    }

    /// Whether a certain free slot is asked for, and not just any.
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

/// In which order; equal ones by their ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TeacherSort {
    #[default]
    Newest,
    /// By the hour; without a price last.
    Cheapest,
    /// By the hour; without a price last.
    Dearest,
    /// Without a rating last.
    BestRated,
    /// By the cheapest free slot in the currency of the filter; without one last.
    CheapestSlot,
    /// By the next free slot; without one last.
    SoonestSlot,
}

impl TeacherSort {
    pub const ALL: [TeacherSort; 6] = [
        TeacherSort::Newest,
        TeacherSort::Cheapest,
        TeacherSort::Dearest,
        TeacherSort::BestRated,
        TeacherSort::CheapestSlot,
        TeacherSort::SoonestSlot,
    ];

    /// As `sort=` names it.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == text)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            TeacherSort::Newest => "-created_at",
            TeacherSort::Cheapest => "hourly_rate",
            TeacherSort::Dearest => "-hourly_rate",
            TeacherSort::BestRated => "-rating",
            TeacherSort::CheapestSlot => "min_price",
            TeacherSort::SoonestSlot => "next_free",
        }
    }
}
