//! A database for one test, with every read model applied as the runner applies it.

use domain::RecordedEvent;
use fixtures::TestDatabase;
use projection_runtime::ReadModel;
use projections::read_models;
use sqlx::{PgConnection, PgPool};

pub struct Tables {
    pub pool: PgPool,
}

impl Tables {
    pub async fn empty() -> Self {
        Self { pool: TestDatabase::create().await.pool }
    }

    pub async fn of(events: &[RecordedEvent]) -> Self {
        let tables = Self::empty().await;
        tables.apply(events).await;
        tables
    }

    /// Applies one batch to every read model that handles it.
    pub async fn apply(&self, events: &[RecordedEvent]) {
        for model in read_models() {
            self.apply_to(&*model, events).await;
        }
    }

    pub async fn apply_to(&self, model: &dyn ReadModel, events: &[RecordedEvent]) {
        let mut transaction = self.pool.begin().await.unwrap();
        look_at_live(&mut transaction).await;
        model.apply(&mut transaction, &wanted_by(model, events)).await.unwrap();
        model.refresh_aggregates(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Applies all batches to every read model, and sums up once at the end, as a rebuild does.
    pub async fn rebuild(&self, events: &[RecordedEvent], batch: usize) {
        let Some(end) = events.last().map(|last| last.recorded_at) else { return };
        for model in read_models() {
            let mut transaction = self.pool.begin().await.unwrap();
            look_at_live(&mut transaction).await;
            for events in wanted_by(&*model, events).chunks(batch) {
                model.apply_in_rebuild(&mut transaction, events, end).await.unwrap();
            }
            model.refresh_aggregates(&mut transaction).await.unwrap();
            transaction.commit().await.unwrap();
        }
    }

    /// Every row of every table as text, in an order independent of its insertion.
    pub async fn dump(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for model in read_models() {
            for table in model.tables() {
                let sql = format!("select '{table} ' || to_jsonb(t)::text from {table} t");
                rows.extend(sqlx::query_scalar::<_, String>(&sql).fetch_all(&self.pool).await.unwrap());
            }
        }
        rows.sort();
        rows
    }
}

fn wanted_by(model: &dyn ReadModel, events: &[RecordedEvent]) -> Vec<RecordedEvent> {
    events.iter().filter(|event| model.handles(&event.stream.aggregate_type)).cloned().collect()
}

async fn look_at_live(connection: &mut PgConnection) {
    sqlx::query("select set_config('search_path', 'app, crm', true)").execute(connection).await.unwrap();
}

/// A wrong name would only make rebuilds slow.
#[tokio::test]
async fn indexes_for_readers_exist() {
    let tables = Tables::empty().await;
    for model in read_models() {
        for index in model.read_indexes() {
            let mut found = 0;
            for schema in ["app", "crm"] {
                let indexes = sqlx::query(include_str!("../../runtime/src/rebuild/indexes.sql"));
                let indexes = indexes.bind(schema).bind([index]).fetch_all(&tables.pool).await.unwrap();
                found += indexes.len();
            }
            assert!(found > 0, "{}: {index}", model.name());
        }
    }
}
