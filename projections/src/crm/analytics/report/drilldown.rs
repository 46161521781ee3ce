//! Drill-down: the facts behind a figure.

use std::collections::HashMap;

use domain::{AccountId, Currency, Position};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::{Cursor, Page, QueryError, collect_page, limit_plus_one};
use projection_runtime::text_search::strip_nul;
use serde::Serialize;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::buckets::validate_query;
use super::counts::{AsOfView, begin_read};
use super::definitions::{Aggregation, OTHER, SeriesDef, series_of_report};
use super::engine::load_categories;
use super::groups::{count_groups, parse_key};
use super::query::{Dimension, InvalidQuery, ReportError, ReportQuery};
use super::result::{DrillRow, FactPerson};
use crate::crm::analytics::Measure;
use crate::crm::analytics::local_days::start_of_day;

const ORDER: &str = "at";

/// Page of facts, and the position as of which they hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drilldown {
    pub as_of_position: Position,
    pub page: Page<DrillRow>,
}

/// Loads one page of the facts behind the series `key` in the range, in order of their instants. Their
/// number, or the sum of their values, equals the figure of that range.
///
/// # Errors
/// [`ReportError::Refused`] if the report has no such series or does not accept the query.
/// [`ReportError::Cursor`] if the cursor belongs to another list. [`ReportError::Database`] if the database
/// is unavailable.
pub async fn load_drilldown(
    pool: &PgPool,
    query: &ReportQuery,
    key: &str,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Drilldown, ReportError> {
    let after = after.map(|cursor| cursor.require_sort(ORDER)).transpose()?;
    let query = validate_query(query)?;
    let (mut db, as_of_view) = begin_read(pool, query.as_of).await?;
    let drilldown_query = DrilldownQuery::load(&mut db, as_of_view, &query, key).await?;
    let rows = drilldown_query.select_rows(&mut *db, as_of_view, after, limit_plus_one(limit));
    let page = collect_page(rows, limit, cursor_of_row).await.map_err(|error| match error {
        QueryError::Database(error) => ReportError::Database(error),
        QueryError::Cursor(error) => ReportError::Cursor(error),
    })?;
    Ok(Drilldown { as_of_position: as_of_view.position, page })
}

/// Streams all facts behind the series, for exports, and returns the position as of which they hold. The rows
/// are not collected in memory.
///
/// # Errors
/// The same as [`load_drilldown`].
pub async fn stream_drilldown<'a>(
    pool: &'a PgPool,
    query: &ReportQuery,
    key: &str,
) -> Result<(Position, BoxStream<'a, Result<DrillRow, ReportError>>), ReportError> {
    let query = validate_query(query)?;
    let (mut db, as_of_view) = begin_read(pool, query.as_of).await?;
    let drilldown_query = DrilldownQuery::load(&mut db, as_of_view, &query, key).await?;
    db.commit().await?;
    let rows = drilldown_query.select_rows(pool, as_of_view, None, None);
    Ok((as_of_view.position, rows.map_err(ReportError::from).boxed()))
}

/// Loads the people of facts, by type and id of the entity: the student of a booking, request or waitlist
/// entry, the teacher of a lesson, the requester of a ticket, the sender of a message.
///
/// # Errors
/// [`ReportError::Database`] if the database is unavailable.
pub async fn load_fact_people(
    pool: &PgPool,
    rows: &[DrillRow],
) -> Result<HashMap<(String, Uuid), FactPerson>, ReportError> {
    let (types, ids): (Vec<String>, Vec<Uuid>) =
        rows.iter().map(|row| (row.entity_type.clone(), row.entity_id)).unzip();
    let people =
        sqlx::query_file!("src/crm/analytics/report/people.sql", &types, &ids).fetch_all(pool).await?;
    Ok(people
        .into_iter()
        .map(|row| {
            let person = FactPerson { account_id: AccountId(row.account_id), name: row.name };
            ((row.entity_type, row.entity_id), person)
        })
        .collect())
}

/// Facts of a series in a range.
struct DrilldownQuery {
    measures: Vec<&'static str>,
    classes: Vec<Option<String>>,
    details: Vec<Option<&'static str>>,
    excluded_classes: Vec<String>,
    from: Timestamp,
    to: Timestamp,
    currency: Option<Currency>,
    subject: Option<String>,
    owner: Option<Uuid>,
    unassigned: bool,
    channel: Option<String>,
    group: Option<GroupSelector>,
}

