//! Free times of teachers: the summary that the catalogue searches, and the free slots of a card.

mod free_slots;
mod summary;
mod time_of_day;

pub use free_slots::{FreeSlots, NextFreeSlot, free_slots_of_teachers};
pub(super) use summary::{mark_behind, refresh_summaries};
pub use time_of_day::TimeOfDay;
pub(super) use time_of_day::local_minute;
