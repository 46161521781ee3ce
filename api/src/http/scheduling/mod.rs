//! What is offered, booked and asked for.

pub mod lesson_requests;
