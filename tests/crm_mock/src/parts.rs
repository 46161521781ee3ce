//! Parts of the contract: a CRM that serves only some of it answers all else with an HTML page.

use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use clap::ValueEnum;
use serde::Deserialize;

/// Part of the contract that an older CRM may serve by itself. `/health` is always served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// `POST /users` and `GET /users`.
    Users,
    /// `POST /tickets` and `GET /tickets`.
    Tickets,
    /// `GET /users/stats` and `GET /tickets/stats`.
    Stats,
}

impl Part {
    fn serves(self, method: &Method, path: &str) -> bool {
        let is_collection = method == Method::GET || method == Method::POST;
        match self {
            Part::Users => is_collection && path == "/users",
            Part::Tickets => is_collection && path == "/tickets",
            Part::Stats => method == Method::GET && matches!(path, "/users/stats" | "/tickets/stats"),
        }
    }
}

/// Returns whether a CRM with these parts serves a path below `/api`.
pub(crate) fn is_served(parts: &[Part], method: &Method, path: &str) -> bool {
    path == "/health" || parts.iter().any(|part| part.serves(method, path))
}

/// Page of a web server that does not know the path.
pub(crate) fn unknown_path() -> Response {
    let page = "<!DOCTYPE html><html><head><title>Error</title></head><body><pre>Cannot serve the path</pre></body></html>";
    (StatusCode::NOT_FOUND, Html(page)).into_response()
}
