//! `GET /lesson-requests/{id}/matching`: explains the search for teachers to staff.

use axum::Json;
use axum::extract::State;
use domain::scheduling::LessonRequestError;
use domain::{AccountId, Reason, RefusalError, RequestId};
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::scheduling::names_of;
use projections::scheduling::requests::{offers, request};
use serde::Serialize;

use super::list::READ_MODELS;
use super::view::preferred_locale;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Result of the search for teachers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Matching {
    #[schema(value_type = uuid::Uuid)]
    request_id: RequestId,
    /// Version of the rules in the last search; null until the search has ended.
    rules_version: Option<i16>,
    /// Number of teachers of the subject who accept lesson requests.
    considered: Option<i32>,
    included: Vec<OfferedTeacher>,
    /// Considered teachers without an offer; a long list is cut.
    excluded: Vec<ExcludedTeacher>,
}

/// Teacher with an offer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OfferedTeacher {
    #[schema(value_type = uuid::Uuid)]
    teacher_id: AccountId,
    teacher_name: String,
    #[schema(value_type = String, format = DateTime)]
    offered_at: Timestamp,
    declined: bool,
    rules_version: i16,
    /// Rules that the teacher meets.
    #[schema(value_type = Vec<Object>)]
    reasons: Vec<Reason>,
}

/// Teacher who does not match.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExcludedTeacher {
    #[schema(value_type = uuid::Uuid)]
    teacher_id: AccountId,
    teacher_name: String,
    /// Rules that the teacher does not meet.
    #[schema(value_type = Vec<Object>)]
    reasons: Vec<Reason>,
}

/// Explains the search for teachers of a request.
///
/// For each teacher it lists the rules that they meet or do not meet. Only staff may read it.
///
/// Refusals: 404 `request_not_found`.
#[utoipa::path(
    get,
    path = "/lesson-requests/{id}/matching",
    tag = "lesson requests",
    params(MinPosition, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Matching)),
)]
pub async fn explain_lesson_request_matching(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<RequestId>,
    _: Query<NoFilter>,
) -> Result<Json<Matching>, Problem> {
    fresh.wait_for(&app, READ_MODELS).await?;
    let row = request(&app.pool, id).await?.ok_or_else(|| LessonRequestError::NotFound.refusal())?;
    let offered = offers(&app.pool, &[id], None).await?;
    let excluded = row.left_out.0;
    let people: Vec<AccountId> = offered
        .iter()
        .map(|offer| offer.teacher)
        .chain(excluded.iter().map(|teacher| teacher.teacher))
        .collect();
    let names = names_of(&app.pool, &people).await?;
    let name = |teacher: AccountId| {
        names
            .get(&teacher)
            .cloned()
            .flatten()
            .unwrap_or_else(|| pseudonym(teacher, preferred_locale(&caller)))
    };
    Ok(Json(Matching {
        request_id: id,
        rules_version: row.rules_version,
        considered: row.considered,
        included: offered
            .into_iter()
            .map(|offer| OfferedTeacher {
                teacher_id: offer.teacher,
                teacher_name: name(offer.teacher),
                offered_at: offer.offered_at,
                declined: offer.declined,
                rules_version: offer.rules_version,
                reasons: offer.reasons.0,
            })
            .collect(),
        excluded: excluded
            .into_iter()
            .map(|left_out| ExcludedTeacher {
                teacher_id: left_out.teacher,
                teacher_name: name(left_out.teacher),
                reasons: left_out.reasons,
            })
            .collect(),
    }))
}
