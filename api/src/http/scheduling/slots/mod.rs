//! Slots: times that a teacher offers.

pub mod change;
pub mod create;
pub mod get;
pub mod list;
pub mod list_bookable;
pub mod own_slot;
pub mod view;
pub mod withdraw;
