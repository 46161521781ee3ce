//! The circuit breaker that all OS processes share: the state machine, stored in one row.

use std::sync::Arc;

use domain::Clock;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};

use crate::circuit::{Circuit, CircuitPolicy, Permit, Signal};

/// The circuit breaker in `process.crm_circuit`. All methods fail with [`sqlx::Error`] if the database is
/// unavailable.
pub(crate) struct Breaker {
    pool: PgPool,
    clock: Arc<dyn Clock>,
    policy: CircuitPolicy,
}

impl Breaker {
    pub fn new(pool: PgPool, clock: Arc<dyn Clock>, policy: CircuitPolicy) -> Self {
        Self { pool, clock, policy }
    }

    /// Asks whether a call may be made now. Usually it reads one row and writes none.
    pub async fn permit(&self) -> Result<Permit, sqlx::Error> {
        if matches!(self.state().await?, Circuit::Closed { .. }) {
            return Ok(Permit::Go);
        }
        let mut db = self.pool.begin().await?;
        let before = load_for_update(&mut db).await?;
        let (after, permit) = before.permit(self.clock.now(), &self.policy);
        save(&mut db, before, after, self.clock.now()).await?;
        db.commit().await?;
        Ok(permit)
    }

    /// Records the result of a call.
    pub async fn record(&self, signal: Signal) -> Result<(), sqlx::Error> {
        if signal == Signal::Alive && self.state().await? == Circuit::NEW {
            return Ok(());
        }
        let mut db = self.pool.begin().await?;
        let before = load_for_update(&mut db).await?;
        let after = before.after(signal, self.clock.now(), &self.policy);
        save(&mut db, before, after, self.clock.now()).await?;
        db.commit().await
    }

    /// Closes the breaker, because the CRM has answered a manual call.
    pub async fn close(&self) -> Result<(), sqlx::Error> {
        let mut db = self.pool.begin().await?;
        let before = load_for_update(&mut db).await?;
        save(&mut db, before, Circuit::NEW, self.clock.now()).await?;
        db.commit().await
    }

    /// Loads the present state.
    pub async fn state(&self) -> Result<Circuit, sqlx::Error> {
        let row = sqlx::query!(
            r#"select state, failures, until as "until: jiff_sqlx::Timestamp" from process.crm_circuit"#
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(parse_circuit(&row.state, row.failures, row.until))
    }
}

async fn load_for_update(db: &mut PgConnection) -> Result<Circuit, sqlx::Error> {
    let row = sqlx::query!(
        r#"select state, failures, until as "until: jiff_sqlx::Timestamp" from process.crm_circuit for update"#
    )
    .fetch_one(db)
    .await?;
    Ok(parse_circuit(&row.state, row.failures, row.until))
}

async fn save(
    db: &mut PgConnection,
    before: Circuit,
    after: Circuit,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    if before == after {
        return Ok(());
    }
    let (count, until) = match after {
        Circuit::Closed { failures } => (failures, None),
        Circuit::Open { until, openings } => (openings, Some(until)),
        Circuit::HalfOpen { probe_until, openings } => (openings, Some(probe_until)),
    };
    if before.as_str() != after.as_str() {
        tracing::info!(from = before.as_str(), to = after.as_str(), "circuit breaker of the CRM changed");
    }
    sqlx::query!(
        "update process.crm_circuit set state = $1, failures = $2, until = $3, updated_at = $4",
        after.as_str(),
        i32::try_from(count).unwrap_or(i32::MAX),
        until.map(|until| until.to_sqlx()) as _,
        now.to_sqlx() as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

fn parse_circuit(state: &str, count: i32, until: Option<jiff_sqlx::Timestamp>) -> Circuit {
    let count = u32::try_from(count).unwrap_or(0);
    match (state, until.map(jiff_sqlx::Timestamp::to_jiff)) {
        ("open", Some(until)) => Circuit::Open { until, openings: count },
        ("half_open", Some(probe_until)) => Circuit::HalfOpen { probe_until, openings: count },
        _ => Circuit::Closed { failures: count },
    }
}
