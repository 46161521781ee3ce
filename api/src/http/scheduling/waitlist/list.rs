//! `GET /waitlist`: lists the caller's waitlist entries, with the reasons of their status.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::Locale;
use domain::{AccountId, BookingId, Reason, SlotId, WaitlistEntryId};
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::scheduling::{WaitlistEntryView, waitlist_entries_of};
use serde::{Deserialize, Serialize};

use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, parse_choice};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Filter of waitlist entries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WaitlistQuery {
    /// `waiting` (default): present entries, with or without an offer; `all`: also ended entries.
    status: Option<String>,
}

/// Waitlist entry of the caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = WaitlistEntry)]
pub struct OwnWaitlistEntry {
    #[schema(value_type = Uuid)]
    id: WaitlistEntryId,
    #[schema(value_type = Uuid)]
    slot_id: SlotId,
    #[schema(value_type = Option<Uuid>)]
    teacher_id: Option<AccountId>,
    teacher_name: Option<String>,
    subject: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    starts_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
    /// `waiting`, `offered`, `accepted`, `declined`, `expired` or `left`.
    status: String,
    /// Position in the waitlist, from 1; null once the entry has ended.
    position: Option<i64>,
    people_ahead: Option<i64>,
    /// Time until which the offered seat is held.
    #[schema(value_type = Option<String>, format = DateTime)]
    offer_expires_at: Option<Timestamp>,
    #[schema(value_type = Option<Uuid>)]
    booking_id: Option<BookingId>,
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Reasons of the status, with parameters: `first_in_line`, `people_ahead`, `seat_offered`,
    /// `offer_accepted`, `offer_declined`, `offer_expired`, `left` or `line_closed`.
    #[schema(value_type = Vec<Object>)]
    reasons: Vec<Reason>,
}

/// Lists the caller's waitlist entries, newest first.
#[utoipa::path(
    get,
    path = "/waitlist",
    tag = "waitlist",
    params(MinPosition, WaitlistQuery, PageParams),
    responses((status = 200, body = Page<OwnWaitlistEntry>)),
)]
pub async fn list_waitlist(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    query: ListQuery<WaitlistQuery>,
) -> Result<impl IntoResponse, Problem> {
    let parse = |text: &str| match text {
        "waiting" => Some(false),
        "all" => Some(true),
        _ => None,
    };
    let with_ended = parse_choice("status", query.filter.status.as_deref(), parse)?.unwrap_or(false);
    fresh.wait_for(&app, &["waitlist", "slots", "directory"]).await?;
    let page =
        waitlist_entries_of(&app.pool, caller.account_id, with_ended, query.parse_cursor()?, query.limit)
            .await?;
    Ok(Json(Page::from_read_model(page).map(|listed| OwnWaitlistEntry::from_entry(listed, request.language))))
}

impl OwnWaitlistEntry {
    pub(in crate::http) fn from_entry(listed: WaitlistEntryView, locale: Locale) -> Self {
        let reasons = vec![explain_entry(&listed)];
        let WaitlistEntryView { entry, teacher, .. } = listed;
        let in_line = entry.ended_at.is_none();
        Self {
            id: entry.entry_id,
            slot_id: entry.slot_id,
            teacher_id: teacher,
            teacher_name: teacher.map(|id| listed.teacher_name.unwrap_or_else(|| pseudonym(id, locale))),
            subject: listed.subject,
            starts_at: listed.starts_at,
            ends_at: listed.ends_at,
            position: in_line.then_some(listed.ahead + 1),
            people_ahead: in_line.then_some(listed.ahead),
            offer_expires_at: entry.offer_expires_at.filter(|_| in_line),
            status: entry.status,
            booking_id: entry.booking_id,
            joined_at: entry.joined_at,
            ended_at: entry.ended_at,
            reasons,
        }
    }
}

/// Explains the status of an entry; seats are offered strictly in order of joining.
fn explain_entry(listed: &WaitlistEntryView) -> Reason {
    let entry = &listed.entry;
    match (entry.status.as_str(), entry.offer_expires_at) {
        ("waiting", _) if listed.ahead == 0 => Reason::rule("first_in_line"),
        ("waiting", _) => Reason::rule("people_ahead")
            .with("ahead", listed.ahead)
            .with("with_an_offer", listed.ahead_offered),
        ("offered", Some(expires_at)) => Reason::rule("seat_offered").with("expires_at", expires_at),
        ("expired", Some(expires_at)) => Reason::rule("offer_expired").with("expired_at", expires_at),
        ("accepted", _) => Reason::rule("offer_accepted"),
        ("declined", _) => Reason::rule("offer_declined"),
        _ if entry.closed => Reason::rule("line_closed"),
        _ => Reason::rule("left"),
    }
}
