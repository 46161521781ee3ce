//! Figures of the dashboard, counted like the figures of the reports.

use domain::{AccountId, Position};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use super::buckets::BucketedRange;
use super::counts::{AsOfView, CountQuery, CountRow, begin_read, count_facts, load_percentiles};
use super::definitions::{FactSelector, all_facts, facts_of_class, facts_with_detail};
use super::engine::end_of_time;
use super::query::{AsOf, FactFilter, Interval, ReportError, last_30_days};
use crate::crm::analytics::Measure;
use crate::crm::analytics::local_days::{day_of, next_day, start_of_day};

/// Figures of the dashboard.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dashboard {
    pub as_of_position: Position,
    pub users: UserFigures,
    pub tickets: TicketFigures,
    pub lessons: LessonFigures,
}

/// Number of accounts, and of registrations on the present local day and in the present local month.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UserFigures {
    pub total: i64,
    pub active: i64,
    pub students: i64,
    pub teachers: i64,
    pub new_today: i64,
    pub new_this_month: i64,
}

/// Figures of tickets, without welcome tickets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TicketFigures {
    pub total: i64,
    pub open: i64,
    pub in_progress: i64,
    pub waiting: i64,
    /// Urgent tickets that are not over.
    pub urgent_open: i64,
    /// Tickets that became over on the present local day.
    pub resolved_today: i64,
    /// Median of the last 30 local days, in business time. `None` without replies.
    pub first_response_median_seconds: Option<i64>,
}

/// Lessons with a booking.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LessonFigures {
    /// Lessons that begin on the present local day.
    pub today: i64,
    /// Lessons that begin within seven days from the present.
    pub upcoming_7d: i64,
    /// Lessons held within the last 30 local days.
    pub completed_30d: i64,
}

/// Loads the figures, now or as of an instant. With an agent, the ticket figures are of that agent.
///
/// # Errors
/// [`ReportError::Database`] if the database is unavailable.
pub async fn load_dashboard(
    pool: &PgPool,
    now: Timestamp,
    as_of: Option<AsOf>,
    agent_id: Option<AccountId>,
) -> Result<Dashboard, ReportError> {
    let now = as_of.map_or(now, |as_of| as_of.instant);
    let (mut db, as_of_view) = begin_read(pool, as_of).await?;
    let mut reader = DashboardReader {
        db: &mut db,
        as_of_view,
        filter: FactFilter { agent_id, ..FactFilter::default() },
        now,
    };
    let users = reader.load_users().await?;
    let tickets = reader.load_tickets().await?;
    let lessons = reader.load_lessons().await?;
    Ok(Dashboard { as_of_position: as_of_view.position, users, tickets, lessons })
}

/// Reader of figures from one database snapshot.
struct DashboardReader<'a> {
    db: &'a mut PgConnection,
    as_of_view: AsOfView,
    /// Filter of tickets.
    filter: FactFilter,
    now: Timestamp,
}

/// Counts, from which a selector picks.
struct CountRows(Vec<CountRow>);

impl CountRows {
    fn sum_selected(&self, selector: &FactSelector) -> i64 {
        self.0.iter().filter(|row| selector.matches(row)).map(|row| row.facts).sum()
    }
}

impl DashboardReader<'_> {
    async fn load_users(&mut self) -> Result<UserFigures, sqlx::Error> {
        let rows = self.count_measure(Measure::Account, all_time()).await?;
        let today = day_of(self.now);
        let month = (start_of_day(today.first_of_month()), start_of_day(next_day(today.last_of_month())));
        let registered = all_facts(Measure::Registered);
        Ok(UserFigures {
            total: rows.sum_selected(&all_facts(Measure::Account)),
            active: rows.sum_selected(&facts_with_detail(Measure::Account, "active")),
            students: rows.sum_selected(&facts_of_class(Measure::Account, "student")),
            teachers: rows.sum_selected(&facts_of_class(Measure::Account, "teacher")),
            new_today: self
                .count_measure(Measure::Registered, self.today_range())
                .await?
                .sum_selected(&registered),
            new_this_month: self.count_measure(Measure::Registered, month).await?.sum_selected(&registered),
        })
    }

    async fn load_tickets(&mut self) -> Result<TicketFigures, sqlx::Error> {
        let rows = self.count_measure(Measure::AskedTicket, all_time()).await?;
        let urgent =
            |status| FactSelector { detail: Some(status), ..facts_of_class(Measure::AskedTicket, "urgent") };
        let resolved = self.count_measure(Measure::Resolved, self.today_range()).await?;
        let (from, to) = last_30_days(self.now);
        let count_query =
            CountQuery { measures: &[Measure::FirstResponse], filter: &self.filter, unit: None };
        let range = BucketedRange { from, to, interval: Interval::Month };
        let medians = load_percentiles(self.db, self.as_of_view, &count_query, range).await?;
        Ok(TicketFigures {
            total: rows.sum_selected(&all_facts(Measure::AskedTicket)),
            open: rows.sum_selected(&facts_with_detail(Measure::AskedTicket, "open")),
            in_progress: rows.sum_selected(&facts_with_detail(Measure::AskedTicket, "in_progress")),
            waiting: rows.sum_selected(&facts_with_detail(Measure::AskedTicket, "waiting")),
            urgent_open: ["open", "in_progress", "waiting"]
                .map(|status| rows.sum_selected(&urgent(status)))
                .iter()
                .sum(),
            resolved_today: resolved.sum_selected(&all_facts(Measure::Resolved)),
            first_response_median_seconds: medians
                .iter()
                .find(|median| median.bucket().is_none())
                .map(|median| median.p50),
        })
    }

    async fn load_lessons(&mut self) -> Result<LessonFigures, sqlx::Error> {
        let week = (self.now, self.now + SignedDuration::from_hours(24 * 7));
        let taken = all_facts(Measure::Taken);
        Ok(LessonFigures {
            today: self.count_measure(Measure::Taken, self.today_range()).await?.sum_selected(&taken),
            upcoming_7d: self.count_measure(Measure::Taken, week).await?.sum_selected(&taken),
            completed_30d: self
                .count_measure(Measure::Held, last_30_days(self.now))
                .await?
                .sum_selected(&all_facts(Measure::Held)),
        })
    }

    fn today_range(&self) -> (Timestamp, Timestamp) {
        let today = day_of(self.now);
        (start_of_day(today), start_of_day(next_day(today)))
    }

    async fn count_measure(
        &mut self,
        measure: Measure,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<CountRows, sqlx::Error> {
        let everybody = FactFilter::default();
        let is_of_tickets = matches!(measure, Measure::Ticket | Measure::Resolved);
        let filter = if is_of_tickets { &self.filter } else { &everybody };
        let count_query = CountQuery { measures: &[measure], filter, unit: None };
        let range = BucketedRange { from, to, interval: Interval::Month };
        count_facts(self.db, self.as_of_view, &count_query, range).await.map(CountRows)
    }
}

fn all_time() -> (Timestamp, Timestamp) {
    (Timestamp::UNIX_EPOCH, end_of_time())
}
