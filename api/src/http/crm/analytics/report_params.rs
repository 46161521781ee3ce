//! What is params of a report: parameters, and what of them can not be meant.

use domain::accounts::Locale;
use domain::{AccountId, Currency, Reason};
use jiff::SignedDuration;
use projections::crm::analytics::{
    AsOf, Comparison, FactFilter, Interval, InvalidQuery, Report, ReportError, ReportQuery,
};
use serde::Deserialize;

use crate::app::App;
use crate::http::page::{TimestampParam, invalid_parameter, parse_choice};
use crate::http::problem::Problem;

/// Of what time, in which steps, of whom.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportParams {
    /// The last 30 days as without it. At most five years and 1,100 points are shown at once.
    #[param(value_type = Option<String>, format = DateTime)]
    pub from: Option<TimestampParam>,
    /// Not included; the end of today as without it.
    #[param(value_type = Option<String>, format = DateTime)]
    pub to: Option<TimestampParam>,
    /// `day`, `week` (from Monday) or `month`, of the school's zone.
    pub interval: Option<String>,
    /// `previous`: the equally long time just before.
    pub compare: Option<String>,
    /// How the series are told apart, where a report knows several ways: `lesson_type` or `booked_by` of
    /// bookings, `lesson_type` or `format` of lessons held, `side` or `notice` of cancellations, `priority` or
    /// `status` of tickets. The first as without it.
    pub by: Option<String>,
    /// ISO 4217, of revenue; `RUB` as without it.
    pub currency: Option<String>,
    /// A code of the dictionary, of reports about lessons and requests.
    pub subject: Option<String>,
    /// An account's id, of reports about lessons.
    pub teacher_id: Option<String>,
    /// An account's id, of reports about tickets.
    pub agent_id: Option<String>,
    /// By which of its definitions, from 1; the newest as without it. A newer one stands beside the older ones:
    /// each counts all history.
    #[param(value_type = Option<u16>)]
    pub definition_version: Option<String>,
    /// Counts what was known at this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<TimestampParam>,
}

impl ReportParams {
    /// The report_query, to be answered when the facts are at the position of its `as_of`.
    ///
    /// # Errors
    /// A value that none can be: 400.
    pub async fn parse_query(
        &self,
        app: &App,
        report: Report,
        locale: Locale,
    ) -> Result<ReportQuery, Problem> {
        let as_of = resolve_as_of(app, self.as_of).await?;
        let usual = ReportQuery::new(report, app.clock.now(), as_of, locale);
        let to = self.to.map_or(usual.to, |moment| moment.0);
        let from = match (self.from, self.to) {
            (Some(TimestampParam(from)), _) => from,
            (None, Some(TimestampParam(to))) => to - SignedDuration::from_hours(30 * 24),
            (None, None) => usual.from,
        };
        let definition =
            parse_choice("definition_version", self.definition_version.as_deref(), |text| text.parse().ok())?;
        Ok(ReportQuery {
            definition: definition.unwrap_or(usual.definition),
            from,
            to,
            interval: parse_choice("interval", self.interval.as_deref(), Interval::parse)?
                .unwrap_or(usual.interval),
            compare: parse_choice("compare", self.compare.as_deref(), Comparison::parse)?,
            by: self.by.clone(),
            currency: parse_choice("currency", self.currency.as_deref(), Currency::parse)?,
            filter: FactFilter {
                subject: self.subject.clone(),
                teacher_id: parse_account_id("teacher_id", self.teacher_id.as_deref())?,
                agent_id: parse_account_id("agent_id", self.agent_id.as_deref())?,
            },
            ..usual
        })
    }
}

/// An instant, and its place in the log.
///
/// # Errors
/// The log is away.
pub async fn resolve_as_of(app: &App, as_of: Option<TimestampParam>) -> Result<Option<AsOf>, Problem> {
    let Some(TimestampParam(instant)) = as_of else { return Ok(None) };
    let position = app.bus.log().position_at(instant).await?;
    Ok(Some(AsOf { instant: instant.min(app.clock.now()), position }))
}

fn parse_account_id(name: &str, text: Option<&str>) -> Result<Option<AccountId>, Problem> {
    text.map(str::parse).transpose().map_err(|_| invalid_parameter(name, "malformed"))
}

/// What a report does not take is refused as by other lists.
impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Refused(InvalidQuery::UnsupportedFilter(name)) => {
                Problem::new("unknown_parameter").with_field_error(Reason::field(name, "unknown_parameter"))
            }
            ReportError::Refused(refusal) => invalid_parameter(refusal.parameter(), refusal.code()),
            ReportError::Database(error) => error.into(),
            ReportError::Cursor(_) => invalid_parameter("cursor", "malformed"),
        }
    }
}
