//! `GET /admin/crm/attempts`: the log of calls to the external CRM.

use axum::Json as Answer;
use axum::extract::State;
use crm_sync::{CallAttempt, list_attempts};
use domain::AccountId;
use serde::Deserialize;

use crate::app::AppState;
use crate::http::document::shapes::admin;
use crate::http::page::{ListQuery, Page};
use crate::http::problem::Problem;

/// Filter of the log of calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptsQuery {
    account_id: Option<AccountId>,
}

/// Lists the calls to the external CRM, newest first.
///
/// An entry has method, path, status, latency and outcome. It has no secrets and no personal data.
#[utoipa::path(
    get,
    path = "/admin/crm/attempts",
    tag = "admin",
    params(
        ("account_id" = Option<Uuid>, Query),
        ("limit" = Option<u32>, Query),
        ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Page<admin::CrmCall>)),
)]
pub async fn list_crm_attempts(
    State(app): State<AppState>,
    query: ListQuery<AttemptsQuery>,
) -> Result<Answer<Page<CallAttempt>>, Problem> {
    let before = query.parse_sort_key::<i64>()?;
    let rows = list_attempts(&app.pool, query.filter.account_id, before, query.limit + 1).await?;
    Ok(Answer(Page::from_rows(rows, query.limit, |row| row.id)))
}
