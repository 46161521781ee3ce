//! Who sits at a socket of this process, and what is passed on to them: never more than a queue holds.

mod connection;
mod viewers;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use axum::extract::ws::Utf8Bytes;
use domain::{AccountId, SessionId, TicketId};
use projections::live::FeedRow;
use tokio::sync::{Notify, mpsc, watch};

pub use self::connection::Seat;
use self::connection::{Entered, Place};

use super::close::Close;
use super::frame;

/// No seat is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// In this process.
    Process,
    /// For this account in this process.
    Account,
}

/// What becomes of a frame that does not fit into a reader's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// The reader has fallen behind: nothing more is kept for it here, it reads on in the feed.
    Lasting,
    /// Nobody misses it.
    Passing,
}

/// A frame in a reader's queue.
pub(super) struct Waiting {
    /// Of news.
    pub(super) position: Option<u64>,
    pub(super) text: Utf8Bytes,
}

pub(super) struct Hub {
    sockets: usize,
    per_account: usize,
    queue: usize,
    state: Mutex<State>,
    count: watch::Sender<usize>,
    begun: Notify,
    /// Something for [`Hub::take_changes`].
    changed: Notify,
}

#[derive(Default)]
struct State {
    /// Everything up to here was passed on; unknown while nobody is there.
    cursor: Option<u64>,
    people: HashMap<AccountId, Vec<Place>>,
    count: usize,
    next: u64,
    changes: Changes,
}

/// What those have to look at who tell of people.
#[derive(Default)]
pub(super) struct Changes {
    /// Who came or went.
    pub(super) moved: HashSet<AccountId>,
    /// Who may share a conversation with somebody new.
    pub(super) introduced: HashSet<AccountId>,
    /// Of whom one has blocked the other.
    pub(super) parted: HashSet<(AccountId, AccountId)>,
    /// Tickets that somebody opened or left, or wants to hear of again.
    pub(super) viewed: HashSet<TicketId>,
}

impl Hub {
    pub(super) fn new(sockets: usize, per_account: usize, queue: usize) -> Self {
        Self {
            sockets,
            per_account,
            queue,
            state: Mutex::default(),
            count: watch::Sender::new(0),
            begun: Notify::new(),
            changed: Notify::new(),
        }
    }

    /// Waits until somebody is there.
    pub(super) async fn somebody(&self) {
        // The sender is ours: it outlives this.
        let _ = self.count.subscribe().wait_for(|count| *count > 0).await;
    }

    pub(super) fn cursor(&self) -> Option<u64> {
        self.locked().cursor
    }

    /// From here on everything is passed on.
    pub(super) fn begin_at(&self, position: u64) {
        let mut state = self.locked();
        if state.count > 0 && state.cursor.is_none() {
            state.cursor = Some(position);
            self.begun.notify_waiters();
        }
    }

    /// Passes on what is between the cursor and `through`. Nothing happens when the cursor has moved since.
    pub(super) fn tell_news(&self, cursor: u64, through: u64, rows: &[FeedRow]) {
        let mut state = self.locked();
        if state.cursor != Some(cursor) {
            return;
        }
        state.cursor = Some(through);
        for row in rows {
            // Whom it ends or begins to concern need not be whom it is told, nor be on the same process.
            match (row.kind.as_str(), other_of(row)) {
                ("participant_blocked", Some(other)) => {
                    _ = state.changes.parted.insert((row.account_id, other))
                }
                ("participant_unblocked", Some(other)) => {
                    state.changes.introduced.extend([row.account_id, other])
                }
                _ => {}
            }
            let Some(places) = state.people.get_mut(&row.account_id) else { continue };
            let text = frame::news(row);
            for place in places.iter_mut().filter(|place| place.wants(row.position)) {
                place.push(Waiting { position: Some(row.position), text: text.clone() }, Urgency::Lasting);
            }
            for place in places.iter().filter(|place| ends_session(row, place.session)) {
                place.ending.end(Close::SessionEnded);
            }
            if matches!(row.kind.as_str(), "conversation_started" | "participant_joined") {
                state.changes.introduced.insert(row.account_id);
            }
        }
        if !state.changes.introduced.is_empty() || !state.changes.parted.is_empty() {
            self.changed.notify_one();
        }
    }

