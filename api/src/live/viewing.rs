//! Viewers of tickets over all OS processes, announced to the other viewers of a ticket. They are never
//! stored.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard};

use axum::http::Method;
use domain::accounts::Account;
use domain::support::Ticket;
use domain::{AccountId, DispatchError, Personal, TicketId};
use uuid::Uuid;

use super::LiveSockets;
use super::frame::{self, ViewingAgent};
use super::hub::Connection;
use super::peer_bus::{PeerEvent, Viewers};
use crate::auth::permissions::is_allowed;

/// Viewers of tickets in the other OS processes.
#[derive(Default)]
pub(super) struct PeerViewers(Mutex<HashMap<Uuid, Viewers>>);

impl PeerViewers {
    /// Sets the viewers of all tickets in an OS process; returns the tickets whose viewers changed.
    pub(super) fn replace(&self, process: Uuid, viewers: Viewers) -> Vec<TicketId> {
        let mut peers = self.lock_viewers();
        let before = peers.insert(process, viewers).unwrap_or_default();
        let now = &peers[&process];
        let tickets: BTreeSet<TicketId> = before.keys().chain(now.keys()).copied().collect();
        tickets.into_iter().filter(|ticket| before.get(ticket) != now.get(ticket)).collect()
    }

    /// Sets the viewers of one ticket in an OS process; returns whether they changed.
    pub(super) fn set(&self, process: Uuid, ticket: TicketId, agents: BTreeSet<AccountId>) -> bool {
        let mut peers = self.lock_viewers();
        let known = peers.entry(process).or_default();
        if agents.is_empty() {
            return known.remove(&ticket).is_some();
        }
        known.insert(ticket, agents.clone()).is_none_or(|before| before != agents)
    }

    /// Removes an OS process; returns the tickets that had viewers there.
    pub(super) fn remove_peer(&self, process: Uuid) -> Vec<TicketId> {
        self.lock_viewers().remove(&process).into_iter().flat_map(Viewers::into_keys).collect()
    }

    fn viewers_of(&self, ticket: TicketId) -> BTreeSet<AccountId> {
        let peers = self.lock_viewers();
        peers.values().filter_map(|viewers| viewers.get(&ticket)).flatten().copied().collect()
    }

    fn lock_viewers(&self) -> MutexGuard<'_, HashMap<Uuid, Viewers>> {
        self.0.lock().expect("no panic while the viewers are locked")
    }
}

impl LiveSockets {
    /// Sets the ticket that is open at a socket; returns the refusal code if the person may not view it.
    pub(super) async fn set_viewing(
        &self,
        connection: &Connection,
        ticket: Option<TicketId>,
    ) -> Result<Result<(), &'static str>, DispatchError> {
        if let Some(ticket) = ticket {
            if self.find_agent(connection.account).await?.is_none() {
                return Ok(Err("forbidden"));
            }
            if self.bus.load::<Ticket>(ticket).await?.state.case().is_none() {
                return Ok(Err("ticket_not_found"));
            }
        }
        connection.set_viewing(ticket);
        Ok(Ok(()))
    }

    /// Announces the viewers of these tickets to the other OS processes and to the connected viewers.
    pub(super) async fn publish_viewers(&self, tickets: impl IntoIterator<Item = TicketId>) {
        for ticket in tickets {
            if let Some(peers) = &self.peers {
                let agents = self.hub.viewers().remove(&ticket).unwrap_or_default();
                peers.publish(PeerEvent::Viewing { ticket, agents }).await;
            }
            self.notify_viewers(ticket).await;
        }
    }

    /// Tells the connected viewers of a ticket which other agents look at it. People who may not read the
    /// ticket receive nothing and are not named.
    pub(super) async fn notify_viewers(&self, ticket: TicketId) {
        let Some(here) = self.hub.viewers().remove(&ticket) else { return };
        let mut agents = Vec::new();
        for person in self.viewing.viewers_of(ticket).union(&here) {
            // The next change announces an agent who could not be loaded.
            agents.extend(self.find_agent(*person).await.ok().flatten());
        }
        self.hub.send_to_viewers(ticket, |person| {
            let is_agent = agents.iter().any(|agent| agent.id == person);
            let others = agents.iter().filter(|agent| agent.id != person).cloned().collect();
            is_agent.then(|| frame::viewing(ticket, others))
        });
    }

    /// Loads a person from the log; `None` if the person may not read tickets of the support desk.
    async fn find_agent(&self, id: AccountId) -> Result<Option<ViewingAgent>, DispatchError> {
        let account = self.bus.load::<Account>(id).await?;
        let person = account.state.person();
        let person = person.filter(|person| is_allowed(person, &Method::GET, "/crm/tickets/{id}"));
        Ok(person.map(|person| {
            let name = person.profile.name.as_ref().and_then(Personal::known);
            ViewingAgent { id, name: name.map(|name| name.as_str().to_owned()) }
        }))
    }
}
