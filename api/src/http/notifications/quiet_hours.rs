//! `GET` and `PUT /notification-preferences/quiet-hours`: when one wants no mail.

use axum::extract::State;
use axum::response::IntoResponse;
use domain::notifications::{Inbox, InboxCommand, LocalTime, QuietHours};
use domain::{Command, Dispatch};
use serde::{Deserialize, Serialize};

use crate::app::Shared;
use crate::http::body::AnyJson;
use crate::http::caller::Caller;
use crate::http::command_context::Asking;
use crate::http::freshness::{LogPosition, Version};
use crate::http::page::{NoFilter, Query};
use crate::http::problem::{Invalid, Problem};

/// Every day between two times of one's own zone, over midnight where `to` is the earlier one. What is
/// critical comes all the same.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHours)]
pub struct QuietHoursView {
    /// `HH:MM`
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    from: String,
    /// `HH:MM`
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    to: String,
}

/// One's quiet hours; null where there are none.
#[utoipa::path(
    get,
    path = "/notification-preferences/quiet-hours",
    tag = "notifications",
    responses((status = 200, body = Option<QuietHoursView>)),
)]
pub async fn quiet_hours(
    State(app): State<Shared>,
    caller: Caller,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let inbox = app.bus.load::<Inbox>(caller.account_id).await?;
    let hours = inbox.state.quiet_hours.map(QuietHoursView::of);
    Ok((LogPosition(inbox.position), Version(inbox.version), axum::Json(hours)))
}

/// Sets one's quiet hours; null gives them up.
#[utoipa::path(
    put,
    path = "/notification-preferences/quiet-hours",
    tag = "notifications",
    request_body = Option<QuietHoursView>,
    responses((status = 200, body = Option<QuietHoursView>)),
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    AnyJson(wanted): AnyJson<Option<QuietHoursView>>,
) -> Result<impl IntoResponse, Problem> {
    let hours = wanted.as_ref().map(QuietHoursView::read).transpose()?;
    let command = Command::Inbox(caller.account_id, InboxCommand::ChangeQuietHours(hours));
    let receipt = app.bus.dispatch(command, asking.context()).await?;
    let hours = hours.map(QuietHoursView::of);
    Ok((LogPosition(receipt.position), Version(receipt.version()), axum::Json(hours)))
}

impl QuietHoursView {
    fn of(hours: QuietHours) -> Self {
        Self { from: hours.from.to_string(), to: hours.to.to_string() }
    }

    fn read(&self) -> Result<QuietHours, Problem> {
        let mut invalid = Invalid::default();
        let from = invalid.check("/from", LocalTime::parse(&self.from));
        let to = invalid.check("/to", LocalTime::parse(&self.to));
        let (Some(from), Some(to)) = (from, to) else { return Err(invalid.problem()) };
        QuietHours::between(from, to).ok_or_else(|| Problem::field("/to", "same_time"))
    }
}
