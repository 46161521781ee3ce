//! Reports for analysts, and the facts of each figure.

pub mod drilldown;
pub mod list;
pub mod report;
pub mod report_params;
