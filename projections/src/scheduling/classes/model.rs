//! Read model `classes`, tables `app.classes` and `app.class_students`.

use std::collections::HashMap;

use async_trait::async_trait;
use cqrs_es::Aggregate;
use domain::accounts::{Account, AccountEvent};
use domain::scheduling::{Class, ClassEvent};
use domain::{AccountId, ClassId, Event, RecordedEvent};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::{ApplyError, ReadModel};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::ClassRow;
use super::apply::ClassRows;

/// Read model that writes `app.classes` and `app.class_students`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClassesReadModel;

#[async_trait]
impl ReadModel for ClassesReadModel {
    fn name(&self) -> &'static str {
        "classes"
    }

    fn version(&self) -> i32 {
        1
    }

    fn tables(&self) -> &'static [&'static str] {
        &["app.classes", "app.class_students"]
    }

    /// Handles accounts too, because erasure removes the texts of a teacher.
    fn handles(&self, aggregate_type: &str) -> bool {
        [Class::TYPE, Account::TYPE].contains(&aggregate_type)
    }

    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
        let mut before = Vec::new();
        for recorded in events {
            match &recorded.event {
                Event::Class(ClassEvent::ClassCreated { .. }) => {}
                Event::Class(_) => before.push(class_id(recorded)?.uuid()),
                _ => {}
            }
        }
        let mut rows = ClassRows { classes: load(db, &before).await?, members: HashMap::new() };
        let mut erased = Vec::new();
        for recorded in events {
            match &recorded.event {
                Event::Class(event) => rows.apply(class_id(recorded)?, event, recorded),
                Event::Account(AccountEvent::AccountErased { account_id, .. }) => {
                    rows.erase_texts(*account_id);
                    erased.push(account_id.uuid());
                }
                _ => {}
            }
        }
        erase_stored_texts(db, &erased).await?;
        save(db, rows.classes.into_values().collect()).await?;
        save_members(db, &rows.members).await
    }
}

fn class_id(recorded: &RecordedEvent) -> Result<ClassId, ApplyError> {
    recorded.stream.aggregate_id.parse().map_err(|_| ApplyError::Poison {
        position: recorded.position,
        reason: "the stream's id is not a class's".to_owned(),
    })
}

async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<HashMap<ClassId, ClassRow>, ApplyError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query_as!(
        ClassRow,
        r#"select class_id, teacher, name, description, subject, grade, colour, capacity, closed,
                  created_at as "created_at: jiff_sqlx::Timestamp", version
           from classes
           where class_id = any($1)"#,
        ids,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.class_id, row)).collect())
}

async fn erase_stored_texts(db: &mut PgConnection, people: &[Uuid]) -> Result<(), ApplyError> {
    if !people.is_empty() {
        sqlx::query!(
            "update classes
             set name = null, description = null
             where teacher = any($1)",
            people,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

async fn save(db: &mut PgConnection, rows: Vec<ClassRow>) -> Result<(), ApplyError> {
    if !rows.is_empty() {
        sqlx::query_file!("src/scheduling/classes/save.sql", Json(&rows) as _).execute(db).await?;
    }
    Ok(())
}

async fn save_members(
    db: &mut PgConnection,
    members: &HashMap<(ClassId, AccountId), Option<Timestamp>>,
) -> Result<(), ApplyError> {
    if members.is_empty() {
        return Ok(());
    }
    let (mut classes, mut students, mut since) = (Vec::new(), Vec::new(), Vec::new());
    for ((class_id, student), added_at) in members {
        classes.push(class_id.uuid());
        students.push(student.uuid());
        since.push(added_at.map(Timestamp::to_sqlx));
    }
    sqlx::query!(
        "delete from class_students
         where (class_id, student) in (select * from unnest($1::uuid[], $2::uuid[]))",
        &classes,
        &students,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into class_students (class_id, student, added_at)
         select class_id, student, added_at
         from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as new (class_id, student, added_at)
         where added_at is not null",
        &classes,
        &students,
        &since as _,
    )
    .execute(db)
    .await?;
    Ok(())
}
