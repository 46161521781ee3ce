//! Presence over all OS processes, announced to the people who share a conversation. It is never stored.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use async_nats::Subscriber;
use domain::AccountId;
use futures::StreamExt;
use projections::live::find_contacts;
use tokio::time::{Instant, interval};
use uuid::Uuid;

use super::LiveSockets;
use super::frame;
use super::hub::{Delivery, HubChanges};
use super::peer_bus::PeerEvent;

/// Heartbeats that an OS process may miss before it counts as stopped and its people as offline.
const MISSED_HEARTBEATS: u32 = 3;

/// Accounts with a socket, by OS process.
#[derive(Default)]
pub(super) struct Presence(Mutex<OnlineMap>);

/// Accounts with a socket in this OS process and in the others.
#[derive(Default)]
struct OnlineMap {
    local: HashSet<AccountId>,
    peers: HashMap<Uuid, PeerState>,
}

/// Last known state of another OS process.
struct PeerState {
    people: HashSet<AccountId>,
    last_seen: Instant,
}

impl OnlineMap {
    fn is_online(&self, person: AccountId) -> bool {
        self.local.contains(&person) || self.peers.values().any(|process| process.people.contains(&person))
    }
}

impl Presence {
    /// Applies a change; returns those of `about` who went online or offline, with their new presence.
    fn update(
        &self,
        about: impl IntoIterator<Item = AccountId>,
        change: impl FnOnce(&mut OnlineMap),
    ) -> Vec<(AccountId, bool)> {
        let mut state = self.0.lock().expect("no panic while presence is locked");
        let about: HashSet<AccountId> = about.into_iter().collect();
        let before: Vec<(AccountId, bool)> =
            about.into_iter().map(|person| (person, state.is_online(person))).collect();
        change(&mut state);
        let now = before.into_iter().map(|(person, was)| (person, was, state.is_online(person)));
        now.filter(|(_, was, is)| was != is).map(|(person, _, is)| (person, is)).collect()
    }

    fn accounts_of(&self, process: Uuid) -> Vec<AccountId> {
        let state = self.0.lock().expect("no panic while presence is locked");
        state.peers.get(&process).into_iter().flat_map(|process| &process.people).copied().collect()
    }

    fn peers_silent_since(&self, instant: Instant) -> Vec<Uuid> {
        let state = self.0.lock().expect("no panic while presence is locked");
        let silent = state.peers.iter().filter(|(_, process)| process.last_seen < instant);
        silent.map(|(process, _)| *process).collect()
    }

    fn states_of(&self, people: impl Iterator<Item = AccountId>) -> Vec<(AccountId, bool)> {
        let state = self.0.lock().expect("no panic while presence is locked");
        people.map(|person| (person, state.is_online(person))).collect()
    }
}

impl LiveSockets {
    /// Returns whether the account has a socket, in this OS process or another.
    pub fn is_online(&self, person: AccountId) -> bool {
        self.presence.states_of([person].into_iter()).into_iter().any(|(_, online)| online)
    }

    /// Returns the people who share a conversation with a person and are online.
    pub(super) async fn online_contacts(&self, of: AccountId) -> Result<Vec<AccountId>, sqlx::Error> {
        Ok(self
            .contacts_with_presence(of)
            .await?
            .into_iter()
            .filter_map(|(contact, is)| is.then_some(contact))
            .collect())
    }

    /// Returns the people who share a conversation with a person, and whether they are online.
    pub(super) async fn contacts_with_presence(
        &self,
        of: AccountId,
    ) -> Result<Vec<(AccountId, bool)>, sqlx::Error> {
        let contacts = find_contacts(&self.pool, &[of]).await?;
        Ok(self.presence.states_of(contacts.into_iter().map(|(_, contact)| contact)))
    }
}

/// Runs the presence task until the OS process stops, then announces the stop.
pub(super) async fn run_presence(live: Arc<LiveSockets>) {
    let mut subscriber = None;
    if let Some(peers) = &live.peers {
        subscriber = peers.subscribe().await;
        peers.publish(PeerEvent::SnapshotRequested).await;
    }
    let mut heartbeat = interval(live.settings.presence);
    loop {
        let handled = tokio::select! {
            () = live.stopping.cancelled() => break,
            changes = live.hub.take_changes() => announce_changes(&live, changes).await,
            event = next_event(&live, &mut subscriber) => handle_peer_event(&live, event).await,
            _ = heartbeat.tick() => send_heartbeat(&live).await,
        };
        if let Err(error) = handled {
            tracing::warn!(%error, "cannot announce presence");
        }
    }
    if let Some(peers) = &live.peers {
        peers.publish(PeerEvent::Stopped).await;
    }
}

async fn next_event(live: &LiveSockets, subscriber: &mut Option<Subscriber>) -> (Uuid, PeerEvent) {
    loop {
        let Some(peers) = &live.peers else { return std::future::pending().await };
        let Some(messages) = subscriber else { return std::future::pending().await };
        match messages.next().await {
            Some(message) => {
                if let Some(event) = peers.decode(&message.payload) {
                    return event;
                }
            }
            None => *subscriber = None,
        }
    }
}

