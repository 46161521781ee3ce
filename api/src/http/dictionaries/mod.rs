//! Codes of forms and filters.

pub mod get;
