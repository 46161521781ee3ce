//! The aggregate of the log benches: one type, decided alike by both sides.

use std::sync::Arc;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use domain::{
    AccountId, Actor, ClaimRefused, Clock, CommandContext, CommandId, Decider, EventEffects, Ids, Personal,
    RandomIds, Refusal, RefusalError, Source,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An author's notes, reduced to what a decision needs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Notebook {
    notes: u64,
    bytes: u64,
}

/// Adds some notes of the same length, one event each.
#[derive(Clone, Debug)]
pub struct AddNotes {
    pub author: AccountId,
    pub count: usize,
}

/// One note; about 300 bytes of JSON before its personal part is sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NotebookEvent {
    NoteAdded { author_name: Personal<String>, number: u64, text: String },
}

/// Refusal: the notebook has its maximum number of notes.
#[derive(Debug, thiserror::Error)]
#[error("the notebook is full")]
pub struct NotebookFull;

impl DomainEvent for NotebookEvent {
    fn event_type(&self) -> String {
        "NoteAdded".to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for NotebookEvent {}

impl RefusalError for NotebookFull {
    fn refusal(&self) -> Refusal {
        Refusal::conflict("notebook_full", self.to_string())
    }

    fn claim_refused(_: ClaimRefused) -> Refusal {
        NotebookFull.refusal()
    }
}

impl Decider for Notebook {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &AddNotes, _: Timestamp) -> Result<Vec<NotebookEvent>, NotebookFull> {
        if self.notes > 100_000_000 {
            return Err(NotebookFull);
        }
        let event = |offset: usize| NotebookEvent::NoteAdded {
            author_name: Personal::new(command.author, "Ada Lovelace".to_owned()),
            number: self.notes + offset as u64 + 1,
            text: "The Analytical Engine weaves algebraic patterns just as the loom weaves flowers and \
                leaves; of what it can do we know how to order it to perform it."
                .to_owned(),
        };
        Ok((0..command.count).map(event).collect())
    }
}

impl Aggregate for Notebook {
    const TYPE: &'static str = "BenchNotebook";
    type Command = AddNotes;
    type Event = NotebookEvent;
    type Error = NotebookFull;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: AddNotes,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), NotebookFull> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: NotebookEvent) {
        let NotebookEvent::NoteAdded { number, text, .. } = event;
        self.notes = number;
        self.bytes += text.len() as u64;
    }
}

/// Context of an author's command, with a new command id.
pub(crate) fn context(author: AccountId) -> CommandContext {
    CommandContext {
        actor: Actor::Account(author),
        role: None,
        source: Source::Api,
        correlation_id: new_id(),
        causation_id: None,
        command_id: CommandId(new_id()),
        traceparent: None,
        request_id: None,
        expected_versions: Vec::new(),
    }
}

pub(crate) fn new_id() -> Uuid {
    RandomIds.next()
}

/// So many authors; their notebooks have the same ids.
pub(crate) fn authors(count: usize) -> Vec<AccountId> {
    (0..count).map(|_| AccountId(new_id())).collect()
}
