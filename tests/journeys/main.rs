//! Whole journeys through a running school, over HTTP, with everything behind it real.

mod catalogue;
mod contact;
mod crm_delivery;
mod erasure;
mod export;
mod freshness;
mod lesson_requests;
mod pictures;
mod profile;
mod rebuild;
mod registration;
mod secrets;
mod sessions;
mod staff;
mod users;
