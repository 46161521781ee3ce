//! Read model `teacher_cards`, table `app.teachers`.

use std::collections::HashMap;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::Locale;
use domain::scheduling::Slot;
use domain::{AccountId, ContextName, Event, RecordedEvent, Vocabulary};
use projection_runtime::text_search::{normalize, sort_key};
use projection_runtime::{ApplyError, ReadModel};
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use translations::term_label;
use uuid::Uuid;

use super::apply::{apply_event, rewrites_row};
use super::{TeacherRow, counters};
use crate::accounts::account_changes::{account_id, rows_to_rewrite};

/// Read model that writes `app.teachers`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TeacherCardsReadModel;

#[async_trait]
impl ReadModel for TeacherCardsReadModel {
    fn name(&self) -> &'static str {
        "teacher_cards"
    }

    fn version(&self) -> i32 {
        4
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.teachers", "app.teacher_lessons"]
    }

    fn read_indexes(&self) -> &'static [&'static str] {
        &[
            "teachers (hourly_rate, account_id)",
            "teachers (created_at, account_id)",
            "teachers (subjects, goals, grades, formats, lesson_types, durations, search)",
        ]
    }

    fn handles(&self, aggregate_type: &str) -> bool {
        aggregate_type == Slot::TYPE
            || ContextName::of_aggregate(aggregate_type) == Some(ContextName::Accounts)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let rows_to_rewrite = rows_to_rewrite(events, rewrites_row)?;
        let mut rows = load(db, &rows_to_rewrite.stored_ids).await?;
        for recorded in events {
            match &recorded.event {
                Event::Account(event) if rewrites_row(event) => {
                    apply_event(&mut rows, account_id(recorded)?, event, recorded);
                }
                _ => {}
            }
        }
        let erased = |id: &Uuid| !rows.contains_key(&AccountId(*id));
        let erased_ids: Vec<Uuid> = rows_to_rewrite.stored_ids.iter().copied().filter(erased).collect();
        delete(db, &erased_ids).await?;
        save(db, rows.values()).await?;
        counters::apply_lessons(db, events).await
    }

    async fn refresh_aggregates(&self, db: &mut PgConnection) -> Result<(), ApplyError> {
        counters::recount_lessons(db).await
    }
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<AccountId, TeacherRow>, ApplyError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_file_as!(TeacherRow, "src/accounts/teachers/load.sql", ids).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row)).collect())
}

async fn delete(db: &mut PgConnection, ids: &[Uuid]) -> Result<(), ApplyError> {
    if !ids.is_empty() {
        sqlx::query!("delete from teachers where account_id = any($1)", ids).execute(db).await?;
    }
    Ok(())
}

/// Row for writing, with its search text if the catalogue shows it.
#[derive(Serialize)]
struct TeacherRecord<'a> {
    #[serde(flatten)]
    row: &'a TeacherRow,
    shown: bool,
    city_key: Option<String>,
    words: Option<String>,
}

async fn save(db: &mut PgConnection, rows: impl Iterator<Item = &TeacherRow>) -> Result<(), ApplyError> {
    let rows: Vec<TeacherRecord<'_>> = rows
        .map(|row| TeacherRecord {
            row,
            shown: row.is_shown(),
            city_key: row.city.as_deref().map(sort_key),
            words: row.is_shown().then(|| search_text(row)),
        })
        .collect();
    if !rows.is_empty() {
        sqlx::query_file!("src/accounts/teachers/save.sql", Json(&rows) as _).execute(db).await?;
    }
    Ok(())
}

/// Returns the search text: the texts of the card, and the names of its subjects in both languages.
fn search_text(row: &TeacherRow) -> String {
    let own_texts = [&row.name, &row.nickname, &row.bio].into_iter().flatten().map(String::as_str);
    let label = |code: &String, locale| term_label(Vocabulary::Subjects, code, locale);
    let subjects: Vec<String> = row
        .subjects
        .iter()
        .flat_map(|code| match Vocabulary::Subjects.knows(code) {
            true => vec![label(code, Locale::Ru), label(code, Locale::En)],
            false => vec![code.clone()],
        })
        .collect();
    normalize(own_texts.chain(subjects.iter().map(String::as_str)))
}
