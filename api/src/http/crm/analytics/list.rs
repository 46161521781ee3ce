//! `GET /crm/analytics`: lists the reports with the parameters that each accepts.

use axum::Json;
use projections::crm::analytics::{ReportDescription, describe_reports};
use serde::Serialize;

use crate::http::page::{NoFilter, Query};
use crate::http::request::RequestContext;

/// All reports.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Reports {
    data: Vec<ReportDescriptionView>,
}

/// Description of a report.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ReportDescription)]
pub struct ReportDescriptionView {
    report: &'static str,
    /// Newest version of the definition.
    definition_version: u16,
    /// Meaning of the figures, in the language of the request.
    counts: String,
    /// Unit of the first series.
    unit: &'static str,
    /// Series of the default grouping; empty if the series depend on the data.
    series: Vec<SeriesName>,
    /// Values of `by`, the default first.
    groupings: Vec<&'static str>,
    /// Names of the filter parameters.
    filters: Vec<&'static str>,
    /// Values of `interval`, the default first.
    intervals: Vec<&'static str>,
}

/// Key and label of a series.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SeriesName {
    key: String,
    label: String,
}

/// Lists the reports, and what each counts and accepts.
#[utoipa::path(get, path = "/crm/analytics", tag = "analytics", responses((status = 200, body = Reports)))]
pub async fn list_reports(request: RequestContext, _: Query<NoFilter>) -> Json<Reports> {
    let reports = describe_reports(request.language);
    Json(Reports { data: reports.into_iter().map(ReportDescriptionView::from).collect() })
}

impl From<ReportDescription> for ReportDescriptionView {
    fn from(description: ReportDescription) -> Self {
        let series = description.series.into_iter();
        Self {
            report: description.report.as_str(),
            definition_version: description.newest_definition,
            counts: description.counts,
            unit: description.unit.as_str(),
            series: series.map(|(key, label)| SeriesName { key, label }).collect(),
            groupings: description.groupings,
            filters: description.filters,
            intervals: description.intervals,
        }
    }
}
