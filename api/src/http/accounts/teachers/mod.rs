//! The public catalogue of teachers.

pub mod filter;
pub mod get;
pub mod list;
pub mod time_filter;
pub mod view;
