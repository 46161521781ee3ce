//! Writes what a ledger holds: three statements, however long the batch.

use domain::Currency;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use projection_runtime::ApplyError;
use sqlx::PgConnection;

use super::ledger::{Ended, Ledger, Made};

pub(super) async fn write(db: &mut PgConnection, ledger: &Ledger) -> Result<(), ApplyError> {
    if !ledger.made.is_empty() {
        insert(db, &ledger.made).await?;
    }
    if !ledger.ended.is_empty() {
        end(db, &ledger.ended).await?;
    }
    if !ledger.days.is_empty() {
        count(db, ledger).await?;
    }
    Ok(())
}

fn date(day: Date) -> jiff_sqlx::Date {
    day.to_sqlx()
}

fn code(currency: Option<&Currency>) -> &str {
    currency.map_or("", Currency::as_str)
}

/// One column of rows, as `unnest` takes it.
fn column<'a, R, C>(rows: &'a [R], of: impl Fn(&'a R) -> C) -> Vec<C> {
    rows.iter().map(of).collect()
}

async fn insert(db: &mut PgConnection, made: &[Made]) -> Result<(), ApplyError> {
    sqlx::query_file!(
        "src/crm/analytics/facts/insert_facts.sql",
        &column(made, |made| made.key.0.cast_signed()),
        &column(made, |made| made.key.1),
        &column(made, |made| made.fact.measure.as_str()) as _,
        &column(made, |made| made.fact.at.to_sqlx()) as _,
        &column(made, |made| date(made.day)) as _,
        &column(made, |made| made.fact.class.as_ref()) as _,
        &column(made, |made| made.fact.detail.as_deref().unwrap_or_default()) as _,
        &column(made, |made| made.fact.value),
        &column(made, |made| code(made.fact.currency.as_ref())) as _,
        &column(made, |made| made.fact.subject.as_deref()) as _,
        &column(made, |made| made.fact.owner) as _,
        &column(made, |made| made.fact.since.map(date)) as _,
        &column(made, |made| made.fact.entity_type) as _,
        &column(made, |made| made.fact.entity_id),
        &column(made, |made| date(made.recorded_day)) as _,
        &column(made, |made| made.ended.map(|(until, _)| until.cast_signed())) as _,
        &column(made, |made| made.ended.map(|(_, day)| date(day))) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn end(db: &mut PgConnection, ended: &[Ended]) -> Result<(), ApplyError> {
    sqlx::query!(
        "update facts
         set until = ended.until, ended_day = ended.day
         from unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::date[])
           as ended (position, ordinal, until, day)
         where facts.position = ended.position and facts.ordinal = ended.ordinal",
        &column(ended, |ended| ended.key.0.cast_signed()),
        &column(ended, |ended| ended.key.1),
        &column(ended, |ended| ended.until.cast_signed()),
        &column(ended, |ended| date(ended.day)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Also where nothing is left: which rows there are must not depend on how events are batched.
async fn count(db: &mut PgConnection, ledger: &Ledger) -> Result<(), ApplyError> {
    let days: Vec<_> = ledger.days.iter().collect();
    sqlx::query_file!(
        "src/crm/analytics/facts/count_days.sql",
        &column(&days, |(key, _)| key.measure.as_str()) as _,
        &column(&days, |(key, _)| date(key.day)) as _,
        &column(&days, |(key, _)| date(key.recorded_day)) as _,
        &column(&days, |(key, _)| key.class.as_str()) as _,
        &column(&days, |(key, _)| key.detail.as_str()) as _,
        &column(&days, |(key, _)| code(key.currency.as_ref())) as _,
        &column(&days, |(key, _)| key.since.map(date)) as _,
        &column(&days, |(_, (facts, _))| *facts),
        &column(&days, |(_, (_, total))| *total),
    )
    .execute(db)
    .await?;
    Ok(())
}
