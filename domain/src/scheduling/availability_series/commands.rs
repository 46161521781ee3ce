//! Commands to a series.

use jiff::civil::{Date, DateTime};

use crate::accounts::TimeZoneName;
use crate::ids::{AccountId, ClassId};
use crate::scheduling::terms::{Initiator, SlotTerms};

/// Commands to the aggregate `AvailabilitySeries`.
#[derive(Clone, Debug)]
pub enum SeriesCommand {
    DefineSeries(Box<NewSeries>),
    ChangeSeries { by: AccountId, from: Date, change: Box<SeriesChange> },
    AddException { by: AccountId, date: Date },
    EndSeries { by: Initiator, from: Date },
    RecordExtension { through: Date, opened: u32, skipped: Vec<Date> },
}

/// Definition of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSeries {
    pub teacher: AccountId,
    pub rrule: String,
    pub local_start: DateTime,
    pub zone: TimeZoneName,
    pub duration_minutes: u16,
    pub template: SlotTerms,
    pub class_id: Option<ClassId>,
}

/// Changes that hold from a date on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesChange {
    pub rrule: Option<String>,
    pub local_start: Option<DateTime>,
    pub zone: Option<TimeZoneName>,
    pub duration_minutes: Option<u16>,
    pub template: Option<SlotTerms>,
}
