//! `GET /live`: opens the WebSocket of a person.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::Position;
use serde::Deserialize;

use crate::app::{App, AppState};
use crate::http::caller::Caller;
use crate::http::origin;
use crate::http::page::{Query, invalid_parameter};
use crate::http::problem::Problem;
use crate::live::{ConnectionLimit, serve_socket};

/// Longest message that is read, in bytes. The socket then refuses messages longer than `live.frame_bytes`.
const MAX_MESSAGE_BYTES: usize = 64 * 1024;
/// Initial size of a socket's buffers. They are small because a socket is mostly idle; they grow when needed.
const BUFFER_BYTES: usize = 4 * 1024;

/// Start of the event delivery.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LiveQuery {
    /// Last position that the client has seen; the events after it are sent first.
    ///
    /// Without it, only new events are sent. After 30 days the server sends the frame `reload` and then only
    /// new events.
    #[param(value_type = Option<u64>)]
    after: Option<Position>,
}

/// Opens a WebSocket for events of the caller.
///
/// Each event is one frame `{position,type,data}`. It has ids and codes; the client fetches the changed data
/// again. The first frame is `ready`, with the position after which events follow.
///
/// Clients send `{"type":"typing","conversation_id":…}` and `{"type":"ping"}`. Agents also send
/// `{"type":"viewing","ticket_id":…}`, with null when no ticket is open.
///
/// Close codes: 1001 the server stops; 1003 binary frame; 1009 frame too large; 4401 the session has ended;
/// 4408 the client is too slow; 4429 frames are too frequent; 4503 the database is unavailable.
///
/// Refusals: 400 if the log has not reached the position; 403 `origin_not_allowed`; 426 `upgrade_required`;
/// 429 `too_many_sockets`; 503 `busy`.
#[utoipa::path(
    get,
    path = "/live",
    tag = "live",
    params(LiveQuery),
    responses(
        (status = 101, description = "The WebSocket is open"),
        (status = "default", description = "Any other answer leaves the connection to HTTP"),
    ),
)]
pub async fn connect_live(
    State(app): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Query(LiveQuery { after }): Query<LiveQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Response> {
    // Browsers let every page open a socket and send the cookie.
    if caller.by_cookie {
        let settings = &app.settings;
        origin::check_origin(&headers, &settings.allowed_origins, settings.cookie_secure)
            .map_err(to_response)?;
    }
    if let Some(after) = after {
        check_position(&app, after).await.map_err(to_response)?;
    }
    let upgrade = upgrade.map_err(|_| {
        let mut response = Problem::new("upgrade_required").into_response();
        response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        response
    })?;
    let connection = app.live.register(caller.account_id, caller.session_id).map_err(|limit| {
        to_response(match limit {
            ConnectionLimit::Process => Problem::new("busy").retry_after(std::time::Duration::from_secs(5)),
            ConnectionLimit::Account => Problem::new("too_many_sockets"),
        })
    })?;
    let live = app.live.clone();
    Ok(upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_write_buffer_size(2 * MAX_MESSAGE_BYTES)
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .on_upgrade(move |socket| serve_socket(live, socket, connection, after)))
}

fn to_response(problem: Problem) -> Response {
    problem.into_response()
}

/// Refuses a position that the log has not reached: it is made up, or comes from another log.
async fn check_position(app: &App, after: Position) -> Result<(), Problem> {
    if after <= *app.bus.committed().borrow() || after <= domain::EventLog::head(app.bus.log()).await? {
        return Ok(());
    }
    Err(invalid_parameter("after", "beyond_the_log"))
}
