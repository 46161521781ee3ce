//! Who is online, over all processes, and whom it is told: those who share a conversation. Live only.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use async_nats::Subscriber;
use domain::AccountId;
use futures::StreamExt;
use projections::live::find_contacts;
use tokio::time::{Instant, interval};
use uuid::Uuid;

use super::Live;
use super::frame;
use super::hub::{Changes, Urgency};
use super::peer_bus::Word;

/// A process that was silent for so many heartbeats is gone, and its people with it.
const MISSED_HEARTBEATS: u32 = 3;

/// Who has a socket in which process.
#[derive(Default)]
pub(super) struct Presence(Mutex<Where>);

#[derive(Default)]
struct Where {
    here: HashSet<AccountId>,
    elsewhere: HashMap<Uuid, Process>,
}

struct Process {
    people: HashSet<AccountId>,
    heard_at: Instant,
}

impl Where {
    fn is_online(&self, person: AccountId) -> bool {
        self.here.contains(&person) || self.elsewhere.values().any(|process| process.people.contains(&person))
    }
}

impl Presence {
    /// Changes who is where; gives those for whom that made a difference, and what they are now.
    fn change(
        &self,
        about: impl IntoIterator<Item = AccountId>,
        change: impl FnOnce(&mut Where),
    ) -> Vec<(AccountId, bool)> {
        let mut state = self.0.lock().expect("nothing panics while it holds who is online");
        let about: HashSet<AccountId> = about.into_iter().collect();
        let before: Vec<(AccountId, bool)> =
            about.into_iter().map(|person| (person, state.is_online(person))).collect();
        change(&mut state);
        let now = before.into_iter().map(|(person, was)| (person, was, state.is_online(person)));
        now.filter(|(_, was, is)| was != is).map(|(person, _, is)| (person, is)).collect()
    }

    fn known(&self, process: Uuid) -> Vec<AccountId> {
        let state = self.0.lock().expect("nothing panics while it holds who is online");
        state.elsewhere.get(&process).into_iter().flat_map(|process| &process.people).copied().collect()
    }

    fn silent_since(&self, instant: Instant) -> Vec<Uuid> {
        let state = self.0.lock().expect("nothing panics while it holds who is online");
        let silent = state.elsewhere.iter().filter(|(_, process)| process.heard_at < instant);
        silent.map(|(process, _)| *process).collect()
    }

    fn of(&self, people: impl Iterator<Item = AccountId>) -> Vec<(AccountId, bool)> {
        let state = self.0.lock().expect("nothing panics while it holds who is online");
        people.map(|person| (person, state.is_online(person))).collect()
    }
}

impl Live {
    /// Those who share a conversation with somebody and are online.
    pub(super) async fn online_contacts(&self, of: AccountId) -> Result<Vec<AccountId>, sqlx::Error> {
        Ok(self.contacts(of).await?.into_iter().filter_map(|(contact, is)| is.then_some(contact)).collect())
    }

    /// Those who share a conversation with somebody, and whether they are online.
    pub(super) async fn contacts(&self, of: AccountId) -> Result<Vec<(AccountId, bool)>, sqlx::Error> {
        let contacts = find_contacts(&self.pool, &[of]).await?;
        Ok(self.presence.of(contacts.into_iter().map(|(_, contact)| contact)))
    }
}

/// Runs until the process stops; then says goodbye.
pub(super) async fn keep(live: Arc<Live>) {
    let mut heard = None;
    if let Some(post) = &live.post {
        heard = post.listen().await;
        post.say(Word::Ask).await;
    }
    let mut heartbeat = interval(live.settings.presence);
    loop {
        let told = tokio::select! {
            () = live.stopping.cancelled() => break,
            changes = live.hub.take_changes() => changed_here(&live, changes).await,
            word = next(&live, &mut heard) => hear(&live, word).await,
            _ = heartbeat.tick() => beat(&live).await,
        };
        if let Err(error) = told {
            tracing::warn!(%error, "who is online could not be told");
        }
    }
    if let Some(post) = &live.post {
        post.say(Word::Bye).await;
    }
}

