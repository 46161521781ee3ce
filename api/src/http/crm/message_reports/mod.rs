//! Messages that people reported.

pub mod list;
