//! Tally: the counted facts by bucket, and the figures of a series that follow from them.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;

use super::buckets::Bucket;
use super::counts::{CountRow, PercentileRow};
use super::definitions::{Aggregation, FactSelector, PercentileRank, SeriesDef};
use super::result::{Figure, Point, Series, Value};
use crate::crm::analytics::Measure;

/// Series of a report, and their totals by key.
pub(super) type SeriesWithTotals = (Vec<Series>, BTreeMap<String, Figure>);

/// Counts by bucket.
pub(super) struct Tally {
    counts: HashMap<Date, Vec<CountRow>>,
    percentiles: HashMap<(Measure, Option<Date>), PercentileRow>,
}

impl Tally {
    pub(super) fn new(rows: Vec<CountRow>, percentiles: Vec<PercentileRow>) -> Self {
        let mut counts: HashMap<Date, Vec<CountRow>> = HashMap::new();
        for row in rows {
            counts.entry(row.bucket).or_default().push(row);
        }
        let percentiles = percentiles.into_iter().map(|row| ((row.measure, row.bucket()), row)).collect();
        Self { counts, percentiles }
    }

    /// Returns the number of facts and the sum of their values, of a bucket or the whole range.
    pub(super) fn sum(&self, selector: &FactSelector, bucket: Option<Date>) -> (i64, i64) {
        let add = |(facts, total): (i64, i64), row: &CountRow| (facts + row.facts, total + row.total);
        match bucket {
            Some(day) => {
                let rows = self.counts.get(&day).into_iter().flatten();
                rows.filter(|row| row.first_in_bucket && selector.matches(row)).fold((0, 0), add)
            }
            None => {
                let rows = self.counts.values().flatten();
                rows.filter(|row| row.first_in_range && selector.matches(row)).fold((0, 0), add)
            }
        }
    }

    /// Computes a point for each bucket.
    pub(super) fn compute_points(&self, def: &SeriesDef, buckets: &[Bucket], now: Timestamp) -> Vec<Point> {
        let point = |bucket: &Bucket| {
            let Figure { value, sample } = self.compute_figure(def, Some(bucket.day));
            let partial = bucket.is_clipped || bucket.ends > now;
            Point { t: bucket.begins, local_date: bucket.day, partial, value, sample }
        };
        buckets.iter().map(point).collect()
    }

    pub(super) fn compute_figure(&self, def: &SeriesDef, bucket: Option<Date>) -> Figure {
        match &def.aggregation {
            Aggregation::Count(selector) => {
                let (facts, _) = self.sum(selector, bucket);
                Figure { value: Value::Whole(facts), sample: facts }
            }
            Aggregation::Sum(selector) => {
                let (facts, total) = self.sum(selector, bucket);
                Figure { value: Value::Whole(total), sample: facts }
            }
            Aggregation::Ratio { part, whole } => {
                let ((part, _), (whole, _)) = (self.sum(part, bucket), self.sum(whole, bucket));
                Figure { value: divide(part, whole), sample: whole }
            }
            Aggregation::RatioOfSums { part, whole } => {
                let ((_, part), (facts, whole)) = (self.sum(part, bucket), self.sum(whole, bucket));
                Figure { value: divide(part, whole), sample: facts }
            }
            Aggregation::Average(selector) => {
                let (facts, total) = self.sum(selector, bucket);
                Figure { value: divide(total, facts), sample: facts }
            }
            Aggregation::Percentile(measure, percent) => {
                let found = self.percentiles.get(&(*measure, bucket));
                let value = found.map_or(0, |found| match percent {
                    PercentileRank::P50 => found.p50,
                    PercentileRank::P90 => found.p90,
                });
                Figure { value: Value::Whole(value), sample: found.map_or(0, |found| found.facts) }
            }
            Aggregation::Cohort(..) => Figure { value: Value::Quotient(0.0), sample: 0 },
        }
    }
}

impl FactSelector {
    pub(super) fn matches(&self, row: &CountRow) -> bool {
        self.measure == row.measure
            && self.class.as_ref().is_none_or(|class| *class == row.class)
            && self.detail.is_none_or(|detail| detail == row.detail)
            && !self.excluded_classes.contains(&row.class)
    }
}

/// Returns the ratio, or 0 if the whole is 0.
pub(super) fn divide(part: i64, whole: i64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "the counts stay far below 2^53")]
    let quotient = if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    Value::Quotient(quotient)
}
