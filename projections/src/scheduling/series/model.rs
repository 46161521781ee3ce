//! Read model `series`, table `app.series`.

use std::collections::HashMap;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{AvailabilitySeries, SeriesEvent};
use domain::{Event, RecordedEvent, SeriesId};
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::SeriesRow;

/// Read model that writes `app.series`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SeriesReadModel;

#[async_trait]
impl ReadModel for SeriesReadModel {
    fn name(&self) -> &'static str {
        "series"
    }

    fn version(&self) -> i32 {
        2
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.series"]
    }

    /// Handles accounts too, because erasure deletes the series of a teacher.
    fn handles(&self, aggregate_type: &str) -> bool {
        [AvailabilitySeries::TYPE, Account::TYPE].contains(&aggregate_type)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut before = Vec::new();
        let mut erased = Vec::new();
        for recorded in events {
            match &recorded.event {
                Event::Series(SeriesEvent::SeriesDefined { .. }) => {}
                Event::Series(_) => before.push(series_id(recorded)?.uuid()),
                Event::Account(AccountEvent::AccountErased { account_id, .. }) => {
                    erased.push(account_id.uuid());
                }
                _ => {}
            }
        }
        let mut rows = load(db, &before).await?;
        for recorded in events {
            if let Event::Series(event) = &recorded.event {
                apply_event(&mut rows, series_id(recorded)?, event, recorded);
            }
        }
        rows.retain(|_, row| !erased.contains(&row.teacher.uuid()));
        save(db, rows.values().collect()).await?;
        delete_series(db, &erased).await
    }
}

fn series_id(event: &RecordedEvent) -> Result<SeriesId, ApplyError> {
    event.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: event.position,
        reason: "the stream's id is not a series id".to_owned(),
    })
}

/// Applies one event to the rows; the aggregate itself applies the event to the rules.
fn apply_event(
    rows: &mut HashMap<SeriesId, SeriesRow>,
    id: SeriesId,
    event: &SeriesEvent,
    recorded: &RecordedEvent,
) {
    let old = rows.get(&id);
    let mut series = match old {
        Some(row) => AvailabilitySeries::Defined(Box::new(row.state.clone())),
        None => AvailabilitySeries::Undefined,
    };
    series.apply(event.clone());
    let AvailabilitySeries::Defined(state) = series else { return };
    let (opened, defined_at) = match old {
        Some(row) => (row.opened, row.defined_at),
        None => (0, recorded.recorded_at),
    };
    let mut row = SeriesRow {
        series_id: id,
        teacher: state.teacher,
        ended_from: state.ended_from,
        skipped: state.skipped.iter().copied().collect(),
        state: *state,
        opened,
        defined_at,
        version: recorded.sequence,
    };
    if let SeriesEvent::SeriesExtended { opened, .. } = event {
        row.opened = row.opened.saturating_add_unsigned(*opened);
    }
    rows.insert(id, row);
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<SeriesId, SeriesRow>, ApplyError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_scalar!(
        r#"select to_jsonb(s) as "row!: Json<SeriesRow>" from series s where series_id = any($1)"#,
        ids,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|Json(row)| (row.series_id, row)).collect())
}

async fn save(db: &mut PgConnection, rows: Vec<&SeriesRow>) -> Result<(), ApplyError> {
    if !rows.is_empty() {
        sqlx::query_file!("src/scheduling/series/save.sql", Json(&rows) as _).execute(db).await?;
    }
    Ok(())
}

async fn delete_series(db: &mut PgConnection, erased: &[Uuid]) -> Result<(), ApplyError> {
    if !erased.is_empty() {
        sqlx::query!("delete from series where teacher = any($1)", erased).execute(db).await?;
    }
    Ok(())
}
