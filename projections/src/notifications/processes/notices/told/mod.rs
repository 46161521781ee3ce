//! Whom an event concerns, and what each of them is told. Who did it is not told of it.

mod lessons;
mod people;
mod requests;

use domain::notifications::Notice;
use domain::{AccountId, Decider, Event, Recorded, folded};
use projection_runtime::{Outcome, Task, chain};

use super::handler::NotifyHandler;

/// To whom, and what.
type Told = Vec<(AccountId, Notice)>;

impl NotifyHandler {
    pub(super) async fn told(&self, task: &Task, recorded: &Recorded) -> Result<Told, Outcome> {
        match &recorded.event {
            Event::Slot(event) => self.told_of_lesson(task, recorded, event).await,
            Event::Request(event) => self.told_of_request(task, recorded, event).await,
            Event::Waitlist(event) => self.told_of_line(task, recorded, event).await,
            Event::Conversation(event) => self.told_of_talk(task, recorded, event).await,
            Event::Account(event) => self.told_of_account(task, recorded, event).await,
            Event::CrmLink(event) => self.told_of_crm(task, recorded, event).await,
            Event::Ticket(event) => Ok(people::told_of_ticket(recorded, event)),
            Event::Series(_) | Event::Class(_) | Event::Inbox(_) => Ok(Vec::new()),
        }
    }

    /// The events of the stream before this one, and the aggregate before and after it.
    async fn around<A: Decider<Event: TryFrom<Event>>>(
        &self,
        task: &Task,
        recorded: &Recorded,
    ) -> Result<Around<A>, Outcome> {
        let log = &self.acting.log;
        let read = async {
            let mut sealed = log.read_stream(&recorded.stream, 0).await?;
            sealed.retain(|event| event.sequence < recorded.sequence);
            log.open(&sealed).await
        };
        let events = read.await.map_err(|error| {
            tracing::error!(task = %task.id, cause = chain(&error), "a stream can not be read");
            self.acting.later(task, "a stream can not be read")
        })?;
        let before: A = folded(events.iter().cloned());
        let mut after = before.clone();
        if let Ok(event) = A::Event::try_from(recorded.event.clone()) {
            after.apply(event);
        }
        Ok(Around { events, before, after })
    }
}

/// An aggregate around one of its events.
struct Around<A> {
    events: Vec<Recorded>,
    before: A,
    after: A,
}

/// Whether the person did it themselves.
fn is_doer(recorded: &Recorded, person: AccountId) -> bool {
    recorded.metadata.actor.account() == Some(person)
}

/// The id of the stream of an event.
fn id_of<I: std::str::FromStr>(recorded: &Recorded) -> Option<I> {
    recorded.stream.aggregate_id.parse().ok()
}
