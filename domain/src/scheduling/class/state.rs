//! A class as it stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::commands::ClassCommand;
use super::error::ClassError;
use super::events::ClassEvent;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::AccountId;
use crate::personal::Personal;

/// A class: not there yet, or created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Class {
    #[default]
    Uncreated,
    Created(Box<Group>),
}

/// A class that was created.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub teacher: AccountId,
    pub name: Personal<String>,
    pub description: Option<Personal<String>>,
    pub subject: String,
    pub grade: String,
    pub colour: String,
    pub capacity: u16,
    pub students: BTreeSet<AccountId>,
    pub closed: bool,
}

impl Class {
    pub fn group(&self) -> Option<&Group> {
        match self {
            Class::Uncreated => None,
            Class::Created(group) => Some(group),
        }
    }
}

impl Decider for Class {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, _command: &ClassCommand, _now: Timestamp) -> Result<Vec<ClassEvent>, ClassError> {
        Err(ClassError::NotFound)
    }
}

impl Aggregate for Class {
    const TYPE: &'static str = "Class";
    type Command = ClassCommand;
    type Event = ClassEvent;
    type Error = ClassError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: ClassCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), ClassError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, _event: ClassEvent) {}
}
