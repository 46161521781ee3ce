//! What is asked of the reports: which one, of what time, in which steps, and as of when.

use domain::accounts::Locale;
use domain::{AccountId, Currency};
use jiff::Timestamp;
use projection_runtime::codes;

use crate::crm::analytics::local_days::{add_days, day_of, next_day, start_of_day};

codes!(
    /// A report; README.md says what each of them counts.
    #[derive(PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    Report {
        Registrations = "registrations",
        ActiveUsers = "active_users",
        Bookings = "bookings",
        LessonsHeld = "lessons_held",
        Cancellations = "cancellations",
        NoShows = "no_shows",
        Utilisation = "utilisation",
        Revenue = "revenue",
        Funnel = "funnel",
        Retention = "retention",
        Requests = "requests",
        Tickets = "tickets",
        TicketCategories = "ticket_categories",
        ResponseTimes = "response_times",
        ResolutionTimes = "resolution_times",
        Sla = "sla",
        Csat = "csat",
        Messages = "messages",
    }
);
codes!(
    /// How long one point of a series lasts, in local days.
    #[derive(PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    Interval {
        Day = "day",
        /// From Monday.
        Week = "week",
        Month = "month",
    }
);
codes!(
    /// With what a report is compared.
    #[derive(PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    Comparison {
        /// The equally long time just before.
        Previous = "previous",
    }
);

/// An instant of the past, and its place in the log: the last event recorded at or before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    pub instant: Timestamp,
    pub position: u64,
}

/// Whose facts; what is `None` does not matter. Which of them a report takes: [`Report::filters`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactFilter {
    /// A code of the dictionary.
    pub subject: Option<String>,
    pub teacher_id: Option<AccountId>,
    pub agent_id: Option<AccountId>,
}

/// A question to the reports.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportQuery {
    pub report: Report,
    /// Which of its definitions, from 1 to [`Report::newest_definition`].
    pub definition: u16,
    pub from: Timestamp,
    /// Not included.
    pub to: Timestamp,
    pub interval: Interval,
    pub compare: Option<Comparison>,
    /// By what the series are told apart; one of [`Report::groupings`], the first of them where it is `None`.
    pub by: Option<String>,
    /// Of reports about money; roubles where it is `None`.
    pub currency: Option<Currency>,
    pub filter: FactFilter,
    /// `None`: as everything stands now.
    pub as_of: Option<AsOf>,
    /// The present of the answer: now, or the instant of `as_of`.
    pub now: Timestamp,
    /// Of the labels.
    pub locale: Locale,
}

impl ReportQuery {
    /// The report over the last 30 local days, that of its present included, in its usual steps.
    pub fn new(report: Report, now: Timestamp, as_of: Option<AsOf>, locale: Locale) -> Self {
        let now = as_of.map_or(now, |as_of| as_of.instant);
        let (from, to) = last_30_days(now);
        Self {
            report,
            definition: report.newest_definition(),
            from,
            to,
            interval: report.default_interval(),
            compare: None,
            by: None,
            currency: None,
            filter: FactFilter::default(),
            as_of,
            now,
            locale,
        }
    }
}

/// The last 30 local days, that of an instant included.
pub(super) fn last_30_days(now: Timestamp) -> (Timestamp, Timestamp) {
    let today = day_of(now);
    (start_of_day(add_days(today, -29)), start_of_day(next_day(today)))
}

/// Why a report does not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidQuery {
    #[error("the report can not be grouped like this")]
    UnsupportedGrouping,
    /// The name of the filter: `subject`, `teacher_id`, `agent_id` or `currency`.
    #[error("the report has no filter {0}")]
    UnsupportedFilter(&'static str),
    #[error("the report does not come in this interval")]
    UnsupportedInterval,
    #[error("the range ends before it begins")]
    EmptyRange,
    #[error("the range is longer than five years")]
    RangeTooLong,
    #[error("the range has too many points at this interval")]
    TooManyPoints,
    #[error("the report has no such series")]
    UnknownSeries,
    #[error("the report has no such definition")]
    UnknownDefinition,
}

impl InvalidQuery {
    /// Stable, for machines.
    pub fn code(&self) -> &'static str {
        match self {
            InvalidQuery::UnsupportedGrouping => "grouping_not_taken",
            InvalidQuery::UnsupportedFilter(_) => "filter_not_taken",
            InvalidQuery::UnsupportedInterval => "interval_not_taken",
            InvalidQuery::EmptyRange => "empty_range",
            InvalidQuery::RangeTooLong => "range_too_long",
            InvalidQuery::TooManyPoints => "too_many_points",
            InvalidQuery::UnknownSeries => "unknown_series",
            InvalidQuery::UnknownDefinition => "unknown_definition",
        }
    }

    /// The parameter that is at fault.
    pub fn parameter(&self) -> &'static str {
        match self {
            InvalidQuery::UnsupportedGrouping => "by",
            InvalidQuery::UnsupportedFilter(name) => name,
            InvalidQuery::UnsupportedInterval | InvalidQuery::TooManyPoints => "interval",
            InvalidQuery::EmptyRange | InvalidQuery::RangeTooLong => "from",
            InvalidQuery::UnknownSeries => "key",
            InvalidQuery::UnknownDefinition => "definition_version",
        }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Refused(#[from] InvalidQuery),
    #[error("the facts could not be read")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Cursor(#[from] projection_runtime::paging::CursorError),
}
