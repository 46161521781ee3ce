//! First pages of lists in the CRM views.

use domain::accounts::Locale;
use jiff::Timestamp;
use projection_runtime::paging::QueryError;
use projections::crm::analytics::AsOf;
use projections::crm::{ContactView, CrmSnapshot, UserFilter, UserSort, Visibility, users};
use projections::support::{TicketFilter, TicketSort, tickets};
use sqlx::PgConnection;

use super::source::ReportSource;
use crate::error::BenchError;

/// Read models of the lists.
pub(super) const MODELS: [&str; 2] = ["crm_users", "tickets"];
const PAGE: u32 = 50;
const STAFF: ContactView = ContactView { visibility: Visibility::Full, locale: Locale::Ru };

#[derive(Clone, Copy)]
pub(super) enum List {
    Users(UserSort),
    Tickets(TicketSort),
}

/// The default order of each list, and an order by a changing field.
pub(super) const LISTS: [(&str, List); 4] = [
    ("users, newest first", List::Users(UserSort::Newest)),
    ("users, lately active first", List::Users(UserSort::LatelyActive)),
    ("tickets, newest first", List::Tickets(TicketSort::Newest)),
    ("tickets, lately updated first", List::Tickets(TicketSort::LatelyUpdated)),
];

/// Reads the first page, live or as of an instant.
pub(super) async fn first_page(
    asked: &ReportSource<'_>,
    list: List,
    instant: Option<Timestamp>,
) -> Result<(), BenchError> {
    let rows = match instant {
        None => read(CrmSnapshot::begin(asked.pool).await?.db(), list, asked.now).await,
        Some(instant) => {
            let position = asked.log.position_at(instant).await?;
            let past = CrmSnapshot::begin_as_of(asked.pool, AsOf { instant, position }).await?;
            let mut past = past.ok_or_else(|| BenchError::Wrong("the lists are of older code".to_owned()))?;
            read(past.db(), list, instant).await
        }
    };
    match rows {
        Ok(rows) if rows == PAGE as usize => Ok(()),
        Ok(rows) => Err(BenchError::Wrong(format!("a page has {rows} rows"))),
        Err(error) => Err(BenchError::Listening(error.to_string())),
    }
}

async fn read(db: &mut PgConnection, list: List, now: Timestamp) -> Result<usize, QueryError> {
    Ok(match list {
        List::Users(sort) => users(db, &UserFilter::default(), sort, STAFF, None, PAGE).await?.rows.len(),
        List::Tickets(sort) => {
            tickets(db, &TicketFilter::default(), sort, STAFF, now, None, PAGE).await?.rows.len()
        }
    })
}
