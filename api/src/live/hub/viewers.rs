//! Which tickets of the desk are open at the sockets of this process.

use axum::extract::ws::Utf8Bytes;
use domain::{AccountId, TicketId};

use super::{Hub, Urgency, Waiting};
use crate::live::peer_bus::Viewers;

impl Hub {
    pub(super) fn views(&self, account: AccountId, id: u64, ticket: Option<TicketId>) {
        let mut state = self.locked();
        let mut places = state.people.get_mut(&account).into_iter().flatten();
        let Some(place) = places.find(|place| place.id == id) else { return };
        let before = std::mem::replace(&mut place.viewing, ticket);
        if before != ticket {
            state.changes.viewed.extend(before.into_iter().chain(ticket));
            self.changed.notify_one();
        }
    }

    pub(in super::super) fn viewers(&self) -> Viewers {
        let state = self.locked();
        let mut viewers = Viewers::new();
        for (account, places) in &state.people {
            for ticket in places.iter().filter_map(|place| place.viewing) {
                viewers.entry(ticket).or_default().insert(*account);
            }
        }
        viewers
    }

    /// Tells each socket at which the ticket is open what `text` has for its account.
    pub(in super::super) fn tell_viewers(
        &self,
        ticket: TicketId,
        text: impl Fn(AccountId) -> Option<Utf8Bytes>,
    ) {
        let mut state = self.locked();
        for (account, places) in &mut state.people {
            let places = places.iter_mut().filter(|place| place.is_live() && place.viewing == Some(ticket));
            for (place, text) in places.filter_map(|place| Some((place, text(*account)?))) {
                place.push(Waiting { position: None, text }, Urgency::Lasting);
            }
        }
    }
}
