//! `PUT /me/avatar`: replaces the picture of the caller.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::IntoResponse;
use domain::accounts::AccountCommand;
use domain::{Command, Dispatch, ObjectId};
use serde::Serialize;

use crate::app::{App, AppState};
use crate::http::accounts::view::avatar_url;
use crate::http::body::{Binary, read_bytes};
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::freshness::{ETag, LogPosition};
use crate::http::image::{AVATAR_PIXELS, re_encode};
use crate::http::problem::Problem;

/// Longer side of the stored picture, in pixels.
const KEPT_SIDE: u32 = 512;

/// Address of the picture.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AvatarView {
    url: String,
}

/// Replaces the picture of the caller.
///
/// The body is a PNG, JPEG or WebP picture of at most 10 MiB and 40 megapixels.
/// Refusals: 413 `body_too_large`; 422 `unreadable_image`, `image_too_large`.
#[utoipa::path(
    put,
    path = "/me/avatar",
    tag = "me",
    request_body(content = Binary, content_type = "application/octet-stream"),
    params(Invocation),
    responses((status = 200, body = AvatarView)),
)]
pub async fn put_avatar(
    State(app): State<AppState>,
    caller: Caller,
    invocation: Invocation,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let upload = read_bytes(body, app.settings.upload_limit_bytes).await?;
    let picture = re_encode(caller.account_id, upload, KEPT_SIDE, AVATAR_PIXELS).await?;
    let object_id = ObjectId(app.ids.next());
    sqlx::query!(
        "insert into objects.blobs (id, owner, content_type, bytes) values ($1, $2, $3, $4)",
        object_id.uuid(),
        caller.account_id.uuid(),
        picture.media_type,
        picture.bytes,
    )
    .execute(&app.pool)
    .await?;
    let command = AccountCommand::ChangeAvatar { object_id };
    let receipt =
        app.bus.dispatch(Command::Account(caller.account_id, command), invocation.context()).await?;
    delete_other_avatars(&app, &caller, object_id).await?;
    let avatar = AvatarView { url: avatar_url(object_id) };
    Ok((LogPosition(receipt.position), ETag(receipt.version()), Json(avatar)))
}

/// Deletes the older pictures of the caller.
async fn delete_other_avatars(app: &App, caller: &Caller, kept: ObjectId) -> Result<(), Problem> {
    sqlx::query!(
        "delete from objects.blobs where owner = $1 and id <> $2",
        caller.account_id.uuid(),
        kept.uuid(),
    )
    .execute(&app.pool)
    .await?;
    Ok(())
}
