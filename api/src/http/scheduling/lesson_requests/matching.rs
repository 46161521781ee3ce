//! `GET /lesson-requests/{id}/matching`: explains the search for teachers to staff.

use axum::Json;
use axum::extract::State;
use domain::scheduling::{LessonRequest, LessonRequestError, RequestStatus};
use domain::{AccountId, Reason, RefusalError, RequestId};
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::scheduling::names_of;
use projections::scheduling::requests::{exclusions, offers, request};
use serde::Serialize;

use super::list::READ_MODELS;
use super::view::preferred_locale;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, NoFilter, Page, PageInfo, PageParams};
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
    /// Instant at which the other matching teachers are asked; null if there are none.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_wave_at: Option<Timestamp>,
    included: Vec<OfferedTeacher>,
    /// Page of the considered teachers without an offer, in the order of their ids. `enough_others` stands for a
    /// teacher who matches and is asked in a later wave.
    excluded: Vec<ExcludedTeacher>,
    /// End of the page of `excluded`.
    page: PageInfo,
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
    /// Rules that the teacher does not meet at present.
    #[schema(value_type = Vec<Object>)]
    reasons: Vec<Reason>,
}

/// Explains the search for teachers of a request.
///
/// For each teacher it lists the rules that they meet or do not meet. `limit` and `cursor` are those of `excluded`, whose
/// reasons are those of the present. Only staff may read it.
///
/// Refusals: 404 `request_not_found`.
#[utoipa::path(
    get,
    path = "/lesson-requests/{id}/matching",
    tag = "lesson requests",
    params(MinPosition, PageParams, ("id" = uuid::Uuid, Path)),
    responses((status = 200, body = Matching)),
)]
pub async fn explain_lesson_request_matching(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    Path(id): Path<RequestId>,
    query: ListQuery<NoFilter>,
) -> Result<Json<Matching>, Problem> {
    fresh.wait_for(&app, READ_MODELS).await?;
    fresh.wait_for(&app, &["teacher_cards", "slots"]).await?;
    let row = request(&app.pool, id).await?.ok_or_else(|| LessonRequestError::NotFound.refusal())?;
    let offered = offers(&app.pool, &[id], None).await?;
    let loaded = app.bus.load::<LessonRequest>(id).await?;
    let opened = loaded.state.made().ok_or_else(|| LessonRequestError::NotFound.refusal())?;
    let Page { data: excluded, page } =
        Page::from_read_model(exclusions(&app.pool, opened, query.parse_cursor()?, query.limit).await?);
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
        next_wave_at: opened
            .next_wave_at
            .filter(|at| opened.status == RequestStatus::Open && *at > app.clock.now()),
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
        page,
    }))
}
