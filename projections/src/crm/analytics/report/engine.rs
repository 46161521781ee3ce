//! From a question to its answer: facts that hold as of a position, counted.

use std::collections::HashMap;

use domain::Currency;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sqlx::{PgConnection, PgPool};

use super::answer::{Answer, Figure, Point, Previous, Series, Unit, Value};
use super::counting::{Count, Counted, Percentiles, Range, Seen, count, look, percentiles};
use super::definitions::{CATEGORIES, How, Line, OTHER, Percent, Pick, TOTAL, lines, measures};
use super::question::{FactFilter, Interval, Question, Report, ReportError};
use super::steps::{checked, steps};
use crate::crm::analytics::Measure;
use crate::crm::analytics::local_days::{add_days, start_of_day};

/// Cohorts are followed for a year.
const COHORT_WEEKS: i32 = 53;

/// Answers a question out of one state of the facts.
///
/// # Errors
/// The report does not take what is asked of it, or the database is away.
pub async fn report(pool: &PgPool, question: &Question) -> Result<Answer, ReportError> {
    let question = checked(question)?;
    let (mut db, seen) = look(pool, question.as_of).await?;
    let categories = categories(&mut db, seen, question.report).await?;
    let (series, totals) = answer(&mut db, seen, &question, &categories).await?;
    let previous = match question.compare {
        None => None,
        Some(_) => {
            let before = before(&question);
            let (series, totals) = answer(&mut db, seen, &before, &categories).await?;
            Some(Previous { from: before.from, to: before.to, series, totals })
        }
    };
    Ok(Answer {
        report: question.report,
        definition_version: question.definition,
        as_of_position: seen.position,
        from: question.from,
        to: question.to,
        interval: question.interval,
        series,
        totals,
        previous,
    })
}

/// The same question about the equally long time before.
fn before(question: &Question) -> Question {
    let length = question.to.duration_since(question.from);
    let from = question.from.checked_sub(length).unwrap_or(Timestamp::MIN);
    Question { from, to: question.from, ..question.clone() }
}

/// The categories of tickets that have a series of their own: those with the most tickets ever opened, so that
/// they are the same in every range and step.
pub(super) async fn categories(
    db: &mut PgConnection,
    seen: Seen,
    report: Report,
) -> Result<Vec<String>, sqlx::Error> {
    if report != Report::TicketCategories {
        return Ok(Vec::new());
    }
    let ever = Range { from: Timestamp::UNIX_EPOCH, to: end_of_time(), interval: Interval::Month };
    let filter = FactFilter::default();
    let counted = Counted { measures: &[Measure::TicketCategory], filter: &filter, unit: None };
    let mut sizes: HashMap<String, i64> = HashMap::new();
    for row in count(db, seen, &counted, ever).await? {
        *sizes.entry(row.class).or_default() += row.facts;
    }
    let mut sizes: Vec<(String, i64)> =
        sizes.into_iter().filter(|(name, facts)| *facts > 0 && name != OTHER && name != TOTAL).collect();
    sizes.sort_by(|(name, facts), (other, more)| more.cmp(facts).then_with(|| name.cmp(other)));
    Ok(sizes.into_iter().take(CATEGORIES).map(|(name, _)| name).collect())
}

/// Later than anything in a school.
pub(super) fn end_of_time() -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 366 * 230)
}

type Figures = (Vec<Series>, std::collections::BTreeMap<String, Figure>);

async fn answer(
    db: &mut PgConnection,
    seen: Seen,
    question: &Question,
    categories: &[String],
) -> Result<Figures, ReportError> {
    let lines = lines(question, categories);
    let range = Range { from: question.from, to: question.to, interval: question.interval };
    let measures = measures(&lines);
    let currency = question.money();
    let counted = Counted {
        measures: &measures,
        filter: &question.filter,
        unit: currency.as_ref().map(Currency::as_str),
    };
    let is_ranked = lines.iter().any(|line| matches!(line.how, How::Percentile(..)));
    let tally = if is_ranked {
        Tally::of(Vec::new(), percentiles(db, seen, &counted, range).await?)
    } else {
        Tally::of(count(db, seen, &counted, range).await?, Vec::new())
    };
    let steps = steps(range);
    let mut series = Vec::new();
    let mut totals = std::collections::BTreeMap::new();
    for line in lines {
        let (points, total) = match line.how {
            How::Cohort(week) => cohort(&tally, week, question.now),
            _ => (
                steps.iter().map(|(day, t)| tally.figure(&line, Some(*day)).at(*t)).collect(),
                tally.figure(&line, None),
            ),
        };
        totals.insert(line.key.clone(), total);
        if !line.only_total {
            series.push(Series {
                label: line.label(question.locale),
                currency: currency.filter(|_| line.unit == Unit::Money),
                key: line.key,
                unit: line.unit,
                points,
            });
        }
    }
    Ok((series, totals))
}

