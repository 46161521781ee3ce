//! Pages of a list: where one ends and how the next one is asked for.

use std::fmt;
use std::str::FromStr;

use futures::{Stream, TryStreamExt};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Rows in a stable order, and where to go on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page<R> {
    pub rows: Vec<R>,
    /// Present when there is more.
    pub next: Option<Cursor>,
}

/// A place in a sorted list: behind the row with this key and id. Opaque outside, URL-safe as text,
/// nothing personal in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// The order it belongs to.
    pub sort: String,
    /// The number by which that order sorts (an instant: microseconds since 1970).
    pub key: i64,
    pub id: Uuid,
}

/// The text is no cursor, or one of another order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list and order")]
pub struct CursorError;

impl Cursor {
    /// The cursor, if it belongs to this order.
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

/// Why a list could not be read.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    #[error("the read model could not be read")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Cursor(#[from] CursorError),
}

/// One row more than the page holds, for [`page`] to see whether there is more.
pub fn limit_plus_one(limit: u32) -> Option<i64> {
    Some(i64::from(limit) + 1)
}

/// Collects a page from rows that were asked for with [`limit_plus_one`].
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
