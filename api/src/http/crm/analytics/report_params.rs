//! Parameters of a report, and the conversion of invalid parameters to problems.

use domain::accounts::Locale;
use domain::support::Channel;
use domain::{AccountId, Currency, Reason, Role, Vocabulary};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use projections::crm::analytics::{
    AsOf, Comparison, DateOf, FactFilter, Interval, InvalidQuery, LocalZone, Report, ReportError, ReportQuery,
};
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer};

use crate::app::App;
use crate::http::caller::Caller;
use crate::http::page::{TimestampParam, invalid_parameter, parse_choice, parse_code, parse_dictionary_code};
use crate::http::problem::Problem;

/// Time, interval, grouping and filters of a report.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportParams {
    /// Begin of the time: an instant, or a date in `time_zone`. The default is 30 days before `to`. At most
    /// five years and 1,100 points at once.
    #[param(value_type = Option<String>)]
    pub from: Option<BoundaryParam>,
    /// End of the time, exclusive: an instant, or a date in `time_zone`. The default is the end of today.
    #[param(value_type = Option<String>)]
    pub to: Option<BoundaryParam>,
    /// `day`, `week` (from Monday) or `month`, in `time_zone`.
    pub interval: Option<String>,
    /// IANA name of the time zone of dates and points. The default is that of the installation. Not for
    /// `active_users` and `retention`.
    pub time_zone: Option<String>,
    /// `previous`: the time before, of equal length. `calendar`: the same number of whole months, weeks or days
    /// before. `year`: the same dates a year before.
    pub compare: Option<String>,
    /// Grouping into series, for reports with several groupings: `lesson_type` or `booked_by` of `bookings`,
    /// `lesson_type` or `format` of `lessons_held`, `side` or `notice` of `cancellations`, `priority` or
    /// `status` of `tickets`. The default is the first. `teacher` and `subject` group reports about lessons,
    /// `agent`, `priority`, `category` and `channel` reports about tickets: the 50 largest groups, and `other`.
    pub by: Option<String>,
    /// ISO 4217 code of the currency of `revenue`. The default is `RUB`.
    pub currency: Option<String>,
    /// Code of the dictionary, for reports about lessons and requests.
    pub subject: Option<String>,
    /// Id of a teacher's account, for reports about lessons.
    pub teacher_id: Option<String>,
    /// Id of an agent's account, `me`, or `none`, for reports about tickets.
    pub agent_id: Option<String>,
    /// Channel of the ticket, for reports about tickets: `web`, `agent` or `system` (welcome tickets).
    pub channel: Option<String>,
    /// Role at registration, for `retention`.
    pub role: Option<String>,
    /// Date by which `lessons_held` and `revenue` count: `decision` (the booking and the completion) or `lesson` (the
    /// start of the lesson). The default is `decision`.
    pub date_of: Option<String>,
    /// Version of the definition, from 1. The default is the newest. Each version counts the whole history.
    #[param(value_type = Option<u16>)]
    pub definition_version: Option<String>,
    /// Counts the events that were known at this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<TimestampParam>,
}

impl ReportParams {
    /// Parses the query. The caller waits for the facts at the position of its `as_of`.
    ///
    /// # Errors
    /// `malformed_parameter` (400) for an invalid value.
    pub async fn parse_query(
        &self,
        app: &App,
        report: Report,
        caller: &Caller,
        locale: Locale,
    ) -> Result<ReportQuery, Problem> {
        let as_of = resolve_as_of(app, self.as_of).await?;
        let usual = ReportQuery::new(report, app.clock.now(), as_of, locale);
        let zone =
            parse_choice("time_zone", self.time_zone.as_deref(), LocalZone::parse)?.unwrap_or(usual.zone);
        let to = self.to.map(|boundary| boundary.instant(&zone));
        let from = match (self.from, to) {
            (Some(from), _) => from.instant(&zone),
            (None, Some(to)) => to - SignedDuration::from_hours(30 * 24),
            (None, None) => usual.from,
        };
        let to = to.unwrap_or(usual.to);
        let agent_id = match self.agent_id.as_deref() {
            Some("none") => None,
            Some("me") => Some(caller.account_id),
            other => parse_account_id("agent_id", other)?,
        };
        let definition =
            parse_choice("definition_version", self.definition_version.as_deref(), |text| text.parse().ok())?;
        Ok(ReportQuery {
            definition: definition.unwrap_or(usual.definition),
            from,
            to,
            interval: parse_code::<Interval>("interval", self.interval.as_deref())?.unwrap_or(usual.interval),
            compare: parse_code::<Comparison>("compare", self.compare.as_deref())?,
            by: self.by.clone(),
            currency: parse_choice("currency", self.currency.as_deref(), Currency::parse)?,
            filter: FactFilter {
                subject: parse_dictionary_code("subject", self.subject.as_deref(), Vocabulary::Subjects)?,
                teacher_id: parse_account_id("teacher_id", self.teacher_id.as_deref())?,
                agent_id,
                unassigned: self.agent_id.as_deref() == Some("none"),
                channel: parse_choice("channel", self.channel.as_deref(), Channel::parse)?
                    .map(|channel| channel.as_str().to_owned()),
                role: parse_choice("role", self.role.as_deref(), Role::parse)?,
            },
            date_of: parse_choice("date_of", self.date_of.as_deref(), DateOf::parse)?
                .unwrap_or(DateOf::Decision),
            zone,
            ..usual
        })
    }
}

/// Boundary of a range: an instant, or the begin of a day.
#[derive(Clone, Copy, Debug)]
pub enum BoundaryParam {
    Instant(Timestamp),
    Day(Date),
}

impl BoundaryParam {
    fn instant(self, zone: &LocalZone) -> Timestamp {
        match self {
            BoundaryParam::Instant(instant) => instant,
            BoundaryParam::Day(day) => zone.start_of_day(day),
        }
    }
}

impl<'de> Deserialize<'de> for BoundaryParam {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day =
            Some(&text).filter(|text| text.len() == "2026-11-29".len()).and_then(|text| text.parse().ok());
        match day {
            Some(day) => Ok(Self::Day(day)),
            None => {
                TimestampParam::deserialize(text.into_deserializer()).map(|instant| Self::Instant(instant.0))
            }
        }
    }
}

/// Returns the instant with its position in the log.
///
/// # Errors
/// `unavailable` without the log.
pub async fn resolve_as_of(app: &App, as_of: Option<TimestampParam>) -> Result<Option<AsOf>, Problem> {
    let Some(TimestampParam(instant)) = as_of else { return Ok(None) };
    let position = app.bus.log().position_at(instant).await?;
    Ok(Some(AsOf { instant: instant.min(app.clock.now()), position }))
}

fn parse_account_id(name: &str, text: Option<&str>) -> Result<Option<AccountId>, Problem> {
    text.map(str::parse).transpose().map_err(|_| invalid_parameter(name, "malformed"))
}

/// Converts an unsupported filter to the problem of an unknown parameter, as in other lists.
impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Refused(InvalidQuery::UnsupportedFilter(name)) => {
                Problem::new("unknown_parameter").with_field_error(Reason::field(name, "unknown_parameter"))
            }
            ReportError::Refused(refusal) => {
                let reason = Reason::field(refusal.parameter(), refusal.code());
                let allowed = refusal.allowed();
                let reason =
                    if allowed.is_empty() { reason } else { reason.with("allowed", allowed.join(", ")) };
                Problem::new("malformed_parameter").with_field_error(reason)
            }
            ReportError::Database(error) => error.into(),
            ReportError::Cursor(_) => invalid_parameter("cursor", "malformed"),
        }
    }
}
