//! Result of a report.

use std::collections::BTreeMap;

use domain::{AccountId, Currency, Position};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use super::query::{Interval, Report};
use crate::crm::analytics::Measure;

/// Result of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportResult {
    pub report: Report,
    pub definition_version: u16,
    pub as_of_position: Position,
    /// Range that was counted. `active_users` and `retention` widen it to whole local days and weeks.
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    pub interval: Interval,
    /// IANA name of the zone of the local dates.
    pub time_zone: String,
    pub series: Vec<Series>,
    /// Totals of the whole range, by key.
    pub totals: BTreeMap<String, Figure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousPeriod>,
}

/// Series and totals of the equally long time before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviousPeriod {
    pub from: Timestamp,
    pub to: Timestamp,
    pub series: Vec<Series>,
    pub totals: BTreeMap<String, Figure>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    pub key: String,
    pub label: String,
    /// Id or code of the group, or `other`; `None` for a series of all groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    pub unit: Unit,
    /// Currency, if the value is money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    pub points: Vec<Point>,
}

domain::code_enum!(
    /// Unit of a value.
    Unit {
        Count = "count",
        Minutes = "minutes",
        Seconds = "seconds",
        /// From 0 to 1.
        Ratio = "ratio",
        /// From 1 to 5.
        Points = "points",
        /// Minor units of a currency.
        Money = "money",
    }
);

/// Point of a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Beginning of the bucket.
    pub t: Timestamp,
    /// First local day of the bucket within the range.
    pub local_date: Date,
    /// `true` if the range or the present cuts the day, week or month.
    pub partial: bool,
    pub value: Value,
    /// Number of facts behind the value.
    pub sample: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    pub value: Value,
    pub sample: i64,
}

/// Value: an integer for counts and sums, a decimal for quotients.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Whole(i64),
    Quotient(f64),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Whole(value) => value.fmt(f),
            Value::Quotient(value) => value.fmt(f),
        }
    }
}

/// Fact behind a figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrillRow {
    /// Position of the event that added the fact.
    pub position: Position,
    /// Number of the fact within its event.
    #[serde(skip)]
    pub ordinal: i16,
    /// Instant at which the fact counts.
    pub at: Timestamp,
    pub measure: Measure,
    pub class: String,
    pub detail: Option<String>,
    pub value: i64,
    /// Currency, if the value is money.
    pub unit: Option<String>,
    pub entity_type: String,
    pub entity_id: Uuid,
}

/// Person of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactPerson {
    pub account_id: AccountId,
    /// `None` after erasure.
    pub name: Option<String>,
}
