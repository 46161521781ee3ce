//! Parses a new address or phone number, and answers with the account.

use axum::Json as Answer;
use axum::response::IntoResponse;

use crate::app::App;
use crate::http::accounts::view::AccountView;
use crate::http::caller::Caller;
use crate::http::freshness::{LogPosition, Version};
use crate::http::problem::{Invalid, Problem};

pub(super) fn parse<T>(
    pointer: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, domain::accounts::ValueError>,
) -> Result<T, Problem> {
    let mut invalid = Invalid::default();
    invalid.check(pointer, parse(text)).ok_or_else(|| invalid.problem())
}

pub(super) async fn answer(
    app: &App,
    caller: &Caller,
    position: u64,
) -> Result<impl IntoResponse + use<>, Problem> {
    let account = app.account(caller.account_id).await?;
    Ok((LogPosition(position), Version(account.version), Answer(AccountView::of(&account)?)))
}
