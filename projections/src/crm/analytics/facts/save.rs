//! Writes the facts of a recorder: three statements for a batch of any size.

use domain::Currency;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use projection_runtime::ApplyError;
use sqlx::PgConnection;

use super::fact_recorder::{EndedFact, FactRecorder, NewFact};

pub(super) async fn save_facts(db: &mut PgConnection, recorder: &FactRecorder) -> Result<(), ApplyError> {
    if !recorder.new_facts.is_empty() {
        insert_facts(db, &recorder.new_facts).await?;
    }
    if !recorder.ended_facts.is_empty() {
        end_facts(db, &recorder.ended_facts).await?;
    }
    if !recorder.days.is_empty() {
        add_to_days(db, recorder).await?;
    }
    Ok(())
}

fn date(day: Date) -> jiff_sqlx::Date {
    day.to_sqlx()
}

fn code(currency: Option<&Currency>) -> &str {
    currency.map_or("", Currency::as_str)
}

/// Returns one column of the rows, as an array for `unnest`.
fn column<'a, R, C>(rows: &'a [R], value_of: impl Fn(&'a R) -> C) -> Vec<C> {
    rows.iter().map(value_of).collect()
}

async fn insert_facts(db: &mut PgConnection, new_facts: &[NewFact]) -> Result<(), ApplyError> {
    sqlx::query_file!(
        "src/crm/analytics/facts/insert_facts.sql",
        &column(new_facts, |new| new.key.0.to_bigint()),
        &column(new_facts, |new| new.key.1),
        &column(new_facts, |new| new.fact.measure.as_str()) as _,
        &column(new_facts, |new| new.fact.at.to_sqlx()) as _,
        &column(new_facts, |new| date(new.day)) as _,
        &column(new_facts, |new| new.fact.class.as_ref()) as _,
        &column(new_facts, |new| new.fact.detail.as_deref().unwrap_or_default()) as _,
        &column(new_facts, |new| new.fact.value),
        &column(new_facts, |new| code(new.fact.currency.as_ref())) as _,
        &column(new_facts, |new| new.fact.subject.as_deref()) as _,
        &column(new_facts, |new| new.fact.owner) as _,
        &column(new_facts, |new| new.fact.since.map(date)) as _,
        &column(new_facts, |new| new.fact.entity_type) as _,
        &column(new_facts, |new| new.fact.entity_id),
        &column(new_facts, |new| date(new.recorded_day)) as _,
        &column(new_facts, |new| new.ended.map(|(until, _)| until.to_bigint())) as _,
        &column(new_facts, |new| new.ended.map(|(_, day)| date(day))) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn end_facts(db: &mut PgConnection, ended_facts: &[EndedFact]) -> Result<(), ApplyError> {
    sqlx::query!(
        "update facts
         set until = ended.until, ended_day = ended.day
         from unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::date[])
           as ended (position, ordinal, until, day)
         where facts.position = ended.position and facts.ordinal = ended.ordinal",
        &column(ended_facts, |ended| ended.key.0.to_bigint()),
        &column(ended_facts, |ended| ended.key.1),
        &column(ended_facts, |ended| ended.until.to_bigint()),
        &column(ended_facts, |ended| date(ended.day)) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds the counts to the days. A row with the count 0 stays, because the rows must not depend on the size of
/// batches.
async fn add_to_days(db: &mut PgConnection, recorder: &FactRecorder) -> Result<(), ApplyError> {
    let days: Vec<_> = recorder.days.iter().collect();
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
