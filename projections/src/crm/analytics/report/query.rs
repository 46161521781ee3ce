//! Query of a report: the report, the range, the interval, the filters, and the instant.

use domain::accounts::Locale;
use domain::{AccountId, Currency, Position, Role};
use jiff::Timestamp;

use crate::crm::analytics::local_days::{LocalZone, add_days, day_of, next_day, start_of_day};

domain::code_enum!(
    /// Report. README.md defines the figures of each.
    Report {
        Registrations = "registrations",
        ActiveUsers = "active_users",
        Bookings = "bookings",
        LessonsHeld = "lessons_held",
        Cancellations = "cancellations",
        NoShows = "no_shows",
        Utilisation = "utilisation",
        Revenue = "revenue",
        Unresolved = "unresolved",
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
domain::code_enum!(
    /// Length of one point of a series, in local days.
    Interval {
        Day = "day",
        /// Begins on Monday.
        Week = "week",
        Month = "month",
    }
);
domain::code_enum!(
    /// Comparison of a report.
    Comparison {
        /// The equally long time just before.
        Previous = "previous",
        /// The same number of whole months, weeks or days just before, by the calendar of the zone.
        Calendar = "calendar",
        /// The same local time a year before.
        Year = "year",
    }
);

domain::code_enum!(
    /// Date by which reports about lessons count.
    DateOf {
        /// The booking, and the completion by the teacher.
        Decision = "decision",
        /// The start of the lesson.
        Lesson = "lesson",
    }
);

domain::code_enum!(
    /// Dimension by which a report is grouped: the largest groups and the rest.
    Dimension {
        Teacher = "teacher",
        Subject = "subject",
        Agent = "agent",
        /// Priority that the ticket has as of the position of the answer.
        Priority = "priority",
        Category = "category",
        Channel = "channel",
    }
);

/// Past instant, and its position: the last event recorded at or before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    pub instant: Timestamp,
    pub position: Position,
}

/// Filter of facts. A field that is `None` does not filter. [`Report::filters`] names the filters that a
/// report accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactFilter {
    /// Code of the dictionary.
    pub subject: Option<String>,
    pub teacher_id: Option<AccountId>,
    pub agent_id: Option<AccountId>,
    /// Only facts without an agent.
    pub unassigned: bool,
    /// Code of the channel of the ticket.
    pub channel: Option<String>,
    /// Role at registration, of cohorts.
    pub role: Option<Role>,
}

/// Query of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportQuery {
    pub report: Report,
    /// Definition, from 1 to [`Report::newest_definition`].
    pub definition: u16,
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    pub interval: Interval,
    pub compare: Option<Comparison>,
    /// Grouping of the series, one of [`Report::groupings`] or [`Report::dimensions`]. `None`: the first grouping.
    pub by: Option<String>,
    /// Currency of reports about money. `None`: roubles.
    pub currency: Option<Currency>,
    pub filter: FactFilter,
    pub date_of: DateOf,
    /// Zone of the buckets and of their dates.
    pub zone: LocalZone,
    /// `None`: the present state.
    pub as_of: Option<AsOf>,
    /// Present of the answer: now, or the instant of `as_of`.
    pub now: Timestamp,
    /// Language of the labels.
    pub locale: Locale,
}

impl ReportQuery {
    /// Returns a query for the last 30 local days, including the present day, in the default interval.
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
            date_of: DateOf::Decision,
            zone: LocalZone::of_installation(),
            as_of,
            now,
            locale,
        }
    }

    /// Returns the end of the counted time. A lesson that has not ended yet is not unresolved.
    pub(super) fn counted_to(&self) -> Timestamp {
        if self.report == Report::Unresolved { self.to.min(self.now).max(self.from) } else { self.to }
    }

    /// Returns the dimension of the groups; `None` for a grouping of the report itself.
    pub(super) fn dimension(&self) -> Option<Dimension> {
        let by = self.by.as_deref().filter(|by| !self.report.groupings().contains(by))?;
        Dimension::parse(by).filter(|dimension| self.report.dimensions().contains(dimension))
    }
}

/// Returns the last 30 local days, including the day of the instant.
pub(super) fn last_30_days(now: Timestamp) -> (Timestamp, Timestamp) {
    let today = day_of(now);
    (start_of_day(add_days(today, -29)), start_of_day(next_day(today)))
}

/// Refusal of a query by a report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidQuery {
    #[error("the report cannot be grouped like this")]
    UnsupportedGrouping(Report),
    /// Name of the filter: `subject`, `teacher_id`, `agent_id`, `channel`, `role`, `date_of`, `currency`
    /// or `time_zone`.
    #[error("the report has no filter {0}")]
    UnsupportedFilter(&'static str),
    #[error("the report does not support this interval")]
    UnsupportedInterval(Report),
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
    /// Returns the stable code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            InvalidQuery::UnsupportedGrouping(_) => "grouping_not_taken",
            InvalidQuery::UnsupportedFilter(_) => "filter_not_taken",
            InvalidQuery::UnsupportedInterval(_) => "interval_not_taken",
            InvalidQuery::EmptyRange => "empty_range",
            InvalidQuery::RangeTooLong => "range_too_long",
            InvalidQuery::TooManyPoints => "too_many_points",
            InvalidQuery::UnknownSeries => "unknown_series",
            InvalidQuery::UnknownDefinition => "unknown_definition",
        }
    }

    /// Returns the values that the report supports, if the parameter has a fixed set of them.
    pub fn allowed(&self) -> Vec<&'static str> {
        match self {
            InvalidQuery::UnsupportedGrouping(report) => report.groupings().to_vec(),
            InvalidQuery::UnsupportedInterval(report) => {
                report.intervals().iter().map(|interval| interval.as_str()).collect()
            }
            InvalidQuery::UnsupportedFilter(_)
            | InvalidQuery::EmptyRange
            | InvalidQuery::RangeTooLong
            | InvalidQuery::TooManyPoints
            | InvalidQuery::UnknownSeries
            | InvalidQuery::UnknownDefinition => Vec::new(),
        }
    }

    /// Returns the invalid parameter.
    pub fn parameter(&self) -> &'static str {
        match self {
            InvalidQuery::UnsupportedGrouping(_) => "by",
            InvalidQuery::UnsupportedFilter(name) => name,
            InvalidQuery::UnsupportedInterval(_) | InvalidQuery::TooManyPoints => "interval",
            InvalidQuery::EmptyRange | InvalidQuery::RangeTooLong => "from",
            InvalidQuery::UnknownSeries => "key",
            InvalidQuery::UnknownDefinition => "definition_version",
        }
    }
}

/// Error of a report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Refused(#[from] InvalidQuery),
    #[error("cannot read the facts")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Cursor(#[from] projection_runtime::paging::CursorError),
}
