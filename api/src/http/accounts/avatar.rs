//! `PUT /me/avatar`, `GET /avatars/{object_id}`: a picture, decoded and drawn anew, so that nothing of
//! the upload but its pixels is kept.

use std::io::Cursor;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use domain::accounts::AccountCommand;
use domain::{Command, Dispatch, ObjectId};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader};
use serde::Serialize;
use tokio::sync::Semaphore;

use super::view::avatar_url;
use crate::app::{App, Shared};
use crate::http::caller::{Asking, Caller};
use crate::http::freshness::{LogPosition, Version};
use crate::http::path::Path;
use crate::http::problem::Problem;

/// Longer side of what is kept, in pixels.
const KEPT_SIDE: u32 = 512;
/// Most that is decoded: 40 megapixels are 160 MB for a moment, so one at a time.
const MAX_SIDE: u32 = 12_000;
const MAX_PIXELS: u64 = 40_000_000;
const MAX_ALLOC: u64 = 256 * 1024 * 1024;
static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);

/// Where the picture is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AvatarPlace {
    url: String,
}

/// Takes a PNG, JPEG or WebP picture as the body, up to 10 MiB and 40 megapixels.
/// Refusals: 413 `body_too_large`; 422 `unreadable_image`, `image_too_large`.
#[utoipa::path(
    put,
    path = "/me/avatar",
    tag = "me",
    request_body(content = Vec<u8>, content_type = "image/*"),
    responses((status = 200, body = AvatarPlace)),
)]
pub async fn put_avatar(
    State(app): State<Shared>,
    caller: Caller,
    asking: Asking,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let upload = collect(body, app.settings.upload_limit_bytes).await?;
    let turn = ONE_AT_A_TIME.acquire().await.map_err(|_| Problem::new("busy"))?;
    let (bytes, content_type) = tokio::task::spawn_blocking(move || {
        let redrawn = redraw(&upload);
        drop(turn);
        redrawn
    })
    .await
    .map_err(|_| Problem::new("unreadable_image"))??;
    let object_id = ObjectId(app.ids.next());
    sqlx::query!(
        "insert into objects.blobs (id, owner, content_type, bytes) values ($1, $2, $3, $4)",
        object_id.uuid(),
        caller.account_id.uuid(),
        content_type,
        bytes,
    )
    .execute(&app.pool)
    .await?;
    let command = AccountCommand::ChangeAvatar { object_id };
    let receipt = app.bus.dispatch(Command::Account(caller.account_id, command), asking.context()).await?;
    forget_others(&app, &caller, object_id).await?;
    let place = AvatarPlace { url: avatar_url(object_id) };
    Ok((LogPosition(receipt.position), Version(receipt.version()), Json(place)))
}

/// A picture of somebody. Its address changes with the picture.
#[utoipa::path(
    get,
    path = "/avatars/{object_id}",
    tag = "me",
    params(("object_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg")),
)]
pub async fn avatar(
    State(app): State<Shared>,
    Path(object_id): Path<ObjectId>,
) -> Result<impl IntoResponse, Problem> {
    let found = sqlx::query!("select content_type, bytes from objects.blobs where id = $1", object_id.uuid())
        .fetch_optional(&app.pool)
        .await?
        .ok_or_else(Problem::not_found)?;
    let headers =
        [(CONTENT_TYPE, found.content_type), (CACHE_CONTROL, "public, max-age=604800, immutable".to_owned())];
    Ok((headers, found.bytes))
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new("body_too_large")),
        Err(_) => Err(Problem::new("malformed_request")),
    }
}

/// Decodes, turns as the camera was held, makes small, encodes.
fn redraw(upload: &[u8]) -> Result<(Vec<u8>, &'static str), Problem> {
    let unreadable = |error: ImageError| match error {
        ImageError::Limits(_) => Problem::new("image_too_large"),
        _ => Problem::new("unreadable_image"),
    };
    let mut reader = ImageReader::new(Cursor::new(upload))
        .with_guessed_format()
        .map_err(|_| Problem::new("unreadable_image"))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Problem::new("image_too_large"));
    }
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if width > KEPT_SIDE || height > KEPT_SIDE {
        picture = picture.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    picture.apply_orientation(orientation);
    let mut bytes = Vec::new();
    if picture.color().has_alpha() {
        let picture = DynamicImage::ImageRgba8(picture.to_rgba8());
        picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).map_err(unreadable)?;
        Ok((bytes, "image/png"))
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, 85);
        picture.to_rgb8().write_with_encoder(encoder).map_err(unreadable)?;
        Ok((bytes, "image/jpeg"))
    }
}

/// Only the newest picture is kept.
async fn forget_others(app: &App, caller: &Caller, kept: ObjectId) -> Result<(), Problem> {
    sqlx::query!(
        "delete from objects.blobs where owner = $1 and id <> $2",
        caller.account_id.uuid(),
        kept.uuid(),
    )
    .execute(&app.pool)
    .await?;
    Ok(())
}
