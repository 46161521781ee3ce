//! `GET /avatars/{object_id}`: the picture of an account.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::ObjectId;

use crate::app::AppState;
use crate::http::body::Binary;
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Returns the picture of an account.
///
/// The address changes with the picture. A browser keeps it for an hour, so that an erased person's picture is soon
/// gone from caches.
#[utoipa::path(
    get,
    path = "/avatars/{object_id}",
    tag = "me",
    params(("object_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Binary, content_type = "image/jpeg")),
)]
pub async fn get_avatar(
    State(app): State<AppState>,
    Path(object_id): Path<ObjectId>,
) -> Result<impl IntoResponse, Problem> {
    let found = sqlx::query!("select content_type, bytes from objects.blobs where id = $1", object_id.uuid())
        .fetch_optional(&app.pool)
        .await?
        .ok_or_else(Problem::not_found)?;
    let headers =
        [(CONTENT_TYPE, found.content_type), (CACHE_CONTROL, "private, max-age=3600, immutable".to_owned())];
    Ok((headers, found.bytes))
}
