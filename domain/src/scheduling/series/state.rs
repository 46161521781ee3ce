//! A series as it stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::super::terms::Terms;
use super::commands::SeriesCommand;
use super::error::SeriesError;
use super::events::SeriesEvent;
use crate::accounts::TimeZoneName;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::{AccountId, ClassId};

/// A series: not there yet, or defined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum AvailabilitySeries {
    #[default]
    Undefined,
    Defined(Box<SeriesState>),
}

/// What holds now; after a change, the rule from `local_start` on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesState {
    pub teacher: AccountId,
    pub rrule: String,
    pub local_start: DateTime,
    pub zone: TimeZoneName,
    pub duration_minutes: u16,
    pub template: Terms,
    pub class_id: Option<ClassId>,
    pub exceptions: BTreeSet<Date>,
    /// The first local date without a slot.
    pub ended_from: Option<Date>,
    /// Slots stand open up to and with this local date.
    pub extended_through: Option<Date>,
}

impl AvailabilitySeries {
    pub fn state(&self) -> Option<&SeriesState> {
        match self {
            AvailabilitySeries::Undefined => None,
            AvailabilitySeries::Defined(state) => Some(state),
        }
    }
}

impl Decider for AvailabilitySeries {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, _command: &SeriesCommand, _now: Timestamp) -> Result<Vec<SeriesEvent>, SeriesError> {
        Err(SeriesError::NotFound)
    }
}

impl Aggregate for AvailabilitySeries {
    const TYPE: &'static str = "AvailabilitySeries";
    type Command = SeriesCommand;
    type Event = SeriesEvent;
    type Error = SeriesError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: SeriesCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), SeriesError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, _event: SeriesEvent) {}
}
