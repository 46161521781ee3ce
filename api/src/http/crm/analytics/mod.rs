//! The reports of analysts, and the facts behind each figure.

pub mod drilldown;
pub mod report;
pub mod report_params;
