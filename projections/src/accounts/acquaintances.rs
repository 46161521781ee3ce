//! People whom a person may know: the basic data that pages show beside an id.

use domain::AccountId;
use projection_runtime::paging::QueryError;
use sqlx::PgPool;
use uuid::Uuid;

/// Person as an acquaintance sees them.
#[derive(Clone, Debug, PartialEq)]
pub struct Acquaintance {
    pub account_id: AccountId,
    /// Whole name; `None` after erasure.
    pub name: Option<String>,
    pub avatar: Option<Uuid>,
    pub roles: Vec<String>,
    /// `false` for a fellow student: only the first name may be shown.
    pub in_full: bool,
}

/// Person who looks up others.
#[derive(Clone, Copy, Debug)]
pub struct LookupReader {
    pub account_id: AccountId,
    /// `true` for staff, who may know every account.
    pub knows_everyone: bool,
    /// `true` for a person who sees whole names in group conversations.
    pub sees_names: bool,
}

/// Loads the accounts among `ids` that the reader may know.
///
/// These are listed teachers, teachers and students of shared lessons and classes, and participants of the
/// reader's conversations.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn acquaintances(
    pool: &PgPool,
    reader: LookupReader,
    ids: &[AccountId],
) -> Result<Vec<Acquaintance>, QueryError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_file_as!(
        Acquaintance,
        "src/accounts/acquaintances.sql",
        reader.account_id.uuid(),
        &ids,
        reader.knows_everyone,
        reader.sees_names,
    );
    Ok(rows.fetch_all(pool).await?)
}