/// Group of a dimension; without a group, all facts that are in none of the groups with series.
struct GroupSelector {
    dimension: Dimension,
    group: Option<String>,
    groups: Vec<String>,
}

impl DrilldownQuery {
    async fn load(
        db: &mut PgConnection,
        as_of_view: AsOfView,
        query: &ReportQuery,
        key: &str,
    ) -> Result<Self, ReportError> {
        let Some(dimension) = query.dimension() else {
            let categories = load_categories(db, as_of_view, query).await?;
            let def = series_of_report(query, &categories).into_iter().find(|def| def.key == key);
            return Ok(Self::new(query, &def.ok_or(InvalidQuery::UnknownSeries)?, None));
        };
        let (def, group) = parse_key(query, key).ok_or(InvalidQuery::UnknownSeries)?;
        let Some(group) = group else { return Ok(Self::new(query, &def, None)) };
        let (_, groups) = count_groups(db, as_of_view, query, dimension).await?;
        let group = match groups.contains(&group) {
            true => Some(group),
            false if group == OTHER => None,
            false => return Err(InvalidQuery::UnknownSeries.into()),
        };
        Ok(Self::new(query, &def, Some(GroupSelector { dimension, group, groups })))
    }

    fn new(query: &ReportQuery, def: &SeriesDef, group: Option<GroupSelector>) -> Self {
        let (from, to) = match def.aggregation {
            Aggregation::Cohort(cohort) => {
                (start_of_day(cohort.first_day), start_of_day(cohort.day_after(1)))
            }
            _ => (query.from, query.counted_to()),
        };
        let selectors = def.aggregation.selectors();
        Self {
            measures: selectors.iter().map(|selector| selector.measure.as_str()).collect(),
            classes: selectors.iter().map(|selector| selector.class.clone().map(Into::into)).collect(),
            details: selectors.iter().map(|selector| selector.detail).collect(),
            excluded_classes: selectors.into_iter().flat_map(|selector| selector.excluded_classes).collect(),
            from,
            to,
            currency: query.money(),
            subject: query.filter.subject.clone(),
            owner: query.filter.owner(),
            unassigned: query.filter.unassigned,
            channel: query.filter.channel.clone(),
            group,
        }
    }

    fn select_rows<'a>(
        self,
        db: impl PgExecutor<'a> + 'a,
        as_of_view: AsOfView,
        after: Option<Cursor>,
        limit: Option<i64>,
    ) -> BoxStream<'a, Result<DrillRow, sqlx::Error>> {
        let start = after.as_ref().map(|cursor| fact_position(cursor.id));
        sqlx::query_file_as!(
            DrillRow,
            "src/crm/analytics/report/drilldown.sql",
            &self.measures as _,
            self.from.to_sqlx() as _,
            self.to.to_sqlx() as _,
            as_of_view.until.to_bigint(),
            &self.classes as _,
            &self.details as _,
            &self.excluded_classes,
            crate::crm::analytics::local_days::day_of(self.from).to_sqlx() as _,
            strip_nul(self.subject.as_deref()),
            self.owner,
            self.currency.as_ref().map(Currency::as_str),
            after.map(|cursor| cursor.key),
            start.map(|(position, _)| position.to_bigint()),
            start.map(|(_, ordinal)| ordinal),
            limit,
            self.unassigned,
            strip_nul(self.channel.as_deref()),
            self.group.as_ref().map(|group| group.dimension.as_str()),
            self.group.as_ref().and_then(|group| group.group.clone()),
            self.group.map(|group| group.groups) as _,
        )
        .fetch(db)
    }
}

fn cursor_of_row(row: &DrillRow) -> Cursor {
    let packed = u128::from(row.position.0) << 16 | u128::from(row.ordinal.cast_unsigned());
    Cursor { sort: ORDER.to_owned(), key: row.at.as_microsecond(), id: Uuid::from_u128(packed) }
}

/// Returns the position and the ordinal of a fact from the id of a cursor.
fn fact_position(id: Uuid) -> (Position, i16) {
    #[expect(clippy::cast_possible_truncation, reason = "the two halves that `cursor_of_row` has combined")]
    let (position, ordinal) = ((id.as_u128() >> 16) as u64, id.as_u128() as u16);
    (Position(position), ordinal.cast_signed())
}
