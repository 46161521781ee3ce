//! The figures of the first page.

pub mod get;
