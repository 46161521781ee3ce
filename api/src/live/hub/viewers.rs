//! Tickets that are open at the sockets of this OS process.

use axum::extract::ws::Utf8Bytes;
use domain::{AccountId, TicketId};

use super::{Delivery, Hub, OutgoingFrame};
use crate::live::peer_bus::Viewers;

impl Hub {
    pub(super) fn set_viewing(&self, account: AccountId, id: u64, ticket: Option<TicketId>) {
        let mut state = self.lock_state();
        let mut entries = state.connections.get_mut(&account).into_iter().flatten();
        let Some(entry) = entries.find(|entry| entry.id == id) else { return };
        let before = std::mem::replace(&mut entry.viewing, ticket);
        if before != ticket {
            state.changes.viewed_tickets.extend(before.into_iter().chain(ticket));
            self.changed.notify_one();
        }
    }

    pub(in super::super) fn viewers(&self) -> Viewers {
        let state = self.lock_state();
        let mut viewers = Viewers::new();
        for (account, entries) in &state.connections {
            for ticket in entries.iter().filter_map(|entry| entry.viewing) {
                viewers.entry(ticket).or_default().insert(*account);
            }
        }
        viewers
    }

    /// Sends the frame that `text` returns for an account to each of its sockets at which the ticket is open.
    pub(in super::super) fn send_to_viewers(
        &self,
        ticket: TicketId,
        text: impl Fn(AccountId) -> Option<Utf8Bytes>,
    ) {
        let mut state = self.lock_state();
        for (account, entries) in &mut state.connections {
            let entries = entries.iter_mut().filter(|entry| entry.is_live() && entry.viewing == Some(ticket));
            for (entry, text) in entries.filter_map(|entry| Some((entry, text(*account)?))) {
                entry.push(OutgoingFrame { position: None, text }, Delivery::Reliable);
            }
        }
    }
}
