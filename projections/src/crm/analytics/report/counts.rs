//! Counts of the facts that hold as of a position, by bucket of a range.

use domain::{AccountId, Position};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use projection_runtime::text_search::strip_nul;
use projection_runtime::{HandlerKind, ReadModel, snapshot_read};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::buckets::{Bucket, BucketedRange};
use super::query::{AsOf, Dimension, FactFilter};
use crate::crm::analytics::AnalyticsReadModel;
use crate::crm::analytics::Measure;
use crate::crm::analytics::local_days::day_of;

/// Position as of which facts are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct AsOfView {
    /// Position up to which the facts cover the log.
    pub position: Position,
    /// Position after which facts are not visible.
    pub until: Position,
    /// Local day of that position. `None` if the view is of the present.
    day: Option<Date>,
}

/// Begins a database snapshot and returns the view of it.
pub(super) async fn begin_read(
    pool: &PgPool,
    as_of: Option<AsOf>,
) -> Result<(Transaction<'static, Postgres>, AsOfView), sqlx::Error> {
    let mut db = snapshot_read::begin_snapshot(pool, AnalyticsReadModel.tables()).await?;
    let reached =
        HandlerKind::ReadModel.find(&mut *db, AnalyticsReadModel::NAME).await?.map(|found| found.position);
    let as_of_view = match as_of {
        None => AsOfView {
            position: reached.unwrap_or_default(),
            until: reached.unwrap_or(Position::MAX),
            day: None,
        },
        Some(AsOf { instant, position }) => {
            let position = reached.map_or(position, |reached| reached.min(position));
            AsOfView { position, until: position, day: Some(day_of(instant)) }
        }
    };
    Ok((db, as_of_view))
}

/// Count of facts of one bucket.
#[derive(Clone, Debug)]
pub(super) struct CountRow {
    pub measure: Measure,
    /// Day on which the bucket begins.
    pub bucket: Date,
    pub class: String,
    pub detail: String,
    /// Group of a dimension; empty without one.
    pub group: String,
    /// `true` if the people are active for the first time in the bucket, or in the range.
    pub first_in_bucket: bool,
    pub first_in_range: bool,
    pub facts: i64,
    pub total: i64,
}

/// Filter of the counted facts.
#[derive(Clone, Debug)]
pub(super) struct CountQuery<'a> {
    pub measures: &'a [Measure],
    pub filter: &'a FactFilter,
    /// ISO 4217 currency.
    pub unit: Option<&'a str>,
}

impl CountQuery<'_> {
    fn names(&self) -> Vec<&'static str> {
        self.measures.iter().map(|measure| measure.as_str()).collect()
    }
}

impl FactFilter {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the owner of the facts. A report accepts one of the two filters.
    pub(super) fn owner(&self) -> Option<uuid::Uuid> {
        self.teacher_id.or(self.agent_id).map(AccountId::uuid)
    }
}

/// Counts facts by bucket, class and detail.
pub(super) async fn count_facts(
    db: &mut PgConnection,
    as_of_view: AsOfView,
    count_query: &CountQuery<'_>,
    range: BucketedRange,
) -> Result<Vec<CountRow>, sqlx::Error> {
    let ((first, last), parts) = if count_query.filter.is_empty() {
        range.split_whole_days()
    } else {
        ((range.first_day(), range.first_day()), vec![(range.from, range.to)])
    };
    let (begins, ends): (Vec<_>, Vec<_>) =
        parts.into_iter().map(|(begins, ends)| (begins.to_sqlx(), ends.to_sqlx())).unzip();
    sqlx::query_file_as!(
        CountRow,
        "src/crm/analytics/report/counts.sql",
        &count_query.names() as _,
        range.interval.as_str(),
        range.first_day().to_sqlx() as _,
        first.to_sqlx() as _,
        last.to_sqlx() as _,
        as_of_view.day.map(Date::to_sqlx) as _,
        as_of_view.until.to_bigint(),
        &begins as _,
        &ends as _,
        strip_nul(count_query.filter.subject.as_deref()),
        count_query.filter.owner(),
        count_query.unit,
    )
    .fetch_all(db)
    .await
}

