//! Sockets of this OS process, and the delivery of frames to their bounded queues.

mod connection;
mod viewers;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use axum::extract::ws::Utf8Bytes;
use domain::{AccountId, Position, SessionId, TicketId};
use projections::live::{FeedRow, SocketEffect};
use tokio::sync::{Notify, mpsc, watch};

pub use self::connection::Connection;
use self::connection::{ConnectionEntry, Registration};

use super::close::CloseReason;
use super::frame;

/// Limit that a new socket would exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionLimit {
    /// Sockets of this OS process.
    Process,
    /// Sockets of this account in this OS process.
    Account,
}

/// Treatment of a frame that does not fit into the queue of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// The socket stops receiving from the hub and continues from the feed.
    Reliable,
    /// The frame is dropped.
    BestEffort,
}

/// Frame in the queue of a socket.
pub(super) struct OutgoingFrame {
    /// Log position, if the frame is of an event.
    pub(super) position: Option<Position>,
    pub(super) text: Utf8Bytes,
}

/// Registry of the sockets of this OS process.
pub(super) struct Hub {
    max_sockets: usize,
    max_per_account: usize,
    queue_length: usize,
    state: Mutex<HubState>,
    count: watch::Sender<usize>,
    cursor_set: Notify,
    /// Notified when there are changes for [`Hub::take_changes`].
    changed: Notify,
}

#[derive(Default)]
struct HubState {
    /// Position up to which rows were broadcast; `None` while there is no socket.
    cursor: Option<Position>,
    connections: HashMap<AccountId, Vec<ConnectionEntry>>,
    count: usize,
    next: u64,
    changes: HubChanges,
}

/// Changes that the presence task has to announce.
#[derive(Default)]
pub(super) struct HubChanges {
    /// Accounts that opened or closed a socket.
    pub(super) presence: HashSet<AccountId>,
    /// Accounts that may share a conversation with a new contact.
    pub(super) new_contacts: HashSet<AccountId>,
    /// Pairs of accounts of which one has blocked the other.
    pub(super) blocked_pairs: HashSet<(AccountId, AccountId)>,
    /// Tickets whose viewers changed or have to be announced again.
    pub(super) viewed_tickets: HashSet<TicketId>,
}

impl Hub {
    pub(super) fn new(max_sockets: usize, max_per_account: usize, queue_length: usize) -> Self {
        Self {
            max_sockets,
            max_per_account,
            queue_length,
            state: Mutex::default(),
            count: watch::Sender::new(0),
            cursor_set: Notify::new(),
            changed: Notify::new(),
        }
    }

    /// Waits until there is a socket.
    pub(super) async fn wait_for_connection(&self) {
        // The hub owns the sender, so the wait cannot fail.
        let _ = self.count.subscribe().wait_for(|count| *count > 0).await;
    }

    pub(super) fn cursor(&self) -> Option<Position> {
        self.lock_state().cursor
    }

    /// Sets the position after which rows are broadcast, unless there is one.
    pub(super) fn set_cursor(&self, position: Position) {
        let mut state = self.lock_state();
        if state.count > 0 && state.cursor.is_none() {
            state.cursor = Some(position);
            self.cursor_set.notify_waiters();
        }
    }

    /// Broadcasts the rows between the cursor and `through`; does nothing if the cursor has moved since.
    pub(super) fn broadcast_rows(&self, cursor: Position, through: Position, rows: &[FeedRow]) {
        let mut state = self.lock_state();
        if state.cursor != Some(cursor) {
            return;
        }
        state.cursor = Some(through);
        for row in rows {
            let effect = row.socket_effect();
            // The other account of a block need not be a recipient, nor be on this OS process.
            match (effect, other_account(row)) {
                (Some(SocketEffect::BlocksContact), Some(other)) => {
                    _ = state.changes.blocked_pairs.insert((row.account_id, other))
                }
                (Some(SocketEffect::UnblocksContact), Some(other)) => {
                    state.changes.new_contacts.extend([row.account_id, other])
                }
                _ => {}
            }
            let Some(entries) = state.connections.get_mut(&row.account_id) else { continue };
            let text = frame::event(row);
            for entry in entries.iter_mut().filter(|entry| entry.accepts(row.position)) {
                entry.push(
                    OutgoingFrame { position: Some(row.position), text: text.clone() },
                    Delivery::Reliable,
                );
            }
            for entry in entries.iter().filter(|entry| ends_session(effect, row, entry.session)) {
                entry.close_signal.set(CloseReason::SessionEnded);
            }
            if effect == Some(SocketEffect::AddsContacts) {
                state.changes.new_contacts.insert(row.account_id);
            }
        }
        if !state.changes.new_contacts.is_empty() || !state.changes.blocked_pairs.is_empty() {
            self.changed.notify_one();
        }
    }

