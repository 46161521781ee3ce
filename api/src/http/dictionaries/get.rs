//! `GET /dictionaries`: returns the codes of forms and filters, with their labels.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use domain::DICTIONARY;

use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Returns the closed lists of codes.
///
/// The lists are subjects, goals, grades and others. Each entry has `code`, `ru` and `en`.
#[utoipa::path(get, path = "/dictionaries", tag = "dictionaries", responses((status = 200, body = Object)))]
pub async fn get_dictionaries(_: Query<NoFilter>) -> Result<impl IntoResponse, Problem> {
    Ok(([(CACHE_CONTROL, "public, max-age=3600")], Json(DICTIONARY)))
}