async fn next(live: &Live, heard: &mut Option<Subscriber>) -> (Uuid, Word) {
    loop {
        let Some(post) = &live.post else { return std::future::pending().await };
        let Some(subscriber) = heard else { return std::future::pending().await };
        match subscriber.next().await {
            Some(message) => {
                if let Some(said) = post.read(&message.payload) {
                    return said;
                }
            }
            None => *heard = None,
        }
    }
}

async fn changed_here(live: &Live, changes: Changes) -> Result<(), sqlx::Error> {
    let (came, left): (Vec<AccountId>, Vec<AccountId>) =
        changes.moved.iter().partition(|person| live.hub.is_here(**person));
    let (here, gone) = (came.clone(), left.clone());
    let changed = live.presence.change(changes.moved, |state| {
        state.here.extend(here);
        gone.iter().for_each(|person| _ = state.here.remove(person));
    });
    if let Some(post) = &live.post {
        if !came.is_empty() {
            post.say(Word::Came { people: came }).await;
        }
        if !left.is_empty() {
            post.say(Word::Left { people: left }).await;
        }
    }
    live.viewed_here(changes.viewed).await;
    tell(live, changed).await?;
    for (one, other) in changes.parted {
        for (hears, of) in [(one, other), (other, one)] {
            let online = live.presence.of([of].into_iter()).iter().any(|(_, online)| *online);
            if online {
                live.hub.tell_each(&[hears], &frame::presence(of, false), Urgency::Lasting);
            }
        }
    }
    for person in changes.introduced {
        for contact in live.online_contacts(person).await? {
            live.hub.tell_each(&[person], &frame::presence(contact, true), Urgency::Lasting);
        }
    }
    Ok(())
}

async fn hear(live: &Live, (process, word): (Uuid, Word)) -> Result<(), sqlx::Error> {
    let now = Instant::now();
    let changed = match word {
        Word::Here { people, viewers } => {
            for ticket in live.viewing.replace(process, viewers) {
                live.tell_viewers(ticket).await;
            }
            let people: HashSet<AccountId> = people.into_iter().collect();
            let about: Vec<AccountId> =
                live.presence.known(process).into_iter().chain(people.iter().copied()).collect();
            live.presence.change(about, |state| {
                state.elsewhere.insert(process, Process { people, heard_at: now });
            })
        }
        Word::Came { people } => live.presence.change(people.clone(), |state| {
            let known = state.elsewhere.entry(process);
            known.or_insert(Process { people: HashSet::new(), heard_at: now }).people.extend(people);
        }),
        Word::Left { people } => live.presence.change(people.clone(), |state| {
            if let Some(known) = state.elsewhere.get_mut(&process) {
                people.iter().for_each(|person| _ = known.people.remove(person));
            }
        }),
        Word::Ask => {
            say_here(live).await;
            return Ok(());
        }
        Word::Bye => return gone(live, process).await,
        Word::Typing { who, conversation, to } => {
            live.hub.tell_each(&to, &frame::typing(conversation, who), Urgency::Passing);
            return Ok(());
        }
        Word::Viewing { ticket, agents } => {
            if live.viewing.set(process, ticket, agents) {
                live.tell_viewers(ticket).await;
            }
            return Ok(());
        }
    };
    tell(live, changed).await
}

async fn beat(live: &Live) -> Result<(), sqlx::Error> {
    say_here(live).await;
    let longest = live.settings.presence * MISSED_HEARTBEATS;
    let Some(oldest) = Instant::now().checked_sub(longest) else { return Ok(()) };
    for process in live.presence.silent_since(oldest) {
        gone(live, process).await?;
    }
    Ok(())
}

async fn say_here(live: &Live) {
    if let Some(post) = &live.post {
        post.say(Word::Here { people: live.hub.people(), viewers: live.hub.viewers() }).await;
    }
}

async fn gone(live: &Live, process: Uuid) -> Result<(), sqlx::Error> {
    for ticket in live.viewing.forget(process) {
        live.tell_viewers(ticket).await;
    }
    let changed = live.presence.change(live.presence.known(process), |state| {
        state.elsewhere.remove(&process);
    });
    tell(live, changed).await
}

/// Tells those here who share a conversation with the person; nobody else learns of it.
async fn tell(live: &Live, changed: Vec<(AccountId, bool)>) -> Result<(), sqlx::Error> {
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
        live.hub.tell_each(&contacts, &frame::presence(person, online), Urgency::Lasting);
    }
    Ok(())
}
