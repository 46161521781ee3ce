//! Reports by a dimension: a series for each of the largest groups, for the rest, and for all.

use std::collections::{BTreeMap, HashMap};

use domain::accounts::Locale;
use domain::{AccountId, Currency, Vocabulary};
use sqlx::PgConnection;
use translations::term_label;
use uuid::Uuid;

use super::buckets::{BucketedRange, buckets_of};
use super::counts::{
    AsOfView, BucketQuery, CountQuery, CountRow, count_by_bucket, load_percentiles_by_bucket,
};
use super::definitions::{Aggregation, OTHER, SeriesDef, TOTAL, measures_of, series_of_group};
use super::labels::label;
use super::query::{Dimension, ReportError, ReportQuery};
use super::result::{Series, Unit};
use super::tally::{SeriesWithTotals, Tally};
use crate::accounts::pseudonym;

/// Number of groups with series of their own.
const GROUPS: usize = 50;
/// Group of the facts without a value of the dimension.
const NONE: &str = "none";

/// Computes the series of the largest groups, of the rest and of all.
pub(super) async fn compute_groups(
    db: &mut PgConnection,
    as_of_view: AsOfView,
    query: &ReportQuery,
    dimension: Dimension,
) -> Result<SeriesWithTotals, ReportError> {
    let defs = series_of_group(query);
    let range = BucketedRange { from: query.from, to: query.to, interval: query.interval };
    let buckets = buckets_of(range, &query.zone);
    let (mut rows, groups) = count_groups(db, as_of_view, query, dimension).await?;
    let measures = measures_of(&defs);
    let currency = query.money();
    let count_query = CountQuery {
        measures: &measures,
        filter: &query.filter,
        unit: currency.as_ref().map(Currency::as_str),
    };
    let is_ranked = defs.iter().any(|def| matches!(def.aggregation, Aggregation::Percentile(..)));
    let percentiles = if is_ranked {
        let bucket_query = BucketQuery {
            buckets: &buckets,
            to: query.counted_to(),
            dimension: Some(dimension),
            groups: Some(&groups),
        };
        load_percentiles_by_bucket(db, as_of_view, &count_query, bucket_query).await?
    } else {
        Vec::new()
    };
    for row in &mut rows {
        if !groups.contains(&row.group) {
            OTHER.clone_into(&mut row.group);
        }
    }
    let mut keys: Vec<Option<String>> = groups.iter().cloned().map(Some).collect();
    if rows.iter().any(|row| row.group == OTHER) && !groups.iter().any(|group| group == OTHER) {
        keys.push(Some(OTHER.to_owned()));
    }
    keys.push(None);
    let labels = load_labels(db, dimension, &groups, query.locale).await?;
    let mut series = Vec::new();
    let mut totals = BTreeMap::new();
    for group in keys {
        let is_in = |row: &CountRow| group.as_ref().is_none_or(|group| row.group == *group);
        let own = rows.iter().filter(|row| is_in(row)).cloned().collect();
        let tally = Tally::new(own, percentiles.iter().filter(|row| row.group == group).cloned().collect());
        for def in &defs {
            let key = series_key(def, group.as_deref());
            totals.insert(key.clone(), tally.compute_figure(def, None));
            series.push(Series {
                label: series_label(def, group.as_deref(), &labels, query.locale),
                group: group.clone(),
                key,
                currency: currency.filter(|_| def.unit == Unit::Money),
                unit: def.unit,
                points: tally.compute_points(def, &buckets, query.now),
            });
        }
    }
    Ok((series, totals))
}