    /// Sends one frame to these accounts, on each of their live sockets.
    pub(super) fn send_to(&self, people: &[AccountId], text: &Utf8Bytes, delivery: Delivery) {
        let mut state = self.lock_state();
        for person in people {
            let entries = state.connections.get_mut(person).into_iter().flatten();
            for entry in entries.filter(|entry| entry.is_live()) {
                entry.push(OutgoingFrame { position: None, text: text.clone() }, delivery);
            }
        }
    }

    /// Returns the accounts with a socket in this OS process.
    pub(super) fn accounts(&self) -> Vec<AccountId> {
        self.lock_state().connections.keys().copied().collect()
    }

    pub(super) fn is_connected(&self, person: AccountId) -> bool {
        self.lock_state().connections.contains_key(&person)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock_state().count == 0
    }

    pub(super) fn sessions(&self) -> Vec<SessionId> {
        self.lock_state().connections.values().flatten().map(|entry| entry.session).collect()
    }

    /// Closes the sockets of these sessions.
    pub(super) fn close_sessions(&self, ended: &HashSet<SessionId>) {
        let state = self.lock_state();
        for entry in state.connections.values().flatten().filter(|entry| ended.contains(&entry.session)) {
            entry.close_signal.set(CloseReason::SessionEnded);
        }
    }

    pub(super) fn close_all(&self, close: CloseReason) {
        for entry in self.lock_state().connections.values().flatten() {
            entry.close_signal.set(close);
        }
    }

    /// Waits for changes, then returns and clears them.
    pub(super) async fn take_changes(&self) -> HubChanges {
        self.changed.notified().await;
        std::mem::take(&mut self.lock_state().changes)
    }

    fn register(&self, account: AccountId, session: SessionId) -> Result<Registration, ConnectionLimit> {
        let mut state = self.lock_state();
        if state.count >= self.max_sockets {
            return Err(ConnectionLimit::Process);
        }
        if state.connections.get(&account).map_or(0, Vec::len) >= self.max_per_account {
            return Err(ConnectionLimit::Account);
        }
        state.next += 1;
        state.count += 1;
        let id = state.next;
        let (queue, frames) = mpsc::channel(self.queue_length);
        let entry = ConnectionEntry::new(id, session, queue);
        let registration = Registration {
            id,
            frames,
            close_signal: entry.close_signal.clone(),
            overflow: entry.overflow.clone(),
        };
        state.connections.entry(account).or_default().push(entry);
        state.changes.presence.insert(account);
        self.changed.notify_one();
        self.publish_count(state.count);
        Ok(registration)
    }

    fn unregister(&self, account: AccountId, id: u64) {
        let mut state = self.lock_state();
        let HubState { connections, changes, .. } = &mut *state;
        if let Some(entries) = connections.get_mut(&account) {
            let gone = entries.extract_if(.., |entry| entry.id == id);
            changes.viewed_tickets.extend(gone.filter_map(|entry| entry.viewing));
            if entries.is_empty() {
                connections.remove(&account);
            }
        }
        state.count -= 1;
        if state.count == 0 {
            state.cursor = None;
        }
        state.changes.presence.insert(account);
        self.changed.notify_one();
        self.publish_count(state.count);
    }

    /// Starts the delivery of events after the returned position, but of none up to `seen`.
    async fn go_live(&self, account: AccountId, id: u64, seen: Position) -> Position {
        loop {
            let cursor_set = self.cursor_set.notified();
            tokio::pin!(cursor_set);
            cursor_set.as_mut().enable();
            if let Some(cursor) = self.activate(account, id, seen) {
                return cursor;
            }
            cursor_set.await;
        }
    }

    fn activate(&self, account: AccountId, id: u64, seen: Position) -> Option<Position> {
        let mut state = self.lock_state();
        let cursor = state.cursor?;
        let entries = state.connections.get_mut(&account)?;
        let entry = entries.iter_mut().find(|entry| entry.id == id)?;
        entry.deliver_after = Some(cursor.max(seen));
        if let Some(ticket) = entry.viewing {
            // Changes of the viewers in between were not delivered.
            state.changes.viewed_tickets.insert(ticket);
            self.changed.notify_one();
        }
        Some(cursor)
    }

    fn publish_count(&self, count: usize) {
        self.count.send_replace(count);
        metrics::gauge!("kafedra_live_sockets").set(count as f64);
    }

    fn lock_state(&self) -> std::sync::MutexGuard<'_, HubState> {
        self.state.lock().expect("no panic while the hub is locked")
    }
}

/// Returns the other account that a row names.
fn other_account(row: &FeedRow) -> Option<AccountId> {
    row.data["account_id"].as_str()?.parse().ok()
}

/// Returns whether a row ends this session, or all sessions of its account.
fn ends_session(effect: Option<SocketEffect>, row: &FeedRow, session: SessionId) -> bool {
    match effect {
        Some(SocketEffect::EndsSession) => row.data["session_id"].as_str() == Some(&*session.to_string()),
        Some(SocketEffect::EndsAllSessions) => true,
        Some(SocketEffect::AddsContacts | SocketEffect::BlocksContact | SocketEffect::UnblocksContact)
        | None => false,
    }
}
