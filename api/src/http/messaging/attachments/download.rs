//! `GET /attachments/{id}`: downloads an attachment.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::IntoResponse;
use domain::ObjectId;

use super::store;
use crate::app::AppState;
use crate::http::body::Binary;
use crate::http::caller::Caller;
use crate::http::messaging::messages::lookup::load_visible_message;
use crate::http::page::{NoFilter, Query};
use crate::http::path::Path;
use crate::http::problem::Problem;

const NOSNIFF: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));

/// Downloads an attachment.
///
/// The uploader and the people who can read its message may download it. The response is always a file to
/// save, never a page to display.
///
/// Refusals: 404 `not_found`.
#[utoipa::path(
    get,
    path = "/attachments/{id}",
    tag = "messages",
    params(("id" = Uuid, Path)),
    responses((status = 200, content(
        (Binary = "image/jpeg"),
        (Binary = "image/png"),
        (Binary = "application/pdf"),
        (Binary = "audio/mpeg"),
        (Binary = "audio/ogg"),
        (Binary = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (Binary = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Binary = "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        (Binary = "application/vnd.oasis.opendocument.text"),
        (Binary = "application/vnd.oasis.opendocument.spreadsheet"),
        (Binary = "application/vnd.oasis.opendocument.presentation"),
        (String = "text/plain"),
    ))),
)]
pub async fn download_attachment(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<ObjectId>,
    _: Query<NoFilter>,
) -> Result<impl IntoResponse, Problem> {
    let ownership = store::find_ownership(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    let is_seen = match ownership.message_id {
        None => ownership.owner == caller.account_id,
        // A different answer would reveal to outsiders that the file exists.
        Some(message_id) => match load_visible_message(&app, message_id, caller.account_id).await {
            Ok(row) => row.attachments.iter().any(|attachment| attachment.object_id == id),
            // A participant who has left keeps access to files that they sent.
            Err(problem) if problem.status.as_u16() == 404 => ownership.owner == caller.account_id,
            Err(problem) => return Err(problem),
        },
    };
    if !is_seen {
        return Err(Problem::not_found());
    }
    let file = store::load_file(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    let headers = [
        (CONTENT_TYPE, header_value(&file.media_type)),
        (CONTENT_DISPOSITION, header_value(&content_disposition(&file.name))),
        (CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600, immutable")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        NOSNIFF,
    ];
    Ok((headers, file.bytes))
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// Builds the `Content-Disposition` header: the name in the form of RFC 8187, and in ASCII for older
/// programs.
fn content_disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_not_leave_its_header() {
        let disposition = content_disposition("зад\"ача\r\n.pdf");
        assert!(disposition.is_ascii() && !disposition.contains(['\r', '\n']));
        assert!(disposition.starts_with("attachment; filename=\"___") && disposition.ends_with("%0D%0A.pdf"));
    }
}
