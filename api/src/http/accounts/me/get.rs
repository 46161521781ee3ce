//! `GET /me`: the account of the caller.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;

use crate::app::AppState;
use crate::http::accounts::view::AccountView;
use crate::http::caller::Caller;
use crate::http::freshness::ETag;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Returns the account of the caller.
///
/// It is read from the log and is always up to date.
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = AccountView)))]
pub async fn get_me(
    State(app): State<AppState>,
    caller: Caller,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let account = app.account(caller.account_id).await?;
    Ok((ETag(account.version), Answer(AccountView::load(&app.pool, &account).await?)))
}