/// Percentiles of one bucket, or of the whole range.
#[derive(Clone, Debug)]
pub(super) struct PercentileRow {
    pub measure: Measure,
    bucket: Option<jiff_sqlx::Date>,
    /// Group of a dimension. `None` for all facts.
    pub group: Option<String>,
    pub facts: i64,
    pub p50: i64,
    pub p90: i64,
}

impl PercentileRow {
    pub fn bucket(&self) -> Option<Date> {
        self.bucket.map(jiff_sqlx::Date::to_jiff)
    }
}

/// Computes percentiles of the values of facts. The counts by day do not suffice for these.
pub(super) async fn load_percentiles(
    db: &mut PgConnection,
    as_of_view: AsOfView,
    count_query: &CountQuery<'_>,
    range: BucketedRange,
) -> Result<Vec<PercentileRow>, sqlx::Error> {
    sqlx::query_file_as!(
        PercentileRow,
        "src/crm/analytics/report/percentiles.sql",
        &count_query.names() as _,
        range.interval.as_str(),
        range.first_day().to_sqlx() as _,
        range.from.to_sqlx() as _,
        range.to.to_sqlx() as _,
        as_of_view.until.to_bigint(),
        count_query.filter.owner(),
    )
    .fetch_all(db)
    .await
}

/// Buckets, zone and groups of a count that looks at each fact.
#[derive(Clone, Copy, Debug)]
pub(super) struct BucketQuery<'a> {
    pub buckets: &'a [Bucket],
    /// Exclusive.
    pub to: Timestamp,
    pub dimension: Option<Dimension>,
    /// Groups with series of their own. `None`: all of them.
    pub groups: Option<&'a [String]>,
}

impl BucketQuery<'_> {
    fn begins(&self) -> Vec<jiff_sqlx::Timestamp> {
        self.buckets.iter().map(|bucket| bucket.begins.to_sqlx()).collect()
    }

    fn days(&self) -> Vec<jiff_sqlx::Date> {
        self.buckets.iter().map(|bucket| bucket.day.to_sqlx()).collect()
    }
}

/// Counts facts by bucket, class, detail and group. Unlike [`count_facts`], it looks at each fact.
pub(super) async fn count_by_bucket(
    db: &mut PgConnection,
    as_of_view: AsOfView,
    count_query: &CountQuery<'_>,
    bucket_query: BucketQuery<'_>,
) -> Result<Vec<CountRow>, sqlx::Error> {
    sqlx::query_file_as!(
        CountRow,
        "src/crm/analytics/report/counts_by_bucket.sql",
        &count_query.names() as _,
        &bucket_query.begins() as _,
        &bucket_query.days() as _,
        bucket_query.to.to_sqlx() as _,
        as_of_view.until.to_bigint(),
        strip_nul(count_query.filter.subject.as_deref()),
        count_query.filter.owner(),
        count_query.unit,
        strip_nul(count_query.filter.channel.as_deref()),
        count_query.filter.unassigned,
        bucket_query.dimension.map(Dimension::as_str),
        bucket_query.groups as _,
    )
    .fetch_all(db)
    .await
}

/// Computes percentiles by bucket and group, like [`count_by_bucket`].
pub(super) async fn load_percentiles_by_bucket(
    db: &mut PgConnection,
    as_of_view: AsOfView,
    count_query: &CountQuery<'_>,
    bucket_query: BucketQuery<'_>,
) -> Result<Vec<PercentileRow>, sqlx::Error> {
    sqlx::query_file_as!(
        PercentileRow,
        "src/crm/analytics/report/percentiles_by_bucket.sql",
        &count_query.names() as _,
        &bucket_query.begins() as _,
        &bucket_query.days() as _,
        bucket_query.to.to_sqlx() as _,
        as_of_view.until.to_bigint(),
        strip_nul(count_query.filter.subject.as_deref()),
        count_query.filter.owner(),
        count_query.unit,
        strip_nul(count_query.filter.channel.as_deref()),
        count_query.filter.unassigned,
        bucket_query.dimension.map(Dimension::as_str),
        bucket_query.groups as _,
    )
    .fetch_all(db)
    .await
}
