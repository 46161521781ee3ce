//! `GET /me/export`: exports all stored data of the caller, decrypted, without credentials.

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::IntoResponse;
use domain::accounts::Account;
use domain::crm::CrmLink;
use domain::notifications::Inbox;
use domain::support::{Ticket, TicketEvent, welcome_ticket_id};
use domain::{Event, EventLog, Position, StreamId, StreamVersion};
use jiff::Timestamp;
use projections::support;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::app::AppState;
use crate::auth::session;
use crate::http::accounts::view::{AccountView, strip_personal_marks};
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::messaging::export::{ExportedConversation, export_conversations};
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;
use crate::http::scheduling::export as lessons;
use crate::http::scheduling::export::{ExportedBooking, ExportedSlot};

/// All stored data of the caller.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AccountExport {
    account: AccountView,
    sessions: Vec<ExportedSession>,
    /// Bookings of the caller as a student, with the caller's texts.
    bookings: Vec<ExportedBooking>,
    /// Slots that the caller offered as a teacher; of their students only the number.
    slots: Vec<ExportedSlot>,
    /// Conversations of the caller, with all their messages.
    conversations: Vec<ExportedConversation>,
    /// Events of the caller's own streams, in order of position.
    events: Vec<ExportedEvent>,
}

/// Session of the caller.
#[derive(Serialize, utoipa::ToSchema)]
struct ExportedSession {
    id: Uuid,
    user_agent: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Accurate to five minutes.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// An event of one of the caller's streams.
#[derive(Serialize, utoipa::ToSchema)]
struct ExportedEvent {
    #[schema(value_type = u64)]
    position: Position,
    stream_type: String,
    stream_id: String,
    r#type: String,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    #[schema(value_type = Object)]
    payload: Value,
}

/// Exports all stored data of the caller.
///
/// It has the account, its sessions, bookings, slots and conversations, and all events of its streams.
#[utoipa::path(get, path = "/me/export", tag = "me", params(MinPosition), responses((status = 200, body = AccountExport)))]
pub async fn export_me(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    fresh.wait_for(&app, &["slots", "tickets"]).await?;
    let id = caller.account_id;
    let mut tickets = support::tickets_of(&app.pool, id).await?;
    // The read model may not have this ticket yet.
    let welcome = welcome_ticket_id(id);
    if !tickets.contains(&welcome) {
        tickets.push(welcome);
    }
    let own = [StreamId::of::<Account>(id), StreamId::of::<CrmLink>(id), StreamId::of::<Inbox>(id)];
    let mut events = Vec::new();
    for stream in own.into_iter().chain(tickets.into_iter().map(StreamId::of::<Ticket>)) {
        let sealed = app.bus.log().read_stream(&stream, StreamVersion::START).await?;
        let recorded = app.bus.log().decode(&sealed).await?;
        let told = sealed.into_iter().zip(recorded).filter(|(_, recorded)| is_exported(&recorded.event));
        let sealed: Vec<_> = told.map(|(event, _)| event).collect();
        let payloads = app.bus.log().decrypt_payloads(&sealed).await?;
        events.extend(sealed.into_iter().zip(payloads).map(|(event, payload)| ExportedEvent {
            position: event.position,
            stream_type: event.stream.aggregate_type,
            stream_id: event.stream.aggregate_id,
            r#type: event.event_type,
            recorded_at: event.recorded_at,
            payload: strip_personal_marks(payload),
        }));
    }
    events.sort_by_key(|event| event.position);
    let sessions = session::list_for_account(&app.pool, id, app.clock.now(), None, i64::MAX).await?;
    let sessions = sessions
        .into_iter()
        .map(|session| ExportedSession {
            id: session.session_id.uuid(),
            user_agent: session.user_agent,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
        })
        .collect();
    let account = AccountView::load(&app.pool, &app.account(id).await?).await?;
    let disposition = [(CONTENT_DISPOSITION, "attachment; filename=\"kafedra-export.json\"")];
    let bookings = lessons::export_bookings(&app, id).await?;
    let slots = lessons::export_slots(&app, id).await?;
    let conversations = export_conversations(&app, id).await?;
    Ok((disposition, Json(AccountExport { account, sessions, bookings, slots, conversations, events })))
}

/// Excludes internal actions and notes of agents on a ticket.
fn is_exported(event: &Event) -> bool {
    let Event::Ticket(event) = event else { return true };
    match event {
        TicketEvent::TicketOpened { .. }
        | TicketEvent::PriorityChanged { .. }
        | TicketEvent::CategoryChanged { .. }
        | TicketEvent::TagsChanged { .. }
        | TicketEvent::ReplyAdded { .. }
        | TicketEvent::StatusChanged { .. }
        | TicketEvent::TicketReopened { .. }
        | TicketEvent::SatisfactionRated { .. } => true,
        TicketEvent::TicketAssigned { .. }
        | TicketEvent::TicketUnassigned { .. }
        | TicketEvent::InternalNoteAdded { .. }
        | TicketEvent::TicketMerged { .. }
        | TicketEvent::TicketUnmerged { .. }
        | TicketEvent::DuplicateReceived { .. }
        | TicketEvent::DuplicateReturned { .. }
        | TicketEvent::FirstResponseBreached { .. }
        | TicketEvent::ResolutionBreached { .. } => false,
    }
}
