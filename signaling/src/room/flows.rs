//! Tracks that each participant receives, derived from the state after every step.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Effect, Room, TrackKey};
use crate::protocol::{Presence, Quality};

/// How a subscribed track is forwarded to one receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// `false` while the track is muted or the receiver does not want it.
    pub on: bool,
    pub quality: Quality,
}

/// All subscriptions, by track and receiver.
pub type Flows = BTreeMap<(TrackKey, Uuid), Flow>;

impl Room {
    fn wanted_flows(&self) -> Flows {
        let mut flows = Flows::new();
        let inside = || self.members.iter().filter(|(_, member)| member.presence == Presence::In);
        for (owner, publisher) in inside() {
            for (source, track) in &publisher.tracks {
                let key = TrackKey { owner: *owner, source: *source };
                for (receiver, member) in inside().filter(|(receiver, _)| *receiver != owner) {
                    let (on, quality) = member.wants.get(&key).copied().unwrap_or((true, Quality::High));
                    flows.insert((key, *receiver), Flow { on: on && !track.muted, quality });
                }
            }
        }
        flows
    }

    /// Derives the flows again and returns what changed; removals come first.
    pub(super) fn update_flows(&mut self) -> Vec<Effect> {
        let wanted = self.wanted_flows();
        let mut effects = Vec::new();
        for (track, receiver) in self.flows.keys().filter(|key| !wanted.contains_key(*key)) {
            if self.members.contains_key(receiver) {
                effects.push(Effect::Unsubscribe { track: *track, receiver: *receiver });
            }
        }
        for (key, flow) in &wanted {
            let (track, receiver) = *key;
            match self.flows.get(key) {
                None => effects.push(Effect::Subscribe { track, receiver, flow: *flow }),
                Some(old) if old != flow => {
                    effects.push(Effect::SetFlow { track, receiver, flow: *flow });
                }
                Some(_) => {}
            }
        }
        self.flows = wanted;
        effects
    }
}
