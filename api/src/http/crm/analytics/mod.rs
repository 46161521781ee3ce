//! The reports of analysts, and the facts behind each figure.

pub mod asked;
pub mod drilldown;
pub mod report;
