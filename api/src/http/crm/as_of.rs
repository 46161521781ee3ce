//! `as_of`: whether the lists of the CRM are read as they are, or as they were.

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

/// After which time it is worth asking again.
const REBUILDING: Duration = Duration::from_secs(10);

/// Of routes that take nothing else.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// Shows everything as it was at this instant; `X-As-Of-Position` of the answer says where in the log.
    #[param(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<TimestampParam>,
}

/// Whence an answer is read.
#[derive(Clone)]
pub struct CrmReadView {
    source: ReadSource,
    /// The present of the answer: now, or the instant that is asked for.
    pub now: Timestamp,
    pub position: AsOfPosition,
}

#[derive(Clone)]
enum ReadSource {
    Live(PgPool),
    /// One transaction, whose readers take turns.
    Past(Arc<Mutex<CrmSnapshot>>),
}

/// Where the questions of one page are asked.
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
    /// Waits until the read models of the answer are where the caller wants them, and at the position asked for.
    ///
    /// # Errors
    /// One is not, in time, or its tables are just made anew by newer code: 503 `projection_behind`.
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

    /// Where to ask.
    ///
    /// # Errors
    /// The database is away.
    pub async fn acquire(&self) -> Result<ReadGuard, QueryError> {
        Ok(match &self.source {
            ReadSource::Live(pool) => ReadGuard::Live(CrmSnapshot::begin(pool).await?),
            ReadSource::Past(past) => ReadGuard::Past(past.clone().lock_owned().await),
        })
    }
}

/// `X-As-Of-Position`: of the last event that the answer knows of, where an instant was asked for.
#[derive(Clone, Copy, Debug)]
pub struct AsOfPosition(pub Option<u64>);

impl IntoResponseParts for AsOfPosition {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(position) = self.0 {
            parts.headers_mut().insert(X_AS_OF_POSITION, HeaderValue::from(position));
        }
        Ok(parts)
    }
}
