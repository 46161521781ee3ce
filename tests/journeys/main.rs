//! Whole journeys through a running school, over HTTP, with everything behind it real.

mod booking;
mod calendar;
mod catalogue;
mod classes;
mod contact;
mod crm_delivery;
mod desk;
mod desk_tools;
mod erasure;
mod export;
mod freshness;
mod held;
mod lesson_requests;
mod pictures;
mod profile;
mod rebuild;
mod registration;
mod rescheduling;
mod secrets;
mod series;
mod sessions;
mod staff;
mod users;
mod waitlist;
