//! A reader who waits for a switch of tables sees the new tables.

use domain::Position;
use std::time::Duration;

use domain::accounts::Locale;
use jiff::Timestamp;
use projection_runtime::ReadModel;
use projection_runtime::paging::QueryError;
use projections::accounts::{TeacherFilter, TeacherSort, teachers};
use projections::crm::analytics::{AsOf, Report, ReportQuery, Value, compute_report};
use projections::crm::{ContactView, CrmSnapshot, UserFilter, UserSort, Visibility, users};
use projections::read_models;
use projections::support::{TicketFilter, TicketSort, tickets};
use sqlx::{Connection, PgConnection, PgPool};

use crate::history::History;
use crate::tables::Tables;

const STAFF: ContactView = ContactView { visibility: Visibility::Full, locale: Locale::Ru };

/// Result of `count` if it is called while a switch empties the tables of a read model.
async fn after_a_switch(
    pool: &PgPool,
    model: &dyn ReadModel,
    count: impl AsyncFn(&PgPool) -> Result<usize, QueryError>,
) -> usize {
    let mut switch = PgConnection::connect_with(&pool.connect_options()).await.unwrap();
    let mut switch = switch.begin().await.unwrap();
    let lock = format!("lock table {} in access exclusive mode", model.tables().join(", "));
    sqlx::query(&lock).execute(&mut *switch).await.unwrap();
    for table in model.tables() {
        sqlx::query(&format!("delete from {table}")).execute(&mut *switch).await.unwrap();
    }
    let ended = async {
        while !somebody_waits(pool).await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        switch.commit().await.unwrap();
    };
    tokio::join!(count(pool), ended).0.unwrap()
}

async fn somebody_waits(pool: &PgPool) -> bool {
    let waiting = "select exists (
       select from pg_locks
       where not granted and database = (select oid from pg_database where datname = current_database()))";
    sqlx::query_scalar(waiting).fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn a_reader_who_waited_for_a_switch_sees_the_new_tables() {
    let mut history = History::new(70);
    for _ in 0..200 {
        history.step();
    }
    let live = Tables::of(&history.events).await;
    let now = history.events.last().unwrap().recorded_at;
    let as_of = AsOf { instant: now, position: Position(history.events.len() as u64) };
    let page = async |mut lists: CrmSnapshot| -> Result<usize, QueryError> {
        let (filter, sort) = (UserFilter::default(), UserSort::Newest);
        Ok(users(lists.db(), &filter, sort, STAFF, None, 100).await?.rows.len())
    };
    let desk = async |mut lists: CrmSnapshot| -> Result<usize, QueryError> {
        let (filter, sort) = (TicketFilter::default(), TicketSort::Newest);
        Ok(tickets(lists.db(), &filter, sort, STAFF, now, None, 100).await?.rows.len())
    };
    let mut asked = 0;
    for model in read_models() {
        let pool = &live.pool;
        let (before, after) = match model.name() {
            "crm_users" => {
                let count = async |pool: &PgPool| page(CrmSnapshot::begin(pool).await?).await;
                (count(pool).await.unwrap(), after_a_switch(pool, &*model, count).await)
            }
            "tickets" => {
                let count =
                    async |pool: &PgPool| desk(CrmSnapshot::begin_as_of(pool, as_of).await?.unwrap()).await;
                (count(pool).await.unwrap(), after_a_switch(pool, &*model, count).await)
            }
            "teacher_cards" => {
                let count = async |pool: &PgPool| shown(pool, now).await;
                (count(pool).await.unwrap(), after_a_switch(pool, &*model, count).await)
            }
            "analytics" => {
                let count = async |pool: &PgPool| Ok(registered(pool, now).await);
                (count(pool).await.unwrap(), after_a_switch(pool, &*model, count).await)
            }
            _ => continue,
        };
        assert!(before > 0, "{}", model.name());
        assert_eq!(after, 0, "{}", model.name());
        asked += 1;
    }
    assert_eq!(asked, 4, "each of the four is there under its name");
}

async fn shown(pool: &PgPool, now: Timestamp) -> Result<usize, QueryError> {
    Ok(teachers(pool, &TeacherFilter::default(), TeacherSort::Newest, now, None, 100).await?.rows.len())
}

async fn registered(pool: &PgPool, now: Timestamp) -> usize {
    let answer =
        compute_report(pool, &ReportQuery::new(Report::Registrations, now, None, Locale::Ru)).await.unwrap();
    match answer.totals["total"].value {
        Value::Whole(count) => count.try_into().unwrap(),
        Value::Quotient(_) => panic!("a count is whole"),
    }
}
