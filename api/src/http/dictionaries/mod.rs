//! Codes that forms and filters take.

pub mod get;