    /// The same to these people, on every socket that is live.
    pub(super) fn tell_each(&self, people: &[AccountId], text: &Utf8Bytes, urgency: Urgency) {
        let mut state = self.locked();
        for person in people {
            let places = state.people.get_mut(person).into_iter().flatten();
            for place in places.filter(|place| place.is_live()) {
                place.push(Waiting { position: None, text: text.clone() }, urgency);
            }
        }
    }

    /// Who is here.
    pub(super) fn people(&self) -> Vec<AccountId> {
        self.locked().people.keys().copied().collect()
    }

    pub(super) fn is_here(&self, person: AccountId) -> bool {
        self.locked().people.contains_key(&person)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.locked().count == 0
    }

    pub(super) fn sessions(&self) -> Vec<SessionId> {
        self.locked().people.values().flatten().map(|place| place.session).collect()
    }

    /// Closes the sockets of these sessions.
    pub(super) fn end_sessions(&self, ended: &HashSet<SessionId>) {
        let state = self.locked();
        for place in state.people.values().flatten().filter(|place| ended.contains(&place.session)) {
            place.ending.end(Close::SessionEnded);
        }
    }

    pub(super) fn end_all(&self, close: Close) {
        for place in self.locked().people.values().flatten() {
            place.ending.end(close);
        }
    }

    /// What has changed since it was last asked; waits until something has.
    pub(super) async fn take_changes(&self) -> Changes {
        self.changed.notified().await;
        std::mem::take(&mut self.locked().changes)
    }

    fn enter(&self, account: AccountId, session: SessionId) -> Result<Entered, Full> {
        let mut state = self.locked();
        if state.count >= self.sockets {
            return Err(Full::Process);
        }
        if state.people.get(&account).map_or(0, Vec::len) >= self.per_account {
            return Err(Full::Account);
        }
        state.next += 1;
        state.count += 1;
        let id = state.next;
        let (queue, waiting) = mpsc::channel(self.queue);
        let place = Place::new(id, session, queue);
        let entered = Entered { id, waiting, ending: place.ending.clone(), behind: place.behind.clone() };
        state.people.entry(account).or_default().push(place);
        state.changes.moved.insert(account);
        self.changed.notify_one();
        self.counted(state.count);
        Ok(entered)
    }

    fn leave(&self, account: AccountId, id: u64) {
        let mut state = self.locked();
        let State { people, changes, .. } = &mut *state;
        if let Some(places) = people.get_mut(&account) {
            let gone = places.extract_if(.., |place| place.id == id);
            changes.viewed.extend(gone.filter_map(|place| place.viewing));
            if places.is_empty() {
                people.remove(&account);
            }
        }
        state.count -= 1;
        if state.count == 0 {
            state.cursor = None;
        }
        state.changes.moved.insert(account);
        self.changed.notify_one();
        self.counted(state.count);
    }

    /// From the position that this gives on, news come into the queue; those up to and with `seen` do not.
    async fn go_live(&self, account: AccountId, id: u64, seen: u64) -> u64 {
        loop {
            let begun = self.begun.notified();
            tokio::pin!(begun);
            begun.as_mut().enable();
            if let Some(cursor) = self.activate(account, id, seen) {
                return cursor;
            }
            begun.await;
        }
    }

    fn activate(&self, account: AccountId, id: u64, seen: u64) -> Option<u64> {
        let mut state = self.locked();
        let cursor = state.cursor?;
        let places = state.people.get_mut(&account)?;
        let place = places.iter_mut().find(|place| place.id == id)?;
        place.live_after = Some(cursor.max(seen));
        if let Some(ticket) = place.viewing {
            // Who came and went meanwhile was not noted.
            state.changes.viewed.insert(ticket);
            self.changed.notify_one();
        }
        Some(cursor)
    }

    fn counted(&self, count: usize) {
        self.count.send_replace(count);
        metrics::gauge!("kafedra_live_sockets").set(count as f64);
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds the sockets")
    }
}

/// The other person of whom it tells.
fn other_of(row: &FeedRow) -> Option<AccountId> {
    row.data["account_id"].as_str()?.parse().ok()
}

/// Whether this is the end of a session: of one, or of all that an account has.
fn ends_session(row: &FeedRow, session: SessionId) -> bool {
    match row.kind.as_str() {
        "signed_out" | "session_revoked" => row.data["session_id"].as_str() == Some(&*session.to_string()),
        "account_suspended" | "account_erased" => true,
        _ => false,
    }
}
