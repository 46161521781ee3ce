//! Tickets: endpoints 9 to 15.

mod change;
mod record;

use axum::extract::{Path, State};
use axum::routing::{get, post, put};
use axum::{Extension, Router};
use jiff::tz::TimeZone;

use crate::answer::{Refusal, Success};
use crate::crm::Crm;
use crate::faults::FaultPlan;
use crate::page::{Page, Query, matches_search};
use crate::reception::IdempotencyKey;
use crate::stats::{TicketStats, ticket_stats};
use crate::validate::JsonObject;
use change::TicketChange;
use record::{NOT_FOUND, ticket_id};
pub(crate) use record::{Ticket, TicketPriority, TicketStatus};

const STATUSES: &str = "open, in-progress, resolved, closed";
const PRIORITIES: &str = "low, medium, high, urgent";

pub(crate) fn routes() -> Router<Crm> {
    Router::new()
        .route("/tickets", post(create).get(list))
        .route("/tickets/stats", get(stats))
        .route("/tickets/{id}", get(show).put(update))
        .route("/tickets/{id}/status", put(set_status))
        .route("/tickets/{id}/assign", put(assign))
}

async fn create(
    State(crm): State<Crm>,
    Extension(fate): Extension<FaultPlan>,
    key: IdempotencyKey,
    object: JsonObject,
) -> Result<Success<Ticket>, Refusal> {
    let change = TicketChange::parse_creation(object)?;
    let now = crm.now();
    let mut inside = crm.lock();
    if let Some(first) = inside.tickets.created_by_key(key.as_deref()) {
        return Ok(Success(first.clone()));
    }
    let mut ticket = Ticket::new(inside.next_id(now), now);
    change.apply(&mut ticket, now);
    inside.tickets.put(ticket.clone(), key.0);
    if fate.is_doubled {
        let copy = Ticket { id: inside.next_id(now), ..ticket.clone() };
        inside.tickets.put(copy, None);
    }
    Ok(Success(ticket))
}

async fn list(State(crm): State<Crm>, mut query: Query) -> Result<Success<Page<Ticket>>, Refusal> {
    let search = query.search();
    let status: Option<TicketStatus> = query.word("status", STATUSES);
    let priority: Option<TicketPriority> = query.word("priority", PRIORITIES);
    let category = query.text("category");
    let user_id = query.text("userId");
    let assigned_to = query.text("assignedTo");
    let cut = query.finish()?;
    let inside = crm.lock();
    let selected = inside.tickets.iter().filter(|ticket| {
        status.is_none_or(|status| ticket.status == status)
            && priority.is_none_or(|priority| ticket.priority == priority)
            && category.as_ref().is_none_or(|category| ticket.category == *category)
            && user_id.as_ref().is_none_or(|user_id| ticket.created_by == *user_id)
            && (assigned_to.is_none() || ticket.assigned_to == assigned_to)
            && matches_search(search.as_deref(), ticket.texts())
    });
    Ok(Success(cut.page(selected)))
}

async fn stats(State(crm): State<Crm>) -> Success<TicketStats> {
    Success(ticket_stats(crm.lock().tickets.iter(), crm.now().to_zoned(TimeZone::UTC).date()))
}

async fn show(State(crm): State<Crm>, Path(id): Path<String>) -> Result<Success<Ticket>, Refusal> {
    let inside = crm.lock();
    let ticket = ticket_id(&id).and_then(|id| inside.tickets.get(id)).ok_or(NOT_FOUND)?;
    Ok(Success(ticket.clone()))
}

async fn update(
    State(crm): State<Crm>,
    Path(id): Path<String>,
    object: JsonObject,
) -> Result<Success<Ticket>, Refusal> {
    change(&crm, &id, TicketChange::parse_patch(object)?)
}

async fn set_status(
    State(crm): State<Crm>,
    Path(id): Path<String>,
    object: JsonObject,
) -> Result<Success<Ticket>, Refusal> {
    change(&crm, &id, TicketChange::parse_status(object)?)
}

async fn assign(
    State(crm): State<Crm>,
    Path(id): Path<String>,
    object: JsonObject,
) -> Result<Success<Ticket>, Refusal> {
    change(&crm, &id, TicketChange::parse_assignment(object)?)
}

fn change(crm: &Crm, id: &str, change: TicketChange) -> Result<Success<Ticket>, Refusal> {
    let now = crm.now();
    let mut inside = crm.lock();
    let ticket = ticket_id(id).and_then(|id| inside.tickets.get_mut(id)).ok_or(NOT_FOUND)?;
    change.apply(ticket, now);
    Ok(Success(ticket.clone()))
}
