//! Bookings of seats.

pub mod create;
