//! Queries on classes.

use domain::scheduling::Period;
use domain::{AccountId, ClassId, SlotId};
use futures::TryStreamExt;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use serde::Deserialize;
use sqlx::PgPool;
use sqlx::types::Json;

use super::ClassRow;

const SORT: &str = "-created_at";

domain::code_enum!(
    /// Status of a class.
    ClassStatus {
        Open = "open",
        Closed = "closed",
    }
);

/// Filter of classes by person and status.
#[derive(Clone, Copy, Debug)]
pub struct ClassFilter {
    /// Teacher or member of the classes.
    pub person: AccountId,
    pub status: Option<ClassStatus>,
}

/// Class with its teacher and members.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ClassDetails {
    #[serde(flatten)]
    pub class: ClassRow,
    pub teacher_name: Option<String>,
    /// Members, in the order in which they were added.
    pub students: Vec<ClassMember>,
}

/// Member of a class, or its teacher.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ClassMember {
    pub account_id: AccountId,
    /// `None` after erasure; see [`crate::accounts::pseudonym`].
    pub name: Option<String>,
}

/// Loads a page of the classes that a person teaches or attends, the latest first.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
/// [`QueryError::Cursor`] if the cursor belongs to another list.
pub async fn classes(
    pool: &PgPool,
    filter: ClassFilter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<ClassDetails>, QueryError> {
    let after = after.map(|cursor| cursor.require_sort(SORT)).transpose()?;
    let rows = sqlx::query_file_scalar!(
        "src/scheduling/classes/list.sql",
        filter.person.uuid(),
        filter.status.map(|status| status == ClassStatus::Closed),
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        limit_plus_one(limit),
    )
    .fetch(pool)
    .map_ok(|Json(details)| details);
    let cursor = |row: &ClassDetails| Cursor {
        sort: SORT.to_owned(),
        key: row.class.created_at.as_microsecond(),
        id: row.class.class_id.uuid(),
    };
    collect_page(rows, limit, cursor).await
}

/// Loads the offered slots of a class that begin after this instant, in order of time.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn class_slots(
    pool: &PgPool,
    class_id: ClassId,
    after: Timestamp,
) -> Result<Vec<SlotId>, QueryError> {
    let found = sqlx::query_scalar!(
        r#"select slot_id
           from app.slots
           where class_id = $1
             and starts_at > $2
             and status = 'offered'
           order by starts_at, slot_id"#,
        class_id.uuid(),
        after.to_sqlx() as _,
    );
    Ok(found.fetch_all(pool).await?.into_iter().map(SlotId).collect())
}

/// Loads the offered slots of a student's open classes that begin after this instant.
///
/// With `during`, only the slots that overlap it.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub(crate) async fn class_slots_of_student(
    pool: &PgPool,
    student: AccountId,
    after: Timestamp,
    during: Option<Period>,
) -> Result<Vec<(ClassId, SlotId)>, sqlx::Error> {
    let found = sqlx::query!(
        r#"select class_id, slot_id
           from app.class_students
           join app.classes using (class_id)
           join app.slots using (class_id)
           where student = $1
             and not closed
             and status = 'offered'
             and starts_at > $2
             and ($3::timestamptz is null or ends_at > $3)
             and ($4::timestamptz is null or starts_at < $4)
           order by starts_at, slot_id"#,
        student.uuid(),
        after.to_sqlx() as _,
        during.map(|period| period.starts_at.to_sqlx()) as _,
        during.map(|period| period.ends_at.to_sqlx()) as _,
    );
    let rows = found.fetch_all(pool).await?;
    Ok(rows.into_iter().map(|row| (ClassId(row.class_id), SlotId(row.slot_id))).collect())
}

/// Loads the open classes of which a student is a member.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub(crate) async fn classes_of_student(
    pool: &PgPool,
    student: AccountId,
) -> Result<Vec<ClassId>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select class_id
         from app.class_students
         join app.classes using (class_id)
         where student = $1
           and not closed
         order by class_id",
        student.uuid(),
    );
    Ok(found.fetch_all(pool).await?.into_iter().map(ClassId).collect())
}

/// Loads the open classes of a teacher.
///
/// # Errors
/// [`sqlx::Error`] if the database is unavailable.
pub(crate) async fn classes_of_teacher(
    pool: &PgPool,
    teacher: AccountId,
) -> Result<Vec<ClassId>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select class_id
         from app.classes
         where teacher = $1
           and not closed
         order by class_id",
        teacher.uuid(),
    );
    Ok(found.fetch_all(pool).await?.into_iter().map(ClassId).collect())
}