/// Counts all groups in the range of a query, and returns the largest by the first series.
pub(super) async fn count_groups(
    db: &mut PgConnection,
    as_of_view: AsOfView,
    query: &ReportQuery,
    dimension: Dimension,
) -> Result<(Vec<CountRow>, Vec<String>), sqlx::Error> {
    let defs = series_of_group(query);
    let range = BucketedRange { from: query.from, to: query.to, interval: query.interval };
    let (buckets, measures, currency) = (buckets_of(range, &query.zone), measures_of(&defs), query.money());
    let count_query = CountQuery {
        measures: &measures,
        filter: &query.filter,
        unit: currency.as_ref().map(Currency::as_str),
    };
    let bucket_query =
        BucketQuery { buckets: &buckets, to: query.counted_to(), dimension: Some(dimension), groups: None };
    let rows = count_by_bucket(db, as_of_view, &count_query, bucket_query).await?;
    let is_sum = matches!(defs.first().map(|def| &def.aggregation), Some(Aggregation::Sum(_)));
    let mut sizes: BTreeMap<&str, i64> = BTreeMap::new();
    for row in &rows {
        *sizes.entry(&row.group).or_default() += if is_sum { row.total } else { row.facts };
    }
    let mut groups: Vec<(i64, String)> =
        sizes.into_iter().map(|(group, size)| (-size, group.to_owned())).collect();
    groups.sort();
    let groups = groups.into_iter().take(GROUPS).map(|(_, group)| group).collect();
    Ok((rows, groups))
}

/// Returns the key of a series: the group, with the key of the series before it if a group has several.
fn series_key(def: &SeriesDef, group: Option<&str>) -> String {
    match group {
        None => def.key.clone(),
        Some(group) if def.key == TOTAL => group.to_owned(),
        Some(group) => format!("{}:{group}", def.key),
    }
}

/// Finds the series and the group of a key.
pub(super) fn parse_key(query: &ReportQuery, key: &str) -> Option<(SeriesDef, Option<String>)> {
    let defs = series_of_group(query);
    if let Some(def) = defs.iter().find(|def| def.key == key) {
        return Some((def.clone(), None));
    }
    let with_base = key.split_once(':').and_then(|(base, group)| {
        let def = defs.iter().find(|def| def.key == base)?;
        Some((def.clone(), Some(group.to_owned())))
    });
    let total = || defs.iter().find(|def| def.key == TOTAL).cloned();
    with_base.or_else(|| total().map(|def| (def, Some(key.to_owned()))))
}

fn series_label(
    def: &SeriesDef,
    group: Option<&str>,
    labels: &HashMap<String, String>,
    locale: Locale,
) -> String {
    let Some(group) = group else { return def.label(locale) };
    let name = labels.get(group).cloned().unwrap_or_else(|| label(group, locale));
    if def.key == TOTAL { name } else { format!("{name}: {}", def.label(locale)) }
}

/// Loads the labels of groups: names of people, words of the dictionary, and words of the reports.
async fn load_labels(
    db: &mut PgConnection,
    dimension: Dimension,
    groups: &[String],
    locale: Locale,
) -> Result<HashMap<String, String>, sqlx::Error> {
    match dimension {
        Dimension::Teacher | Dimension::Agent => {
            let ids: Vec<Uuid> = groups.iter().filter_map(|group| group.parse().ok()).collect();
            let people =
                sqlx::query!("select account_id, name from app.accounts where account_id = any($1)", &ids,);
            let named = |id: Uuid, name: Option<String>| {
                (id.to_string(), name.unwrap_or_else(|| pseudonym(AccountId(id), locale)))
            };
            Ok(people.fetch_all(db).await?.into_iter().map(|row| named(row.account_id, row.name)).collect())
        }
        Dimension::Subject => {
            let subjects = groups.iter().filter(|group| *group != NONE);
            Ok(subjects.map(|code| (code.clone(), term_label(Vocabulary::Subjects, code, locale))).collect())
        }
        Dimension::Category => {
            let categories = groups.iter().filter(|group| *group != NONE);
            Ok(categories.map(|category| (category.clone(), category.clone())).collect())
        }
        Dimension::Priority | Dimension::Channel => Ok(HashMap::new()),
    }
}