async fn announce_changes(live: &LiveSockets, changes: HubChanges) -> Result<(), sqlx::Error> {
    let (came, left): (Vec<AccountId>, Vec<AccountId>) =
        changes.presence.iter().partition(|person| live.hub.is_connected(**person));
    let (here, gone) = (came.clone(), left.clone());
    let changed = live.presence.update(changes.presence, |state| {
        state.local.extend(here);
        gone.iter().for_each(|person| _ = state.local.remove(person));
    });
    if let Some(peers) = &live.peers {
        if !came.is_empty() {
            peers.publish(PeerEvent::Connected { people: came }).await;
        }
        if !left.is_empty() {
            peers.publish(PeerEvent::Disconnected { people: left }).await;
        }
    }
    live.publish_viewers(changes.viewed_tickets).await;
    notify_contacts(live, changed).await?;
    for (one, other) in changes.blocked_pairs {
        for (hears, of) in [(one, other), (other, one)] {
            let online = live.presence.states_of([of].into_iter()).iter().any(|(_, online)| *online);
            if online {
                live.hub.send_to(&[hears], &frame::presence(of, false), Delivery::Reliable);
            }
        }
    }
    for person in changes.new_contacts {
        for contact in live.online_contacts(person).await? {
            live.hub.send_to(&[person], &frame::presence(contact, true), Delivery::Reliable);
        }
    }
    Ok(())
}

async fn handle_peer_event(
    live: &LiveSockets,
    (process, event): (Uuid, PeerEvent),
) -> Result<(), sqlx::Error> {
    let now = Instant::now();
    let changed = match event {
        PeerEvent::Snapshot { people, viewers } => {
            for ticket in live.viewing.replace(process, viewers) {
                live.notify_viewers(ticket).await;
            }
            let people: HashSet<AccountId> = people.into_iter().collect();
            let about: Vec<AccountId> =
                live.presence.accounts_of(process).into_iter().chain(people.iter().copied()).collect();
            live.presence.update(about, |state| {
                state.peers.insert(process, PeerState { people, last_seen: now });
            })
        }
        PeerEvent::Connected { people } => live.presence.update(people.clone(), |state| {
            let known = state.peers.entry(process);
            known.or_insert(PeerState { people: HashSet::new(), last_seen: now }).people.extend(people);
        }),
        PeerEvent::Disconnected { people } => live.presence.update(people.clone(), |state| {
            if let Some(known) = state.peers.get_mut(&process) {
                people.iter().for_each(|person| _ = known.people.remove(person));
            }
        }),
        PeerEvent::SnapshotRequested => {
            publish_snapshot(live).await;
            return Ok(());
        }
        PeerEvent::Stopped => return remove_peer(live, process).await,
        PeerEvent::Typing { who, conversation, to } => {
            live.hub.send_to(&to, &frame::typing(conversation, who), Delivery::BestEffort);
            return Ok(());
        }
        PeerEvent::Viewing { ticket, agents } => {
            if live.viewing.set(process, ticket, agents) {
                live.notify_viewers(ticket).await;
            }
            return Ok(());
        }
    };
    notify_contacts(live, changed).await
}

async fn send_heartbeat(live: &LiveSockets) -> Result<(), sqlx::Error> {
    publish_snapshot(live).await;
    let longest = live.settings.presence * MISSED_HEARTBEATS;
    let Some(oldest) = Instant::now().checked_sub(longest) else { return Ok(()) };
    for process in live.presence.peers_silent_since(oldest) {
        remove_peer(live, process).await?;
    }
    Ok(())
}

async fn publish_snapshot(live: &LiveSockets) {
    if let Some(peers) = &live.peers {
        peers.publish(PeerEvent::Snapshot { people: live.hub.accounts(), viewers: live.hub.viewers() }).await;
    }
}

async fn remove_peer(live: &LiveSockets, process: Uuid) -> Result<(), sqlx::Error> {
    for ticket in live.viewing.remove_peer(process) {
        live.notify_viewers(ticket).await;
    }
    let changed = live.presence.update(live.presence.accounts_of(process), |state| {
        state.peers.remove(&process);
    });
    notify_contacts(live, changed).await
}

/// Tells the connected people who share a conversation with a changed person; only they learn of it.
async fn notify_contacts(live: &LiveSockets, changed: Vec<(AccountId, bool)>) -> Result<(), sqlx::Error> {
    if changed.is_empty() || live.hub.is_empty() {
        return Ok(());
    }
    let people: Vec<AccountId> = changed.iter().map(|(person, _)| *person).collect();
    let mut concerned: HashMap<AccountId, Vec<AccountId>> = HashMap::new();
    for (person, contact) in find_contacts(&live.pool, &people).await? {
        concerned.entry(person).or_default().push(contact);
    }
    for (person, online) in changed {
        let contacts = concerned.remove(&person).unwrap_or_default();
        live.hub.send_to(&contacts, &frame::presence(person, online), Delivery::Reliable);
    }
    Ok(())
}
