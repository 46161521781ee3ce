//! Web client: its built files, and `index.html` for every address of a page.

use std::convert::Infallible;
use std::path::Path;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower::util::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};
use uuid::Uuid;

use super::middleware::content_policy_with;
use super::problem::Problem;
use crate::app::AppState;

/// Names of files in this folder contain a hash of their content.
const HASHED: &str = "/assets/";

const HOW_TO_BUILD: &str = "The web client is not built. Run `make client` and reload this page.\n\
                            The API is at /api/v1, its reference at /api/docs.\n";

/// Serves a file with a hashed name before all other middleware. It is the same for each reader, so it carries no ids,
/// limits and policies; a page needs some thirty of them, and a school behind one address needs them all at once.
pub async fn serve_hashed_file(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_read && request.uri().path().starts_with(HASHED) {
        let mut read = Request::new(Body::empty());
        *read.method_mut() = request.method().clone();
        *read.uri_mut() = request.uri().clone();
        *read.headers_mut() = request.headers().clone();
        if let Some(mut response) = find_file(&app.settings.web_dir, read).await {
            response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            return with_caching(response, "public, max-age=31536000, immutable");
        }
    }
    next.run(request).await
}

/// Serves a GET that no route of the API matches. Other methods and unknown paths of the API are 404.
pub async fn serve(State(app): State<AppState>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read || path == "/api" || path.starts_with("/api/") {
        return Problem::not_found().into_response();
    }
    let dir = &app.settings.web_dir;
    if !dir.join("index.html").is_file() {
        return explain_missing_build(&path);
    }
    let headers = request.headers().clone();
    match find_file(dir, request).await {
        Some(response) => with_caching(response, "no-cache"),
        None if is_file_name(&path) => Problem::not_found().into_response(),
        None => {
            let mut response = serve_index(dir, headers).await;
            allow_lesson_room(&app, &path, &mut response).await;
            response
        }
    }
}

fn explain_missing_build(path: &str) -> Response {
    if path == "/" {
        ([(CONTENT_TYPE, "text/plain; charset=utf-8")], HOW_TO_BUILD).into_response()
    } else {
        Problem::not_found().into_response()
    }
}

/// Returns the response with a file, or `None` if there is no such file.
async fn find_file(dir: &Path, request: Request) -> Option<Response> {
    let files =
        ServeDir::new(dir).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
    let response = to_response(files.oneshot(request).await);
    if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
        return None;
    }
    Some(response)
}

async fn serve_index(dir: &Path, headers: HeaderMap) -> Response {
    let file = ServeFile::new(dir.join("index.html")).precompressed_br().precompressed_gzip();
    let mut request = Request::new(Body::empty());
    *request.headers_mut() = headers;
    with_caching(to_response(file.oneshot(request).await), "no-cache")
}

/// Lets the page of a lesson room connect to the video node of that lesson. All other pages connect to no other
/// origin.
async fn allow_lesson_room(app: &AppState, path: &str, response: &mut Response) {
    let Some(lesson) = lesson_of_room(path) else { return };
    let Some(node) = app.video.place(lesson).await else { return };
    if let Some(policy) = origin_of(&node.url).and_then(|origin| content_policy_with(&origin)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
}

/// Returns the lesson of the page of a lesson room.
fn lesson_of_room(path: &str) -> Option<Uuid> {
    path.strip_prefix("/lessons/")?.strip_suffix("/room")?.parse().ok()
}

/// Returns scheme and authority of a URL.
fn origin_of(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    Some(format!("{}://{}", url.scheme_str()?, url.authority()?))
}

fn to_response<B>(result: Result<axum::http::Response<B>, Infallible>) -> Response
where
    axum::http::Response<B>: IntoResponse,
{
    match result {
        Ok(response) => response.into_response(),
        Err(never) => match never {},
    }
}

fn with_caching(mut response: Response, value: &'static str) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(value));
    response
}

/// Returns whether the last segment of the path has an ending. Addresses of pages have none.
fn is_file_name(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|segment| segment.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_of_a_lesson_room_may_connect_to_a_video_node() {
        let lesson = Uuid::from_u128(7);
        assert_eq!(lesson_of_room(&format!("/lessons/{lesson}/room")), Some(lesson));
        assert_eq!(lesson_of_room(&format!("/lessons/{lesson}")), None);
        assert_eq!(lesson_of_room("/lessons/x/room"), None);
        assert_eq!(origin_of("wss://rtc.school.example/rtc").as_deref(), Some("wss://rtc.school.example"));
        assert_eq!(origin_of("/rtc"), None);
        let policy = content_policy_with("ws://127.0.0.1:3002").expect("it is a header");
        assert!(
            policy
                .to_str()
                .expect("ASCII")
                .contains("connect-src 'self' ws://127.0.0.1:3002; frame-ancestors")
        );
    }

    #[test]
    fn an_address_of_a_page_is_not_the_name_of_a_file() {
        assert!(is_file_name("/assets/index-4f2a.js"));
        assert!(is_file_name("/favicon.svg"));
        assert!(!is_file_name("/teachers/01a22a12-2561-7415-ba4c-eb08b0cc80f7"));
        assert!(!is_file_name("/"));
    }
}