impl Question {
    /// The currency of a report about money.
    pub(super) fn money(&self) -> Option<Currency> {
        (self.report == Report::Revenue).then(|| self.currency.unwrap_or(Currency::RUB))
    }
}

impl Figure {
    fn at(self, t: Timestamp) -> Point {
        Point { t, value: self.value, sample: self.sample }
    }
}

/// What was counted, by step.
struct Tally {
    counts: HashMap<Date, Vec<Count>>,
    percentiles: HashMap<(Measure, Option<Date>), Percentiles>,
}

impl Tally {
    fn of(rows: Vec<Count>, percentiles: Vec<Percentiles>) -> Self {
        let mut counts: HashMap<Date, Vec<Count>> = HashMap::new();
        for row in rows {
            counts.entry(row.bucket).or_default().push(row);
        }
        let percentiles = percentiles.into_iter().map(|row| ((row.measure, row.bucket()), row)).collect();
        Self { counts, percentiles }
    }

    /// Facts, and the sum of their values: of a step, or of the whole range.
    fn sum(&self, pick: &Pick, step: Option<Date>) -> (i64, i64) {
        let add = |(facts, total): (i64, i64), row: &Count| (facts + row.facts, total + row.total);
        match step {
            Some(day) => {
                let rows = self.counts.get(&day).into_iter().flatten();
                rows.filter(|row| row.first_in_bucket && pick.takes(row)).fold((0, 0), add)
            }
            None => {
                let rows = self.counts.values().flatten();
                rows.filter(|row| row.first_in_range && pick.takes(row)).fold((0, 0), add)
            }
        }
    }

    fn figure(&self, line: &Line, step: Option<Date>) -> Figure {
        match &line.how {
            How::Count(pick) => {
                let (facts, _) = self.sum(pick, step);
                Figure { value: Value::Whole(facts), sample: facts }
            }
            How::Sum(pick) => {
                let (facts, total) = self.sum(pick, step);
                Figure { value: Value::Whole(total), sample: facts }
            }
            How::Ratio { part, whole } => {
                let ((part, _), (whole, _)) = (self.sum(part, step), self.sum(whole, step));
                Figure { value: quotient(part, whole), sample: whole }
            }
            How::RatioOfSums { part, whole } => {
                let ((_, part), (facts, whole)) = (self.sum(part, step), self.sum(whole, step));
                Figure { value: quotient(part, whole), sample: facts }
            }
            How::Average(pick) => {
                let (facts, total) = self.sum(pick, step);
                Figure { value: quotient(total, facts), sample: facts }
            }
            How::Percentile(measure, percent) => {
                let found = self.percentiles.get(&(*measure, step));
                let value = found.map_or(0, |found| match percent {
                    Percent::Half => found.half,
                    Percent::Ninety => found.ninety,
                });
                Figure { value: Value::Whole(value), sample: found.map_or(0, |found| found.facts) }
            }
            How::Cohort(_) => Figure { value: Value::Quotient(0.0), sample: 0 },
        }
    }
}

impl Pick {
    pub(super) fn takes(&self, row: &Count) -> bool {
        self.measure == row.measure
            && self.class.as_ref().is_none_or(|class| *class == row.class)
            && self.detail.is_none_or(|detail| detail == row.detail)
            && !self.not.contains(&row.class)
    }
}

/// Nothing of nothing is 0.
fn quotient(part: i64, whole: i64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "what is counted here stays far below 2^53")]
    let quotient = if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    Value::Quotient(quotient)
}

/// How much of a week's newcomers was active in each week that has begun; in total, in the mean of the weeks
/// after their first.
fn cohort(tally: &Tally, week: Date, now: Timestamp) -> (Vec<Point>, Figure) {
    let (size, _) = tally.sum(&super::definitions::all(Measure::Registered), Some(week));
    let weeks = (0..COHORT_WEEKS).map(|number| (number, start_of_day(add_days(week, 7 * number))));
    let mut points = Vec::new();
    let mut after = 0;
    for (number, t) in weeks.take_while(|(_, t)| *t <= now) {
        let returned = super::definitions::of(Measure::Returned, number.to_string());
        let (active, _) = tally.sum(&returned, Some(week));
        after += if number == 0 { 0 } else { active };
        points.push(Point { t, value: quotient(active, size), sample: size });
    }
    let weeks_after = i64::try_from(points.len()).unwrap_or(0).saturating_sub(1);
    (points, Figure { value: quotient(after, size * weeks_after.max(0)), sample: size })
}
