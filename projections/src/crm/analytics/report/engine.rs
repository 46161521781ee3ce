//! Report engine: counts the facts that hold as of a position.

use std::collections::HashMap;

use domain::Currency;
use jiff::{SignedDuration, Timestamp};
use sqlx::{PgConnection, PgPool};

use super::buckets::{BucketedRange, buckets_of, compared_query, validate_query};
use super::counts::{
    AsOfView, BucketQuery, CountQuery, begin_read, count_by_bucket, count_facts, load_percentiles,
    load_percentiles_by_bucket,
};
use super::definitions::{
    Aggregation, CATEGORIES, Cohort, FactSelector, OTHER, TOTAL, measures_of, series_of_report,
    ticket_measures,
};
use super::groups;
use super::query::{FactFilter, Interval, Report, ReportError, ReportQuery};
use super::result::{Figure, Point, PreviousPeriod, ReportResult, Series, Unit};
use super::tally::{SeriesWithTotals, Tally, divide};
use crate::crm::analytics::local_days::start_of_day;

/// Length of a cohort: a year, in weeks and in months.
const COHORT_WEEKS: i32 = 53;
const COHORT_MONTHS: i32 = 13;

/// Computes a report from one database snapshot.
///
/// # Errors
/// [`ReportError::Refused`] if the report does not accept the query. [`ReportError::Database`] if the
/// database is unavailable.
pub async fn compute_report(pool: &PgPool, query: &ReportQuery) -> Result<ReportResult, ReportError> {
    let query = validate_query(query)?;
    let (mut db, as_of_view) = begin_read(pool, query.as_of).await?;
    let categories = load_categories(&mut db, as_of_view, &query).await?;
    let (series, totals) = compute_series(&mut db, as_of_view, &query, &categories).await?;
    let previous = match query.compare {
        None => None,
        Some(comparison) => {
            let before = compared_query(&query, comparison);
            let (series, totals) = compute_series(&mut db, as_of_view, &before, &categories).await?;
            Some(PreviousPeriod { from: before.from, to: before.to, series, totals })
        }
    };
    Ok(ReportResult {
        report: query.report,
        definition_version: query.definition,
        as_of_position: as_of_view.position,
        from: query.from,
        to: query.to,
        interval: query.interval,
        time_zone: query.zone.name().to_owned(),
        series,
        totals,
        previous,
    })
}

/// Loads the ticket categories that have their own series. These have the most tickets ever opened, so that
/// they are the same in every range and interval.
pub(super) async fn load_categories(
    db: &mut PgConnection,
    as_of_view: AsOfView,
    query: &ReportQuery,
) -> Result<Vec<String>, sqlx::Error> {
    if query.report != Report::TicketCategories {
        return Ok(Vec::new());
    }
    let ever = BucketedRange { from: Timestamp::UNIX_EPOCH, to: end_of_time(), interval: Interval::Month };
    let filter = FactFilter::default();
    let count_query = CountQuery { measures: &[ticket_measures(query).1], filter: &filter, unit: None };
    let mut sizes: HashMap<String, i64> = HashMap::new();
    for row in count_facts(db, as_of_view, &count_query, ever).await? {
        *sizes.entry(row.class).or_default() += row.facts;
    }
    let mut sizes: Vec<(String, i64)> =
        sizes.into_iter().filter(|(name, facts)| *facts > 0 && name != OTHER && name != TOTAL).collect();
    sizes.sort_by(|(name, facts), (other, more)| more.cmp(facts).then_with(|| name.cmp(other)));
    Ok(sizes.into_iter().take(CATEGORIES).map(|(name, _)| name).collect())
}

/// Instant after all data of an installation.
pub(super) fn end_of_time() -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 366 * 230)
}

async fn compute_series(
    db: &mut PgConnection,
    as_of_view: AsOfView,
    query: &ReportQuery,
    categories: &[String],
) -> Result<SeriesWithTotals, ReportError> {
    if let Some(dimension) = query.dimension() {
        return groups::compute_groups(db, as_of_view, query, dimension).await;
    }
    let series_defs = series_of_report(query, categories);
    let range = BucketedRange { from: query.from, to: query.counted_to(), interval: query.interval };
    let measures = measures_of(&series_defs);
    let currency = query.money();
    let count_query = CountQuery {
        measures: &measures,
        filter: &query.filter,
        unit: currency.as_ref().map(Currency::as_str),
    };
    let is_ranked = series_defs.iter().any(|def| matches!(def.aggregation, Aggregation::Percentile(..)));
    let buckets = buckets_of(BucketedRange { to: query.to, ..range }, &query.zone);
    let bucket_query = BucketQuery { buckets: &buckets, to: range.to, dimension: None, groups: None };
    let looks_at_each =
        query.filter.channel.is_some() || query.filter.unassigned || !query.zone.is_of_installation();
    let tally = match (is_ranked, looks_at_each) {
        (true, true) => Tally::new(
            Vec::new(),
            load_percentiles_by_bucket(db, as_of_view, &count_query, bucket_query).await?,
        ),
        (true, false) => Tally::new(Vec::new(), load_percentiles(db, as_of_view, &count_query, range).await?),
        (false, true) => {
            Tally::new(count_by_bucket(db, as_of_view, &count_query, bucket_query).await?, Vec::new())
        }
        (false, false) => Tally::new(count_facts(db, as_of_view, &count_query, range).await?, Vec::new()),
    };
    let mut series = Vec::new();
    let mut totals = std::collections::BTreeMap::new();
    for def in series_defs {
        let (points, total) = match def.aggregation {
            Aggregation::Cohort(cohort) => compute_cohort(&tally, cohort, query.now),
            _ => (tally.compute_points(&def, &buckets, query.now), tally.compute_figure(&def, None)),
        };
        totals.insert(def.key.clone(), total);
        if !def.only_total {
            series.push(Series {
                label: def.label(query.locale),
                group: None,
                currency: currency.filter(|_| def.unit == Unit::Money),
                key: def.key,
                unit: def.unit,
                points,
            });
        }
    }
    Ok((series, totals))
}

impl ReportQuery {
    /// Returns the currency of a report about money.
    pub(super) fn money(&self) -> Option<Currency> {
        matches!(self.report, Report::Revenue | Report::Unresolved)
            .then(|| self.currency.unwrap_or(Currency::RUB))
    }
}

/// Computes the share of a cohort that was active in each week or month that has begun. The total is the mean of
/// those after the first.
fn compute_cohort(tally: &Tally, cohort: Cohort, now: Timestamp) -> (Vec<Point>, Figure) {
    let of_cohort = Some(cohort.first_day);
    let (size, _) = tally.sum(&cohort.registered(), of_cohort);
    let length = match cohort.interval {
        Interval::Month => COHORT_MONTHS,
        Interval::Day | Interval::Week => COHORT_WEEKS,
    };
    let mut points = Vec::new();
    let mut after = 0;
    for number in 0..length {
        let local_date = cohort.day_after(number);
        let t = start_of_day(local_date);
        if t > now {
            break;
        }
        let returned = FactSelector { class: Some(number.to_string().into()), ..cohort.returned() };
        let (active, _) = tally.sum(&returned, of_cohort);
        after += if number == 0 { 0 } else { active };
        let partial = start_of_day(cohort.day_after(number + 1)) > now;
        points.push(Point { t, local_date, partial, value: divide(active, size), sample: size });
    }
    let later = i64::try_from(points.len()).unwrap_or(0).saturating_sub(1);
    (points, Figure { value: divide(after, size * later.max(0)), sample: size })
}
