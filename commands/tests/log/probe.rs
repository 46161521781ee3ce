//! A small aggregate that uses every feature of the log.

use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use domain::{AccountId, Claim, ClaimRefused, Clock, Decider, EventEffects, Personal, Refusal, RefusalError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    pub total: i64,
    pub labels: Vec<Personal<String>>,
}

#[derive(Clone, Debug)]
pub enum ProbeCommand {
    Add(i64),
    /// Adds the amount unless the total would pass the limit.
    AddBelow {
        amount: i64,
        limit: i64,
    },
    /// Sets the total; no event if it is already so.
    Ensure(i64),
    Label {
        person: AccountId,
        text: String,
    },
    Name(String),
    Book {
        person: AccountId,
        from: Timestamp,
        to: Timestamp,
    },
    Free,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ProbeEvent {
    Added { amount: i64 },
    Labelled { label: Personal<String> },
    Named { owner: AccountId, name: String },
    Booked { person: AccountId, from: Timestamp, to: Timestamp },
    Freed {},
}

impl DomainEvent for ProbeEvent {
    fn event_type(&self) -> String {
        match self {
            ProbeEvent::Added { .. } => "Added",
            ProbeEvent::Labelled { .. } => "Labelled",
            ProbeEvent::Named { .. } => "Named",
            ProbeEvent::Booked { .. } => "Booked",
            ProbeEvent::Freed {} => "Freed",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for ProbeEvent {
    fn claims(&self) -> Vec<Claim> {
        match self {
            ProbeEvent::Added { .. } | ProbeEvent::Labelled { .. } => vec![],
            ProbeEvent::Named { owner, name } => {
                vec![Claim::Unique { scope: "probe_name", key: Personal::new(*owner, name.clone()) }]
            }
            ProbeEvent::Booked { person, from, to } => {
                vec![Claim::Time { person: *person, from: *from, to: *to }]
            }
            ProbeEvent::Freed {} => vec![Claim::ReleaseAllTime, Claim::ReleaseUnique { scope: "probe_name" }],
        }
    }
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ProbeError {
    #[error("the limit is reached")]
    LimitReached,
}

impl RefusalError for ProbeError {
    fn refusal(&self) -> Refusal {
        Refusal::conflict("limit_reached", self.to_string())
    }

    fn claim_refused(claim: ClaimRefused) -> Refusal {
        match claim {
            ClaimRefused::Unique { .. } => Refusal::conflict("name_taken", ""),
            ClaimRefused::Time { .. } => Refusal::conflict("time_conflict", ""),
        }
    }
}

impl Decider for Probe {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &ProbeCommand, _now: Timestamp) -> Result<Vec<ProbeEvent>, ProbeError> {
        Ok(match command.clone() {
            ProbeCommand::Add(amount) => vec![ProbeEvent::Added { amount }],
            ProbeCommand::AddBelow { amount, limit } if self.total + amount > limit => {
                return Err(ProbeError::LimitReached);
            }
            ProbeCommand::AddBelow { amount, .. } => vec![ProbeEvent::Added { amount }],
            ProbeCommand::Ensure(total) if total == self.total => vec![],
            ProbeCommand::Ensure(total) => vec![ProbeEvent::Added { amount: total - self.total }],
            ProbeCommand::Label { person, text } => {
                vec![ProbeEvent::Labelled { label: Personal::new(person, text) }]
            }
            ProbeCommand::Name(name) => vec![ProbeEvent::Named { owner: AccountId(Uuid::nil()), name }],
            ProbeCommand::Book { person, from, to } => vec![ProbeEvent::Booked { person, from, to }],
            ProbeCommand::Free => vec![ProbeEvent::Freed {}],
        })
    }
}

impl Aggregate for Probe {
    const TYPE: &'static str = "Probe";
    type Command = ProbeCommand;
    type Event = ProbeEvent;
    type Error = ProbeError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: ProbeCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), ProbeError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ProbeEvent) {
        match event {
            ProbeEvent::Added { amount } => self.total += amount,
            ProbeEvent::Labelled { label } => self.labels.push(label),
            ProbeEvent::Named { .. } | ProbeEvent::Booked { .. } | ProbeEvent::Freed {} => {}
        }
    }
}
