//! The facts behind a figure.

use domain::Currency;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, one_more, page};
use projection_runtime::text_search::strip_nul;
use serde::Serialize;
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::answer::DrillRow;
use super::counting::{Seen, look};
use super::definitions::{How, lines};
use super::engine::categories;
use super::question::{Question, Refusal, ReportError};
use super::steps::checked;
use crate::crm::analytics::Measure;
use crate::crm::analytics::local_days::{add_days, start_of_day};

const ORDER: &str = "at";

/// A page of facts, and the position as of which they hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drilldown {
    pub as_of_position: u64,
    pub page: Page<DrillRow>,
}

/// One page of the facts behind the series `key` in the range of the question, in the order in which they count.
/// There are as many as the figure of that range says, or their values add up to it.
///
/// # Errors
/// The report has no such series or does not take what is asked of it, the cursor is another list's, or the
/// database is away.
pub async fn drilldown(
    pool: &PgPool,
    question: &Question,
    key: &str,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Drilldown, ReportError> {
    let after = after.map(|cursor| cursor.within(ORDER)).transpose()?;
    let question = checked(question)?;
    let (mut db, seen) = look(pool, question.as_of).await?;
    let behind = Behind::of(&question, &categories(&mut db, seen, question.report).await?, key)?;
    let rows = behind.rows(&mut *db, seen, after, one_more(limit));
    let page = page(rows, limit, cursor).await.map_err(|error| match error {
        QueryError::Database(error) => ReportError::Database(error),
        QueryError::Cursor(error) => ReportError::Cursor(error),
    })?;
    Ok(Drilldown { as_of_position: seen.position, page })
}

/// All facts behind the series, one after the other, without holding them in memory; for exports. They hold as of
/// the position that comes with them.
///
/// # Errors
/// As of [`drilldown`].
pub async fn drilldown_stream<'a>(
    pool: &'a PgPool,
    question: &Question,
    key: &str,
) -> Result<(u64, BoxStream<'a, Result<DrillRow, ReportError>>), ReportError> {
    let question = checked(question)?;
    let (mut db, seen) = look(pool, question.as_of).await?;
    let behind = Behind::of(&question, &categories(&mut db, seen, question.report).await?, key)?;
    db.commit().await?;
    let rows = behind.rows(pool, seen, None, None);
    Ok((seen.position, rows.map_err(ReportError::from).boxed()))
}

/// The facts of a series in a range.
struct Behind {
    measures: Vec<&'static str>,
    classes: Vec<Option<String>>,
    details: Vec<Option<&'static str>>,
    not: Vec<String>,
    from: Timestamp,
    to: Timestamp,
    currency: Option<Currency>,
    subject: Option<String>,
    owner: Option<Uuid>,
}

impl Behind {
    fn of(question: &Question, categories: &[String], key: &str) -> Result<Self, Refusal> {
        let line = lines(question, categories).into_iter().find(|line| line.key == key);
        let line = line.ok_or(Refusal::UnknownSeries)?;
        let (from, to) = match line.how {
            How::Cohort(week) => (start_of_day(week), start_of_day(add_days(week, 7))),
            _ => (question.from, question.to),
        };
        let picks = line.how.picks();
        Ok(Self {
            measures: picks.iter().map(|pick| pick.measure.as_str()).collect(),
            classes: picks.iter().map(|pick| pick.class.clone().map(Into::into)).collect(),
            details: picks.iter().map(|pick| pick.detail).collect(),
            not: picks.into_iter().flat_map(|pick| pick.not).collect(),
            from,
            to,
            currency: question.money(),
            subject: question.filter.subject.clone(),
            owner: question.filter.owner(),
        })
    }

    fn rows<'a>(
        self,
        db: impl PgExecutor<'a> + 'a,
        seen: Seen,
        after: Option<Cursor>,
        limit: Option<i64>,
    ) -> BoxStream<'a, Result<DrillRow, sqlx::Error>> {
        let place = after.as_ref().map(|cursor| place(cursor.id));
        sqlx::query_file_as!(
            DrillRow,
            "src/crm/analytics/report/drilldown.sql",
            &self.measures as _,
            self.from.to_sqlx() as _,
            self.to.to_sqlx() as _,
            seen.until,
            &self.classes as _,
            &self.details as _,
            &self.not,
            crate::crm::analytics::local_days::day_of(self.from).to_sqlx() as _,
            strip_nul(self.subject.as_deref()),
            self.owner,
            self.currency.as_ref().map(Currency::as_str),
            after.map(|cursor| cursor.key),
            place.map(|(position, _)| position),
            place.map(|(_, ordinal)| ordinal),
            limit,
        )
        .fetch(db)
    }
}

fn cursor(row: &DrillRow) -> Cursor {
    let place = u128::from(row.position.cast_unsigned()) << 16 | u128::from(row.ordinal.cast_unsigned());
    Cursor { sort: ORDER.to_owned(), key: row.at.as_microsecond(), id: Uuid::from_u128(place) }
}

/// The place of a fact as a cursor holds it.
fn place(id: Uuid) -> (i64, i16) {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of what `cursor` has put together")]
    let (position, ordinal) = ((id.as_u128() >> 16) as u64, id.as_u128() as u16);
    (position.cast_signed(), ordinal.cast_signed())
}
