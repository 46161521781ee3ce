//! Properties of the room over random people, roles and orders.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use proptest::prelude::*;
use uuid::Uuid;

use super::tests::{at, claims, moderation, person, role_of, room, tracks};
use super::*;
use crate::protocol::{ClientMessage, ModOp, Want};

#[derive(Debug, Clone)]
enum Step {
    Join(u128),
    Leave(u128),
    Lose(u128),
    Resume(u128),
    Wait(i64),
    Publish(u128, Vec<Source>),
    Mute(u128, Source, bool),
    Want(u128, u128, bool),
    Say(u128),
    Hand(u128, bool),
    Moderate(u128, ModOp, u128),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 1u128..=6;
    let source =
        prop_oneof![Just(Source::Mic), Just(Source::Camera), Just(Source::Screen), Just(Source::ScreenAudio)];
    let sources = prop::collection::vec(source.clone(), 0..5);
    let op = prop_oneof![
        Just(ModOp::Admit),
        Just(ModOp::Deny),
        Just(ModOp::ToLobby),
        Just(ModOp::Mute),
        Just(ModOp::StopVideo),
        Just(ModOp::Remove),
        Just(ModOp::Ban),
        Just(ModOp::Lock),
        Just(ModOp::Unlock),
        Just(ModOp::LowerHand),
    ];
    prop_oneof![
        6 => who.clone().prop_map(Step::Join),
        1 => who.clone().prop_map(Step::Leave),
        1 => who.clone().prop_map(Step::Lose),
        1 => who.clone().prop_map(Step::Resume),
        1 => (1i64..40).prop_map(Step::Wait),
        5 => (who.clone(), sources).prop_map(|(who, sources)| Step::Publish(who, sources)),
        3 => (who.clone(), source, any::<bool>()).prop_map(|(who, source, on)| Step::Mute(who, source, on)),
        2 => (who.clone(), who.clone(), any::<bool>()).prop_map(|(who, of, on)| Step::Want(who, of, on)),
        1 => who.clone().prop_map(Step::Say),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, up)| Step::Hand(who, up)),
        6 => (prop_oneof![9 => Just(1u128), 1 => 2u128..=6], op, who)
            .prop_map(|(by, op, whom)| Step::Moderate(by, op, whom)),
    ]
}

/// A media plane that only does what the effects say, and what the moderator said.
#[derive(Default)]
struct Plane {
    flows: BTreeMap<(TrackKey, Uuid), Flow>,
    /// Open stays by person, as the reports tell them.
    stays: BTreeMap<Uuid, Uuid>,
    held: BTreeSet<TrackKey>,
    out: BTreeSet<Uuid>,
    banned: BTreeSet<Uuid>,
}

impl Plane {
    fn apply(&mut self, room: &Room, before: &BTreeSet<Uuid>, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Subscribe { track, receiver, flow } => {
                    assert!(self.flows.insert((track, receiver), flow).is_none());
                }
                Effect::SetFlow { track, receiver, flow } => {
                    assert!(self.flows.insert((track, receiver), flow).is_some());
                }
                Effect::Unsubscribe { track, receiver } => {
                    assert!(self.flows.remove(&(track, receiver)).is_some());
                }
                Effect::CloseMedia { participant, .. } => {
                    self.flows.retain(|(_, receiver), _| *receiver != participant);
                    self.held.retain(|track| track.owner != participant);
                }
                Effect::Send { to, message } => {
                    let of_the_room = !matches!(
                        message,
                        ServerMessage::Denied { .. } | ServerMessage::Grants(_) | ServerMessage::Admitted(_)
                    );
                    let may_hear = before.contains(&to) || room.is_in(to);
                    assert!(may_hear || !of_the_room, "{to} hears {message:?}");
                }
                Effect::Report(report) => match report.fact {
                    Fact::ParticipantJoined { participant, connection, .. } => {
                        assert!(self.stays.insert(participant, connection).is_none());
                        assert!(!self.out.contains(&participant));
                    }
                    Fact::ParticipantLeft { participant, connection, seconds, .. } => {
                        assert_eq!(self.stays.remove(&participant), Some(connection));
                        assert!(seconds >= 0);
                    }
                    Fact::ParticipantAdmitted { participant, by: Some(_) } => {
                        self.out.remove(&participant);
                    }
                    _ => {}
                },
                Effect::Bye { .. } => {}
            }
        }
    }

    fn check(&self, room: &Room) {
        assert_eq!(&self.flows, room.flows());
        for ((track, receiver), flow) in &self.flows {
            assert!(room.is_in(track.owner) && room.is_in(*receiver), "{track:?} → {receiver}");
            assert!(track.owner != *receiver);
            assert!(room.grants(track.owner).unwrap().publish.contains(&track.source));
            assert!(!flow.on || !self.held.contains(track), "a mute holds: {track:?}");
        }
        for who in &self.out {
            assert!(!room.is_in(*who), "a removed person stays out");
        }
        for who in &self.banned {
            assert_eq!(room.presence(*who), None, "a banned person stays out");
        }
        let inside: BTreeSet<Uuid> = room.members.keys().copied().filter(|who| room.is_in(*who)).collect();
        assert_eq!(inside, self.stays.keys().copied().collect(), "attendance is who is inside");
    }
}

