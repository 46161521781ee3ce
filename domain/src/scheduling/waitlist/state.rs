//! A place in the line as it stands.

use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::WaitlistCommand;
use super::error::WaitlistError;
use super::events::WaitlistEvent;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::{AccountId, HoldId, SlotId};

/// A place in the line: not taken yet, or somebody's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum WaitlistEntry {
    #[default]
    Unjoined,
    Joined {
        slot_id: SlotId,
        student: AccountId,
        stage: WaitlistStage,
    },
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitlistStage {
    Waiting,
    Offered { hold_id: HoldId, expires_at: Timestamp },
    Accepted,
    Declined,
    Expired,
    Left,
}

impl Decider for WaitlistEntry {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(
        &self,
        _command: &WaitlistCommand,
        _now: Timestamp,
    ) -> Result<Vec<WaitlistEvent>, WaitlistError> {
        Err(WaitlistError::NotFound)
    }
}

impl Aggregate for WaitlistEntry {
    const TYPE: &'static str = "WaitlistEntry";
    type Command = WaitlistCommand;
    type Event = WaitlistEvent;
    type Error = WaitlistError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: WaitlistCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), WaitlistError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, _event: WaitlistEvent) {}
}
