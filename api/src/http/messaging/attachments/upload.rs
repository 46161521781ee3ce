//! `POST /attachments`: uploads a file to be sent with a message.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::accounts::{Lines, bounded_text};
use domain::messaging::FILE_NAME_LIMIT;
use domain::{ObjectId, Reason};
use serde::Deserialize;

use super::content::{self, FileKind};
use super::store::{self, NewFile};
use crate::app::AppState;
use crate::http::body::{Binary, read_bytes};
use crate::http::caller::Caller;
use crate::http::image::{PICTURE_PIXELS, re_encode};
use crate::http::messaging::messages::view::{AttachmentView, attachment_url};
use crate::http::page::{Query, invalid_parameter};
use crate::http::problem::Problem;

/// Longest side of a stored image, in pixels: a photographed page stays readable.
const MAX_IMAGE_SIDE: u32 = 4_096;

/// Name of the file.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadAttachmentQuery {
    #[param(min_length = 1, max_length = 200)]
    name: String,
}

/// Uploads a file to be sent with a message.
///
/// The body is the file, up to 10 MiB. Allowed are PNG, JPEG and WebP images, PDF, plain text, office
/// documents, tables and presentations, and MP3 and Ogg audio. The server detects the kind by the content.
///
/// Images are encoded again without camera metadata. A file that is not sent within a day is deleted.
///
/// Refusals: 409 `too_many_uploads`; 413 `body_too_large`; 415 `unsupported_file`; 422 `unreadable_image`,
/// `image_too_large`; 422 if the body is empty; 429 `storage_used_up`.
#[utoipa::path(
    post,
    path = "/attachments",
    tag = "messages",
    params(UploadAttachmentQuery),
    request_body(content = Binary, content_type = "application/octet-stream"),
    responses((status = 201, body = AttachmentView)),
)]
pub async fn upload_attachment(
    State(app): State<AppState>,
    caller: Caller,
    Query(query): Query<UploadAttachmentQuery>,
    body: Body,
) -> Result<impl IntoResponse, Problem> {
    let name = bounded_text(strip_folders(&query.name), FILE_NAME_LIMIT, Lines::Single)
        .map_err(|error| invalid_parameter("name", error.code()))?;
    store::check_upload_limit(&app.pool, caller.account_id).await?;
    let upload = read_bytes(body, app.settings.upload_limit_bytes).await?;
    if upload.is_empty() {
        return Err(Problem::new("invalid_fields").with_field_error(Reason::field("", "empty")));
    }
    let (bytes, media_type, name) = match content::detect_kind(&upload) {
        None => return Err(Problem::new("unsupported_file")),
        Some(FileKind::Other(media_type)) => {
            let name = fit_extension(&name, media_type);
            (upload, media_type, name)
        }
        Some(FileKind::Image) => {
            let picture = re_encode(caller.account_id, upload, MAX_IMAGE_SIDE, PICTURE_PIXELS).await?;
            (picture.bytes, picture.media_type, fit_extension(&name, picture.media_type))
        }
    };
    let id = ObjectId(app.ids.next());
    let stored = NewFile { id, name: &name, media_type, bytes: &bytes };
    store::insert_file(&app.pool, caller.account_id, stored).await?;
    let view = AttachmentView {
        id,
        bytes: bytes.len() as u64,
        media_type: media_type.to_owned(),
        url: attachment_url(id),
        name,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Removes the folders from a name, with `/` and `\` as separators.
fn strip_folders(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Extensions of the media types that are taken; the first one is given to a name without one of them.
const EXTENSIONS: [(&str, &[&str]); 12] = [
    ("image/png", &["png"]),
    ("image/jpeg", &["jpg", "jpeg"]),
    ("application/pdf", &["pdf"]),
    ("text/plain; charset=utf-8", &["txt", "md"]),
    ("audio/ogg", &["ogg", "oga", "opus"]),
    ("audio/mpeg", &["mp3"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/vnd.oasis.opendocument.text", &["odt"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    ("application/vnd.oasis.opendocument.presentation", &["odp"]),
];

/// Changes the extension of a name to one of the media type, so that no file is run by its name.
fn fit_extension(name: &str, media_type: &str) -> String {
    let known = EXTENSIONS.iter().find(|(known, _)| *known == media_type);
    let fits = known.map_or(&["bin"][..], |(_, fits)| fits);
    let ending = fits[0];
    match name.rsplit_once('.') {
        Some((_, own)) if fits.iter().any(|known| own.eq_ignore_ascii_case(known)) => name.to_owned(),
        Some((stem, own)) if !stem.is_empty() && own.len() <= 5 => format!("{stem}.{ending}"),
        _ => {
            format!("{}.{ending}", name.chars().take(FILE_NAME_LIMIT - 1 - ending.len()).collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_called_by_what_it_became() {
        assert_eq!(fit_extension("доска.JPEG", "image/jpeg"), "доска.JPEG");
        assert_eq!(fit_extension("доска.webp", "image/jpeg"), "доска.jpg");
        assert_eq!(fit_extension("доска", "image/png"), "доска.png");
        let text = "text/plain; charset=utf-8";
        for program in ["run.hta", "x.lnk", "page.html", "run.bat", "run.docx"] {
            assert!(fit_extension(program, text).ends_with(".txt"), "{program}");
        }
        assert_eq!(fit_extension("заметки.md", text), "заметки.md");
        let document = EXTENSIONS[6].0;
        assert_eq!(fit_extension("homework.docm", document), "homework.docx");
        assert_eq!(strip_folders("C:\\Users\\anna\\доска.png"), "доска.png");
    }
}
