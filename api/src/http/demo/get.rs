//! `GET /demo`: returns the demo people, for a start page with one button for each role.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::app::AppState;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Demo people of the installation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Demo {
    /// One person of each role; empty unless the installation was started by `kafedra up --demo`.
    people: Vec<DemoSignIn>,
}

/// Credentials of a demo person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DemoSignIn {
    role: &'static str,
    #[schema(format = Email)]
    email: String,
    #[schema(format = Password)]
    password: String,
}

/// Returns the demo people of a demo installation.
///
/// Only `kafedra up --demo` has any. Their credentials are no secret: the command prints them.
#[utoipa::path(get, path = "/demo", tag = "demo", responses((status = 200, body = Demo)))]
pub async fn get_demo(State(app): State<AppState>, _: Query<NoFilter>) -> Result<Json<Demo>, Problem> {
    let people = app.demo_people.get().map(Vec::as_slice).unwrap_or_default();
    let people = people.iter().map(|person| DemoSignIn {
        role: person.role.as_str(),
        email: person.email.clone(),
        password: person.password.clone(),
    });
    Ok(Json(Demo { people: people.collect() }))
}
