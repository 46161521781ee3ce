//! `POST /attachments`: a file, to be sent with a message.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::{Lines, bounded_text};
use domain::messaging::FILE_NAME_LIMIT;
use domain::{ObjectId, Reason};
use serde::Deserialize;

use super::content::{self, Content};
use super::store::{self, Stored};
use crate::app::Shared;
use crate::http::body::collect;
use crate::http::caller::Caller;
use crate::http::image::redrawn;
use crate::http::messaging::messages::view::{AttachmentView, attachment_url};
use crate::http::page::{Query, parameter};
use crate::http::problem::Problem;

/// Longer side of a picture that is kept, in pixels: a photographed page stays readable.
const KEPT_SIDE: u32 = 4_096;

/// What the file is called.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Called {
    #[param(min_length = 1, max_length = 200)]
    name: String,
}

/// Takes a file as the body, up to 10 MiB: a PNG, JPEG or WebP picture, PDF, plain text, a document, table
/// or presentation of an office program, MP3 or Ogg sound; its content says which. Pictures are drawn anew,
/// without what a camera writes into them. What is not sent within a day is forgotten.
/// Refusals: 409 `too_many_uploads`; 413 `body_too_large`; 415 `unsupported_file`; 422 `unreadable_image`,
/// `image_too_large`.
#[utoipa::path(
    post,
    path = "/attachments",
    operation_id = "upload_attachment",
    tag = "messages",
    params(Called),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = AttachmentView)),
)]
pub async fn upload(
    State(app): State<Shared>,
    caller: Caller,
    Query(called): Query<Called>,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let name = bounded_text(last_part(&called.name), FILE_NAME_LIMIT, Lines::Single)
        .map_err(|error| parameter("name", error.code()))?;
    store::expect_room(&app.pool, caller.account_id).await?;
    let upload = collect(body, app.settings.upload_limit_bytes).await?;
    if upload.is_empty() {
        return Err(Problem::new("invalid_fields").at(Reason::field("", "empty")));
    }
    let (bytes, media_type, name) = match content::of(&upload) {
        None => return Err(Problem::new("unsupported_file")),
        Some(Content::File(media_type)) => (upload, media_type, name),
        Some(Content::Picture) => {
            let picture = redrawn(upload, KEPT_SIDE).await?;
            (picture.bytes, picture.media_type, named_after(&name, picture.media_type))
        }
    };
    let id = ObjectId(app.ids.next());
    let stored = Stored { id, name: &name, media_type, bytes: &bytes };
    store::keep(&app.pool, caller.account_id, stored).await?;
    let view = AttachmentView {
        id,
        bytes: bytes.len() as u64,
        media_type: media_type.to_owned(),
        url: attachment_url(id),
        name,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Without folders, of whatever system.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// A picture that was drawn anew may be of another sort than its name says.
fn named_after(name: &str, media_type: &str) -> String {
    let (fits, ending): (&[&str], _) =
        if media_type == "image/png" { (&["png"], "png") } else { (&["jpg", "jpeg"], "jpg") };
    match name.rsplit_once('.') {
        Some((_, own)) if fits.iter().any(|known| own.eq_ignore_ascii_case(known)) => name.to_owned(),
        Some((stem, own)) if !stem.is_empty() && own.len() <= 5 => format!("{stem}.{ending}"),
        _ => format!("{}.{ending}", name.chars().take(FILE_NAME_LIMIT - 4).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_called_by_what_it_became() {
        assert_eq!(named_after("доска.JPEG", "image/jpeg"), "доска.JPEG");
        assert_eq!(named_after("доска.webp", "image/jpeg"), "доска.jpg");
        assert_eq!(named_after("доска", "image/png"), "доска.png");
        assert_eq!(last_part("C:\\Users\\anna\\доска.png"), "доска.png");
    }
}