fn run(steps: Vec<Step>) {
    let mut room = room();
    let mut plane = Plane::default();
    let mut now = at(0);
    let mut connections = 1_000;
    for step in steps {
        let before: BTreeSet<Uuid> = room.members.keys().copied().filter(|who| room.is_in(*who)).collect();
        let connection = |who: u128| room.members.get(&person(who)).map_or(Uuid::nil(), |m| m.connection);
        let effects = match step {
            Step::Join(who) => {
                connections += 1;
                room.join(now, &claims(person(who), role_of(who)), person(connections)).unwrap_or_default()
            }
            Step::Leave(who) => {
                let connection = connection(who);
                room.leave(now, person(who), connection)
            }
            Step::Lose(who) => {
                let connection = connection(who);
                room.lost(now, person(who), connection)
            }
            Step::Resume(who) => {
                let connection = connection(who);
                room.resumed(person(who), connection).unwrap_or_default()
            }
            Step::Wait(seconds) => {
                now += SignedDuration::from_secs(seconds);
                room.tick(now)
            }
            Step::Publish(who, sources) => {
                let kept: BTreeSet<_> = sources.iter().copied().collect();
                let effects = room.publish(person(who), &tracks(&sources));
                if effects.is_ok() {
                    plane.held.retain(|track| track.owner != person(who) || kept.contains(&track.source));
                }
                effects.unwrap_or_default()
            }
            Step::Mute(who, source, muted) => {
                let track = TrackKey { owner: person(who), source };
                let message = ClientMessage::TrackMute { track: track.id(), muted };
                let effects = room.request(now, person(who), &message);
                if effects.is_ok() && !muted {
                    plane.held.remove(&track);
                }
                effects.unwrap_or_default()
            }
            Step::Want(who, of, on) => {
                let track = TrackKey { owner: person(of), source: Source::Camera }.id();
                let set = vec![Want { track, on, q: Quality::Low }];
                room.request(now, person(who), &ClientMessage::SubWant { set }).unwrap_or_default()
            }
            Step::Say(who) => {
                let message = ClientMessage::ChatSend { text: "Да".into() };
                room.request(now, person(who), &message).unwrap_or_default()
            }
            Step::Hand(who, up) => {
                room.request(now, person(who), &ClientMessage::Hand { up }).unwrap_or_default()
            }
            Step::Moderate(by, op, whom) => {
                let message = moderation(op, Some(person(whom)));
                let effects = room.request(now, person(by), &message);
                let source = match op {
                    ModOp::Mute => Some(Source::Mic),
                    ModOp::StopVideo => Some(Source::Camera),
                    _ => None,
                };
                if effects.is_ok() {
                    let held = source.map(|source| TrackKey { owner: person(whom), source });
                    plane.held.extend(held.filter(|key| room.track_info(key.owner, key.source).is_some()));
                    if matches!(op, ModOp::Remove | ModOp::Ban | ModOp::ToLobby | ModOp::Deny) {
                        plane.out.insert(person(whom));
                    }
                    if op == ModOp::Ban {
                        plane.banned.insert(person(whom));
                    }
                }
                effects.unwrap_or_default()
            }
        };
        plane.apply(&room, &before, effects);
        plane.check(&room);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn only_the_admitted_see_and_hear_and_a_mute_and_a_removal_hold(
        steps in prop::collection::vec(step(), 1..80)
    ) {
        run(steps);
    }
}
