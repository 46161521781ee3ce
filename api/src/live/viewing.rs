//! Who looks at which ticket of the desk, over all processes, told to those who look at the same. Live only.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard};

use axum::http::Method;
use domain::accounts::Account;
use domain::support::Ticket;
use domain::{AccountId, DispatchError, Personal, TicketId};
use uuid::Uuid;

use super::Live;
use super::frame::{self, Agent};
use super::hub::Seat;
use super::peer_bus::{Viewers, Word};
use crate::auth::permissions::may;

/// Who looks at which ticket in the other processes.
#[derive(Default)]
pub(super) struct Viewing(Mutex<HashMap<Uuid, Viewers>>);

impl Viewing {
    /// What a process says of all its tickets; gives those for which that made a difference.
    pub(super) fn replace(&self, process: Uuid, viewers: Viewers) -> Vec<TicketId> {
        let mut elsewhere = self.locked();
        let before = elsewhere.insert(process, viewers).unwrap_or_default();
        let now = &elsewhere[&process];
        let tickets: BTreeSet<TicketId> = before.keys().chain(now.keys()).copied().collect();
        tickets.into_iter().filter(|ticket| before.get(ticket) != now.get(ticket)).collect()
    }

    /// What a process says of one ticket; whether that made a difference.
    pub(super) fn set(&self, process: Uuid, ticket: TicketId, agents: BTreeSet<AccountId>) -> bool {
        let mut elsewhere = self.locked();
        let known = elsewhere.entry(process).or_default();
        if agents.is_empty() {
            return known.remove(&ticket).is_some();
        }
        known.insert(ticket, agents.clone()).is_none_or(|before| before != agents)
    }

    /// Forgets a process; gives the tickets that somebody looked at there.
    pub(super) fn forget(&self, process: Uuid) -> Vec<TicketId> {
        self.locked().remove(&process).into_iter().flat_map(Viewers::into_keys).collect()
    }

    fn of(&self, ticket: TicketId) -> BTreeSet<AccountId> {
        let elsewhere = self.locked();
        elsewhere.values().filter_map(|viewers| viewers.get(&ticket)).flatten().copied().collect()
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Uuid, Viewers>> {
        self.0.lock().expect("nothing panics while it holds who looks at what")
    }
}

impl Live {
    /// Whoever sits there looks at this ticket from now on; the code of the refusal otherwise.
    pub(super) async fn views(
        &self,
        seat: &Seat,
        ticket: Option<TicketId>,
    ) -> Result<Result<(), &'static str>, DispatchError> {
        if let Some(ticket) = ticket {
            if self.agent(seat.account).await?.is_none() {
                return Ok(Err("forbidden"));
            }
            if self.bus.load::<Ticket>(ticket).await?.state.case().is_none() {
                return Ok(Err("ticket_not_found"));
            }
        }
        seat.views(ticket);
        Ok(Ok(()))
    }

    /// Tells the other processes who looks at these tickets here, and everybody here who looks at them.
    pub(super) async fn viewed_here(&self, tickets: impl IntoIterator<Item = TicketId>) {
        for ticket in tickets {
            if let Some(post) = &self.post {
                let agents = self.hub.viewers().remove(&ticket).unwrap_or_default();
                post.say(Word::Viewing { ticket, agents }).await;
            }
            self.tell_viewers(ticket).await;
        }
    }

    /// Tells everybody here who looks at a ticket which others do. Who may not (any more) hears nothing, and
    /// is not named.
    pub(super) async fn tell_viewers(&self, ticket: TicketId) {
        let Some(here) = self.hub.viewers().remove(&ticket) else { return };
        let mut agents = Vec::new();
        for person in self.viewing.of(ticket).union(&here) {
            // The next change says it again.
            agents.extend(self.agent(*person).await.ok().flatten());
        }
        self.hub.tell_viewers(ticket, |person| {
            let is_agent = agents.iter().any(|agent| agent.id == person);
            let others: Vec<&Agent> = agents.iter().filter(|agent| agent.id != person).collect();
            is_agent.then(|| frame::viewing(ticket, &others))
        });
    }

    /// The person, as the log has them now, if they may read the tickets of the desk.
    async fn agent(&self, id: AccountId) -> Result<Option<Agent>, DispatchError> {
        let account = self.bus.load::<Account>(id).await?;
        let person = account.state.person();
        let person = person.filter(|person| may(person, &Method::GET, "/crm/tickets/{id}"));
        Ok(person.map(|person| {
            let name = person.profile.name.as_ref().and_then(Personal::known);
            Agent { id, name: name.map(|name| name.as_str().to_owned()) }
        }))
    }
}
