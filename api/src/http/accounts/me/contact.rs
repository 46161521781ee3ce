//! Parses a new e-mail address or phone number, and responds with the account.

use axum::Json as Answer;
use axum::response::IntoResponse;
use domain::Position;

use crate::app::App;
use crate::http::accounts::view::AccountView;
use crate::http::caller::Caller;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::problem::{FieldErrors, Problem};

pub(super) fn parse_contact<T>(
    pointer: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, domain::accounts::ValueError>,
) -> Result<T, Problem> {
    let mut invalid = FieldErrors::default();
    invalid.check(pointer, parse(text)).ok_or_else(|| invalid.to_problem())
}

pub(super) async fn respond_with_account(
    app: &App,
    caller: &Caller,
    position: Position,
) -> Result<impl IntoResponse + use<>, Problem> {
    let account = app.account(caller.account_id).await?;
    Ok((LogPosition(position), ETag(account.version), Answer(AccountView::load(&app.pool, &account).await?)))
}
