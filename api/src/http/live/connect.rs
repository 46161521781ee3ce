//! `GET /live`: the WebSocket on which a person is told what concerns them.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::{App, Shared};
use crate::http::caller::Caller;
use crate::http::origin;
use crate::http::page::{Query, parameter};
use crate::http::problem::Problem;
use crate::live::{Full, converse};

/// Longest message that is read at all; one that is longer than `live.frame_bytes` is refused after that.
const READ_AT_MOST: usize = 64 * 1024;
/// A socket mostly waits: its buffers are small, and grow while there is something in them.
const BUFFER: usize = 4 * 1024;

/// Where to go on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// The last position that was seen: everything after it comes first. Without it, everything from now on;
    /// so too after 30 days, with the frame `reload`.
    after: Option<u64>,
}

/// Opens a WebSocket on which comes what concerns the session's account, as `{position,type,data}`: ids and
/// codes, to fetch anew what has changed. The first frame is `ready` with the position from which it goes on.
/// Clients send `{"type":"typing","conversation_id":…}`, `{"type":"ping"}`, and agents of the desk
/// `{"type":"viewing","ticket_id":…}`, null when they look at none. Close codes: 1001 the process stops, 1003 binary, 1009 too large, 4401 the session has ended, 4408 too slow, 4429 too frequent, 4503 the
/// database is away. Refusals: 400 for a position that the log has not reached; 403 `origin_not_allowed`;
/// 426 `upgrade_required`; 429 `too_many_sockets`; 503 `busy`.
#[utoipa::path(
    get,
    path = "/live",
    tag = "live",
    params(From),
    responses((status = 101, description = "The WebSocket is open")),
)]
pub async fn live(
    State(app): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    Query(From { after }): Query<From>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Response> {
    // Browsers let every page open a socket, and send the cookie along.
    if caller.by_cookie {
        origin::check(&headers, &app.settings.allowed_origins).map_err(refused)?;
    }
    if let Some(after) = after {
        expect_in_log(&app, after).await.map_err(refused)?;
    }
    let upgrade = upgrade.map_err(|_| {
        let mut response = Problem::new("upgrade_required").into_response();
        response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        response
    })?;
    let seat = app.live.take_seat(caller.account_id, caller.session_id).map_err(|full| {
        refused(match full {
            Full::Process => Problem::new("busy").retry_after(std::time::Duration::from_secs(5)),
            Full::Account => Problem::new("too_many_sockets"),
        })
    })?;
    let live = app.live.clone();
    Ok(upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_write_buffer_size(2 * READ_AT_MOST)
        .max_message_size(READ_AT_MOST)
        .max_frame_size(READ_AT_MOST)
        .on_upgrade(move |socket| converse(live, socket, seat, after)))
}

fn refused(problem: Problem) -> Response {
    problem.into_response()
}

/// A position that nobody can have seen was made up, or comes from another log.
async fn expect_in_log(app: &App, after: u64) -> Result<(), Problem> {
    if after <= *app.bus.committed().borrow() || after <= domain::EventLog::head(app.bus.log()).await? {
        return Ok(());
    }
    Err(parameter("after", "beyond_the_log"))
}
