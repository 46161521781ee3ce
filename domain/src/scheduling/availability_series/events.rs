//! Events of a series.

use cqrs_es::DomainEvent;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::accounts::TimeZoneName;
use crate::decider::EventEffects;
use crate::ids::{AccountId, ClassId};
use crate::scheduling::terms::SlotTerms;

/// Events of the aggregate `AvailabilitySeries`. Dates and times without a zone are local in the zone of
/// the rule that holds then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SeriesEvent {
    SeriesDefined {
        teacher: AccountId,
        /// RFC 5545, without DTSTART.
        rrule: String,
        local_start: DateTime,
        zone: TimeZoneName,
        duration_minutes: u16,
        template: SlotTerms,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class_id: Option<ClassId>,
    },
    /// Changed fields only, from this local date on. `local_start` is the first occurrence of the new rule.
    SeriesChanged {
        from: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rrule: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        local_start: Option<DateTime>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<TimeZoneName>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        duration_minutes: Option<u16>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<SlotTerms>,
    },
    /// No slot on this local date.
    SeriesExceptionAdded { date: Date },
    /// No slot on this local date and later.
    SeriesEnded { from: Date },
    /// Slots are open up to and including this local date. The dates in `skipped` could not be opened;
    /// all other attempted dates are open.
    SeriesExtended {
        through: Date,
        opened: u32,
        #[serde(default)]
        skipped: Vec<Date>,
    },
}

impl DomainEvent for SeriesEvent {
    fn event_type(&self) -> String {
        match self {
            SeriesEvent::SeriesDefined { .. } => "SeriesDefined",
            SeriesEvent::SeriesChanged { .. } => "SeriesChanged",
            SeriesEvent::SeriesExceptionAdded { .. } => "SeriesExceptionAdded",
            SeriesEvent::SeriesEnded { .. } => "SeriesEnded",
            SeriesEvent::SeriesExtended { .. } => "SeriesExtended",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for SeriesEvent {}
