//! Users: endpoints 1 to 8.

mod change;
mod record;
mod store;

use axum::extract::{Path, State};
use axum::routing::{get, post, put};
use axum::{Extension, Router};
use jiff::tz::TimeZone;

use crate::answer::{Refusal, Success};
use crate::crm::Crm;
use crate::faults::FaultPlan;
use crate::page::{Page, Query, matches_search};
use crate::reception::IdempotencyKey;
use crate::stats::{UserStats, user_stats};
use crate::tickets::Ticket;
use crate::validate::JsonObject;
use change::UserChange;
use record::{NOT_FOUND, STATUSES, TYPES, user_id};
pub(crate) use record::{User, UserStatus, UserType};
pub(crate) use store::Users;

pub(crate) fn routes() -> Router<Crm> {
    Router::new()
        .route("/users", post(create).get(list))
        .route("/users/stats", get(stats))
        .route("/users/{id}", get(show).put(update).delete(remove))
        .route("/users/{id}/status", put(set_status))
        .route("/users/{id}/tickets", get(tickets))
}

async fn create(
    State(crm): State<Crm>,
    Extension(fate): Extension<FaultPlan>,
    key: IdempotencyKey,
    object: JsonObject,
) -> Result<Success<User>, Refusal> {
    let change = UserChange::parse_creation(object)?;
    let now = crm.now();
    let mut inside = crm.lock();
    if let Some(first) = inside.users.created_by_key(key.as_deref()) {
        return Ok(Success(first.clone()));
    }
    let mut user = User::new(inside.next_id(now), now);
    change.apply(&mut user);
    if inside.users.has_email(&user.email) {
        return Err(Refusal::EmailTaken);
    }
    inside.users.put(user.clone(), key.0);
    if fate.is_doubled {
        let copy = User { id: inside.next_id(now), ..user.clone() };
        inside.users.put(copy, None);
    }
    Ok(Success(user))
}

async fn list(State(crm): State<Crm>, mut query: Query) -> Result<Success<Page<User>>, Refusal> {
    let search = query.search();
    let kind: Option<UserType> = query.word("type", TYPES);
    let status: Option<UserStatus> = query.word("status", STATUSES);
    let cut = query.finish()?;
    let inside = crm.lock();
    let selected = inside.users.iter().filter(|user| {
        kind.is_none_or(|kind| user.r#type == kind)
            && status.is_none_or(|status| user.status == status)
            && matches_search(search.as_deref(), [user.name.as_str(), &user.email, &user.phone])
    });
    Ok(Success(cut.page(selected)))
}

async fn stats(State(crm): State<Crm>) -> Success<UserStats> {
    Success(user_stats(crm.lock().users.iter(), crm.now().to_zoned(TimeZone::UTC).date()))
}

async fn show(State(crm): State<Crm>, Path(id): Path<String>) -> Result<Success<User>, Refusal> {
    let inside = crm.lock();
    let user = user_id(&id).and_then(|id| inside.users.get(id)).ok_or(NOT_FOUND)?;
    Ok(Success(user.clone()))
}

async fn update(
    State(crm): State<Crm>,
    Path(id): Path<String>,
    object: JsonObject,
) -> Result<Success<User>, Refusal> {
    let change = UserChange::parse_patch(object)?;
    crm.lock().users.change(&id, change).map(Success)
}

async fn remove(State(crm): State<Crm>, Path(id): Path<String>) -> Result<Success<()>, Refusal> {
    let mut inside = crm.lock();
    user_id(&id).and_then(|id| inside.users.remove(id)).ok_or(NOT_FOUND)?;
    Ok(Success(()))
}

async fn set_status(
    State(crm): State<Crm>,
    Path(id): Path<String>,
    object: JsonObject,
) -> Result<Success<User>, Refusal> {
    let change = UserChange::parse_status(object)?;
    crm.lock().users.change(&id, change).map(Success)
}

/// Tickets that name `id` as their creator.
/// The platform creates tickets under its own account ids (`createdBy`), so an id without a user but with
/// tickets is answered too.
async fn tickets(State(crm): State<Crm>, Path(id): Path<String>) -> Result<Success<Vec<Ticket>>, Refusal> {
    let inside = crm.lock();
    let theirs: Vec<Ticket> =
        inside.tickets.iter().filter(|ticket| ticket.created_by == id).cloned().collect();
    let is_user = user_id(&id).is_some_and(|id| inside.users.get(id).is_some());
    if theirs.is_empty() && !is_user { Err(NOT_FOUND) } else { Ok(Success(theirs)) }
}
