//! Pages of a list, and the cursors that request the next page.

use std::fmt;
use std::str::FromStr;

use futures::{Stream, TryStreamExt};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Rows in a stable order, with the cursor of the next page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page<R> {
    pub rows: Vec<R>,
    /// Present if further rows follow.
    pub next: Option<Cursor>,
}

/// Position in a sorted list, after the row with this key and id.
///
/// Clients treat it as opaque. Its text is URL-safe and holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// Name of the sort order that the cursor belongs to.
    pub sort: String,
    /// Sort key of the row (for an instant: microseconds since 1970).
    pub key: i64,
    pub id: Uuid,
}

/// The text is not a cursor, or the cursor belongs to another sort order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list and order")]
pub struct CursorError;

impl Cursor {
    /// Returns the cursor if it belongs to this sort order.
    ///
    /// # Errors
    /// [`CursorError`] if it belongs to another sort order.
    pub fn require_sort(self, sort: &str) -> Result<Self, CursorError> {
        if self.sort == sort { Ok(self) } else { Err(CursorError) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}~{}", self.sort, self.key, self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let mut parts = text.split('~');
        let (Some(sort), Some(key), Some(id), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(CursorError);
        };
        let key = key.parse().map_err(|_| CursorError)?;
        let id = id.parse().map_err(|_| CursorError)?;
        Ok(Self { sort: sort.to_owned(), key, id })
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> String {
        cursor.to_string()
    }
}

impl TryFrom<String> for Cursor {
    type Error = CursorError;

    fn try_from(text: String) -> Result<Self, CursorError> {
        text.parse()
    }
}

/// Reason why a list could not be read.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    #[error("cannot query the read model")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Cursor(#[from] CursorError),
}

/// Returns the SQL limit of a page: one row more, so that [`collect_page`] sees whether rows follow.
pub fn limit_plus_one(limit: u32) -> Option<i64> {
    Some(i64::from(limit) + 1)
}

/// Collects a page of at most `limit` rows from a query with the limit of [`limit_plus_one`].
///
/// # Errors
/// [`QueryError::Database`] if the query fails.
pub async fn collect_page<R>(
    rows: impl Stream<Item = Result<R, sqlx::Error>>,
    limit: u32,
    cursor: impl Fn(&R) -> Cursor,
) -> Result<Page<R>, QueryError> {
    let mut rows: Vec<R> = rows.try_collect().await?;
    let limit = usize::try_from(limit).expect("a page fits into memory");
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = if more { rows.last().map(cursor) } else { None };
    Ok(Page { rows, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_belongs_to_one_order() {
        let cursor = Cursor { sort: "-rank".to_owned(), key: -7, id: Uuid::from_u128(9) };
        let read: Cursor = cursor.to_string().parse().unwrap();
        assert_eq!(read, cursor);
        assert_eq!(read.require_sort("rank"), Err(CursorError));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "~", "a~1", "a~x~00000000000000000000000000000009", "a~1~9~", "a~1~\0"] {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "{text:?}");
        }
    }
}
