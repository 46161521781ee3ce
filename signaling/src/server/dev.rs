//! Development only: the page, its module, and tokens for anybody.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::node::Node;
use crate::protocol::{Grants, Role};
use crate::token::{Claims, MAX_LIFE};

const PAGE: &str = include_str!("../../page/index.html");
const MODULE: &str = include_str!("../../page/rtc.js");
const CONNECTION: &str = include_str!("../../page/connection.js");
const ROOM: &str = include_str!("../../page/room.js");

pub fn routes() -> Router<Arc<Node>> {
    let script = |text: &'static str| {
        get(async move || ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text))
    };
    Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/video-chat", get(async || Html(PAGE)))
        .route("/rtc.js", script(MODULE))
        .route("/connection.js", script(CONNECTION))
        .route("/room.js", script(ROOM))
        .route("/dev/token", post(token))
}

#[derive(Debug, Deserialize)]
struct TokenQuery {
    lesson: Uuid,
    participant: Option<Uuid>,
    #[serde(default)]
    name: String,
    role: Role,
    /// Seconds from now to the start and the end of the lesson.
    starts_in: Option<i64>,
    ends_in: Option<i64>,
    auto_admit: Option<bool>,
}

/// Answers like the endpoint of the API will.
async fn token(State(node): State<Arc<Node>>, Query(query): Query<TokenQuery>) -> Response {
    let now = node.now();
    let participant = query.participant.unwrap_or_else(|| node.ids.next());
    let placement = match node.cluster.place(query.lesson).await {
        Ok(placement) => placement,
        Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
    };
    let claims = Claims {
        id: node.ids.next(),
        node: placement.node,
        lesson: query.lesson,
        participant,
        name: query.name.chars().take(80).collect(),
        role: query.role,
        grants: Grants::of_role(query.role),
        starts_at: now + SignedDuration::from_secs(query.starts_in.unwrap_or(-300)),
        ends_at: now + SignedDuration::from_secs(query.ends_in.unwrap_or(3_300)),
        auto_admit: query.auto_admit.unwrap_or(true),
        issued_at: now,
        expires_at: now + MAX_LIFE,
    };
    let ice_servers = node.config.turn.credentials(query.lesson, participant, claims.ends_at);
    Json(json!({
        "url": placement.url,
        "token": node.key.sign(&claims),
        "expires_at": claims.expires_at,
        "ice_servers": ice_servers,
        "participant": participant,
    }))
    .into_response()
}
