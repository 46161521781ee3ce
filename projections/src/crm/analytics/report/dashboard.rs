//! The figures of the first page, counted like those of the reports.

use domain::AccountId;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use super::counting::{Count, Counted, Range, Seen, count, look, percentiles};
use super::definitions::{Pick, all, of, with};
use super::engine::end_of_time;
use super::question::{AsOf, FactFilter, Interval, ReportError, last_days};
use crate::crm::analytics::Measure;
use crate::crm::analytics::local_days::{day_of, next_day, start_of_day};

/// The figures of the first page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dashboard {
    pub as_of_position: u64,
    pub users: UserFigures,
    pub tickets: TicketFigures,
    pub lessons: LessonFigures,
}

/// Accounts that are there, and how many were registered in the local day and month of the present.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UserFigures {
    pub total: i64,
    pub active: i64,
    pub students: i64,
    pub teachers: i64,
    pub new_today: i64,
    pub new_this_month: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TicketFigures {
    pub total: i64,
    pub open: i64,
    pub in_progress: i64,
    pub waiting: i64,
    /// Urgent ones that are not over.
    pub urgent_open: i64,
    /// Which became over in the local day of the present.
    pub resolved_today: i64,
    /// Business time, of the last 30 local days; absent where nobody was answered.
    pub first_response_median_seconds: Option<i64>,
}

/// Lessons with somebody booked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LessonFigures {
    /// Which begin in the local day of the present.
    pub today: i64,
    /// Which begin within seven days from the present.
    pub upcoming_7d: i64,
    /// Held within the last 30 local days.
    pub completed_30d: i64,
}

/// The figures as of an instant, or of now; of the tickets of one agent where one is named.
///
/// # Errors
/// The database is away.
pub async fn dashboard(
    pool: &PgPool,
    now: Timestamp,
    as_of: Option<AsOf>,
    agent_id: Option<AccountId>,
) -> Result<Dashboard, ReportError> {
    let now = as_of.map_or(now, |as_of| as_of.instant);
    let (mut db, seen) = look(pool, as_of).await?;
    let mut reading =
        Reading { db: &mut db, seen, filter: FactFilter { agent_id, ..FactFilter::default() }, now };
    let users = reading.users().await?;
    let tickets = reading.tickets().await?;
    let lessons = reading.lessons().await?;
    Ok(Dashboard { as_of_position: seen.position, users, tickets, lessons })
}

/// Reads figures out of one state.
struct Reading<'a> {
    db: &'a mut PgConnection,
    seen: Seen,
    /// Of tickets.
    filter: FactFilter,
    now: Timestamp,
}

/// Counted facts of which a part is asked for.
struct Counts(Vec<Count>);

impl Counts {
    fn of(&self, pick: &Pick) -> i64 {
        self.0.iter().filter(|row| pick.takes(row)).map(|row| row.facts).sum()
    }
}

impl Reading<'_> {
    async fn users(&mut self) -> Result<UserFigures, sqlx::Error> {
        let there = self.count(Measure::Account, ever()).await?;
        let today = day_of(self.now);
        let month = (start_of_day(today.first_of_month()), start_of_day(next_day(today.last_of_month())));
        let registered = all(Measure::Registered);
        Ok(UserFigures {
            total: there.of(&all(Measure::Account)),
            active: there.of(&with(Measure::Account, "active")),
            students: there.of(&of(Measure::Account, "student")),
            teachers: there.of(&of(Measure::Account, "teacher")),
            new_today: self.count(Measure::Registered, self.today()).await?.of(&registered),
            new_this_month: self.count(Measure::Registered, month).await?.of(&registered),
        })
    }

    async fn tickets(&mut self) -> Result<TicketFigures, sqlx::Error> {
        let there = self.count(Measure::Ticket, ever()).await?;
        let urgent = |status| Pick { detail: Some(status), ..of(Measure::Ticket, "urgent") };
        let resolved = self.count(Measure::Resolved, self.today()).await?;
        let (from, to) = last_days(self.now);
        let counted = Counted { measures: &[Measure::FirstResponse], filter: &self.filter, unit: None };
        let range = Range { from, to, interval: Interval::Month };
        let medians = percentiles(self.db, self.seen, &counted, range).await?;
        Ok(TicketFigures {
            total: there.of(&all(Measure::Ticket)),
            open: there.of(&with(Measure::Ticket, "open")),
            in_progress: there.of(&with(Measure::Ticket, "in_progress")),
            waiting: there.of(&with(Measure::Ticket, "waiting")),
            urgent_open: ["open", "in_progress", "waiting"]
                .map(|status| there.of(&urgent(status)))
                .iter()
                .sum(),
            resolved_today: resolved.of(&all(Measure::Resolved)),
            first_response_median_seconds: medians
                .iter()
                .find(|median| median.bucket().is_none())
                .map(|median| median.half),
        })
    }

    async fn lessons(&mut self) -> Result<LessonFigures, sqlx::Error> {
        let week = (self.now, self.now + SignedDuration::from_hours(24 * 7));
        let taken = all(Measure::Taken);
        Ok(LessonFigures {
            today: self.count(Measure::Taken, self.today()).await?.of(&taken),
            upcoming_7d: self.count(Measure::Taken, week).await?.of(&taken),
            completed_30d: self.count(Measure::Held, last_days(self.now)).await?.of(&all(Measure::Held)),
        })
    }

    fn today(&self) -> (Timestamp, Timestamp) {
        let today = day_of(self.now);
        (start_of_day(today), start_of_day(next_day(today)))
    }

    async fn count(
        &mut self,
        measure: Measure,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Counts, sqlx::Error> {
        let everybody = FactFilter::default();
        let is_of_tickets = matches!(measure, Measure::Ticket | Measure::Resolved);
        let filter = if is_of_tickets { &self.filter } else { &everybody };
        let counted = Counted { measures: &[measure], filter, unit: None };
        let range = Range { from, to, interval: Interval::Month };
        count(self.db, self.seen, &counted, range).await.map(Counts)
    }
}

fn ever() -> (Timestamp, Timestamp) {
    (Timestamp::UNIX_EPOCH, end_of_time())
}
