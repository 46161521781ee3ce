//! What people ask of classes.

use domain::accounts::Locale;
use domain::{AccountId, ClassId, SlotId};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use super::ClassRow;
use crate::accounts::pseudonym;
use crate::paging::{Cursor, Page, QueryError, one_more, page};

const SORT: &str = "-created_at";

/// Open or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassStatus {
    Open,
    Closed,
}

impl ClassStatus {
    /// As `status=` names it.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(ClassStatus::Open),
            "closed" => Some(ClassStatus::Closed),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            ClassStatus::Open => "open",
            ClassStatus::Closed => "closed",
        }
    }
}

/// Whose classes, and which.
#[derive(Clone, Copy, Debug)]
pub struct ClassFilter {
    /// The teacher, or a student who is in them.
    pub person: AccountId,
    pub status: Option<ClassStatus>,
}

/// Somebody in a class, by name.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassMember {
    pub account_id: AccountId,
    pub name: String,
}

/// One page of the classes that somebody leads or is in, the latest first.
///
/// # Errors
/// The database is away, or the cursor is another list's.
pub async fn classes(
    pool: &PgPool,
    filter: ClassFilter,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<ClassRow>, QueryError> {
    let after = after.map(|cursor| cursor.within(SORT)).transpose()?;
    let rows = sqlx::query_file_as!(
        ClassRow,
        "src/scheduling/classes/list.sql",
        filter.person.uuid(),
        filter.status.map(|status| status == ClassStatus::Closed),
        after.as_ref().map(|cursor| cursor.key),
        after.as_ref().map(|cursor| cursor.id),
        one_more(limit),
    )
    .fetch(pool);
    let cursor = |row: &ClassRow| Cursor {
        sort: SORT.to_owned(),
        key: row.created_at.as_microsecond(),
        id: row.class_id.uuid(),
    };
    page(rows, limit, cursor).await
}

/// What people are called, in the order of the ids; whoever is erased has a pseudonym.
///
/// # Errors
/// The database is away.
pub async fn people(pool: &PgPool, ids: &[AccountId], locale: Locale) -> Result<Vec<ClassMember>, QueryError> {
    let wanted: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let found = sqlx::query!(
        r#"select wanted.id as "id!", account.name as "name?"
           from unnest($1::uuid[]) with ordinality as wanted (id, place)
           left join app.accounts as account on account.account_id = wanted.id
           order by wanted.place"#,
        &wanted,
    )
    .fetch_all(pool)
    .await?;
    let named = |id: AccountId, name: Option<String>| ClassMember {
        account_id: id,
        name: name.unwrap_or_else(|| pseudonym(id, locale)),
    };
    Ok(found.into_iter().map(|row| named(AccountId(row.id), row.name)).collect())
}

/// Whether the student ever had a seat with the teacher.
///
/// # Errors
/// The database is away.
pub async fn has_taught(pool: &PgPool, teacher: AccountId, student: AccountId) -> Result<bool, QueryError> {
    let found = sqlx::query_scalar!(
        r#"select exists (
             select from app.bookings
             where teacher = $1
               and student = $2
           ) as "found!""#,
        teacher.uuid(),
        student.uuid(),
    );
    Ok(found.fetch_one(pool).await?)
}

/// The offered slots of a class that begin after this instant, in order of time.
///
/// # Errors
/// The database is away.
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
             and stage = 'offered'
           order by starts_at, slot_id"#,
        class_id.uuid(),
        after.to_sqlx() as _,
    );
    Ok(found.fetch_all(pool).await?.into_iter().map(SlotId).collect())
}
