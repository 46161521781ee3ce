//! Reads the lists of the CRM views as they are now, or as of an instant (`as_of`).

use domain::Position;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use jiff::Timestamp;
use projection_runtime::paging::QueryError;
use projections::crm::{CrmSnapshot, analytics};
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::app::App;
use crate::http::freshness::MinPosition;
use crate::http::page::TimestampParam;
use crate::http::problem::Problem;

pub const X_AS_OF_POSITION: HeaderName = HeaderName::from_static("x-as-of-position");

/// `Retry-After` while newer code rebuilds the tables.
const REBUILDING: Duration = Duration::from_secs(10);

/// Query of routes that take no other parameter.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// Shows the state at this instant. `X-As-Of-Position` of the response is its position in the log.
    #[param(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<TimestampParam>,
}

/// Source of a response: live tables, or a snapshot as of a position.
#[derive(Clone)]
pub struct CrmReadView {
    source: ReadSource,
    /// Present time of the response: now, or the instant of `as_of`.
    pub now: Timestamp,
    pub position: AsOfPosition,
}

#[derive(Clone)]
enum ReadSource {
    Live(PgPool),
    /// One transaction; its readers wait for each other.
    Past(Arc<Mutex<CrmSnapshot>>),
}

/// Connection for the queries of one page.
pub enum ReadGuard {
    Live(CrmSnapshot),
    Past(OwnedMutexGuard<CrmSnapshot>),
}

impl ReadGuard {
    pub fn db(&mut self) -> &mut PgConnection {
        match self {
            ReadGuard::Live(snapshot) => snapshot.db(),
            ReadGuard::Past(snapshot) => snapshot.db(),
        }
    }
}

impl CrmReadView {
    /// Waits until the read models have reached the positions of the caller and of `as_of`.
    /// Then opens the source of the response.
    ///
    /// # Errors
    /// `projection_behind` (503) if a read model is late, or newer code rebuilds its tables.
    pub async fn open(
        app: &App,
        fresh: MinPosition,
        as_of: Option<TimestampParam>,
        models: &[&str],
    ) -> Result<Self, Problem> {
        let now = app.clock.now();
        let Some(TimestampParam(instant)) = as_of else {
            fresh.wait_for(app, models).await?;
            let source = ReadSource::Live(app.pool.clone());
            return Ok(Self { source, now, position: AsOfPosition(None) });
        };
        let position = app.bus.log().position_at(instant).await?;
        fresh.at_least(position).wait_for(app, &["crm_users", "crm_timeline", "tickets"]).await?;
        let past = CrmSnapshot::begin_as_of(&app.pool, analytics::AsOf { instant, position }).await?;
        let past = past.ok_or_else(|| Problem::new("projection_behind").retry_after(REBUILDING))?;
        let source = ReadSource::Past(Arc::new(Mutex::new(past)));
        Ok(Self { source, now: now.min(instant), position: AsOfPosition(Some(position)) })
    }

    /// Acquires a connection for the queries of one page.
    ///
    /// # Errors
    /// [`QueryError::Database`] without Postgres.
    pub async fn acquire(&self) -> Result<ReadGuard, QueryError> {
        Ok(match &self.source {
            ReadSource::Live(pool) => ReadGuard::Live(CrmSnapshot::begin(pool).await?),
            ReadSource::Past(past) => ReadGuard::Past(past.clone().lock_owned().await),
        })
    }
}

/// `X-As-Of-Position`: position of the last event in a response as of an instant.
#[derive(Clone, Copy, Debug)]
pub struct AsOfPosition(pub Option<Position>);

impl IntoResponseParts for AsOfPosition {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(position) = self.0 {
            parts.headers_mut().insert(X_AS_OF_POSITION, HeaderValue::from(position.0));
        }
        Ok(parts)
    }
}
