//! Descriptions of the reports: what each counts, its series, and the parameters that it accepts.

use domain::accounts::Locale;
use jiff::Timestamp;

use super::definitions::series_of_report;
use super::labels::description;
use super::query::{Dimension, Interval, Report, ReportQuery};
use super::result::Unit;

/// Description of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportDescription {
    pub report: Report,
    pub newest_definition: u16,
    /// Meaning of the figures.
    pub counts: String,
    pub unit: Unit,
    /// Keys and labels of the series in the default grouping. Cohorts and categories depend on the data.
    pub series: Vec<(String, String)>,
    pub groupings: Vec<&'static str>,
    pub filters: Vec<&'static str>,
    pub intervals: Vec<&'static str>,
}

/// Describes all reports in a language.
pub fn describe_reports(locale: Locale) -> Vec<ReportDescription> {
    Report::ALL.iter().map(|report| describe(*report, locale)).collect()
}

fn describe(report: Report, locale: Locale) -> ReportDescription {
    let query = ReportQuery::new(report, Timestamp::UNIX_EPOCH, None, locale);
    let series = match report {
        Report::Retention => Vec::new(),
        _ => series_of_report(&query, &[]),
    };
    let dimensions = report.dimensions().iter().copied().map(Dimension::as_str);
    let own = report.groupings().iter().copied();
    ReportDescription {
        report,
        newest_definition: report.newest_definition(),
        counts: description(report.as_str(), locale),
        unit: report.unit(),
        series: series.iter().map(|def| (def.key.clone(), def.label(locale))).collect(),
        groupings: own
            .clone()
            .chain(dimensions.filter(|by| !own.clone().any(|known| known == *by)))
            .collect(),
        filters: report.filters().to_vec(),
        intervals: report.intervals().iter().copied().map(Interval::as_str).collect(),
    }
}
