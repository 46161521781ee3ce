//! Read models of scheduling: what is offered, booked and asked for.

pub mod requests;
