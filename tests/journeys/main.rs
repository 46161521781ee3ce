//! Whole journeys through a running school, over HTTP, with everything behind it real.

mod calendar;
mod catalogue;
mod contact;
mod crm_delivery;
mod erasure;
mod export;
mod freshness;
mod pictures;
mod profile;
mod rebuild;
mod registration;
mod secrets;
mod series;
mod sessions;
mod staff;
mod users;
