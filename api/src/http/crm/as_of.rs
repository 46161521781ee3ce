//! Reads the lists of the CRM views as they are now, or as of an instant (`as_of`).

use domain::Position;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use jiff::Timestamp;
use projection_runtime::paging::QueryError;
use projections::crm::{CrmSnapshot, analytics};
use serde::Deserialize;
use sqlx::PgPool;

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

/// No source holds a connection: each page of a file begins its own snapshot, and a slow reader blocks nothing.
#[derive(Clone)]
enum ReadSource {
    Live(PgPool),
    Past(PgPool, analytics::AsOf),
}

impl CrmReadView {
    /// Waits until the read models have reached the positions of the caller and of `as_of`.
    /// Then checks that the source of the response is readable.
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
        let as_of = analytics::AsOf { instant, position };
        let first = CrmSnapshot::begin_as_of(&app.pool, as_of).await?;
        first.ok_or_else(|| Problem::new("projection_behind").retry_after(REBUILDING))?;
        let source = ReadSource::Past(app.pool.clone(), as_of);
        Ok(Self { source, now: now.min(instant), position: AsOfPosition(Some(position)) })
    }

    /// Begins the snapshot for the queries of one page.
    ///
    /// # Errors
    /// [`QueryError::Database`] without Postgres, or if the tables of the past are rebuilt between two pages.
    pub async fn acquire(&self) -> Result<CrmSnapshot, QueryError> {
        match &self.source {
            ReadSource::Live(pool) => Ok(CrmSnapshot::begin(pool).await?),
            ReadSource::Past(pool, as_of) => {
                let past = CrmSnapshot::begin_as_of(pool, *as_of).await?;
                Ok(past.ok_or_else(|| sqlx::Error::Protocol("the tables are being rebuilt".to_owned()))?)
            }
        }
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
