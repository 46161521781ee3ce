//! The free times of teachers: a summary that lists of thousands search, and what a card shows of them.

mod offers;
mod refresh;
mod time_of_day;

pub use offers::{NextSlot, Offers, offers};
pub(super) use refresh::refresh;
pub use time_of_day::TimeOfDay;
pub(super) use time_of_day::local_minute;
