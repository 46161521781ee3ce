//! The free times of teachers: a summary that lists of thousands search, and what a card shows of them.

mod offers;
mod summary;
mod time_of_day;

pub use offers::{NextSlot, Offers, offers};
pub(super) use summary::{sum_up, touch};
pub use time_of_day::TimeOfDay;
pub(super) use time_of_day::local_minute;
