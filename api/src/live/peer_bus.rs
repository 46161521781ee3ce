//! What processes tell each other over plain NATS: who is online, who types, who looks at which ticket. It is for the moment, and is never
//! in the log: whoever does not hear it has missed nothing that lasts.

use std::collections::{BTreeMap, BTreeSet};

use async_nats::{Client, Subject, Subscriber};
use domain::{AccountId, ConversationId, TicketId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who looks at which ticket.
pub(super) type Viewers = BTreeMap<TicketId, BTreeSet<AccountId>>;

/// The connection to the other processes.
pub(super) struct Post {
    client: Client,
    subject: Subject,
    pub(super) process: Uuid,
}

#[derive(Debug, Serialize, Deserialize)]
struct Letter {
    process: Uuid,
    #[serde(flatten)]
    word: Word,
}

/// One thing that a process says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "word", rename_all = "snake_case")]
pub(super) enum Word {
    /// Everybody who has a socket there, and which tickets they look at.
    Here {
        people: Vec<AccountId>,
        viewers: Viewers,
    },
    Came {
        people: Vec<AccountId>,
    },
    Left {
        people: Vec<AccountId>,
    },
    /// A process that has just begun wants to know who is where.
    Ask,
    /// A process ends in order.
    Bye,
    Typing {
        who: AccountId,
        conversation: ConversationId,
        to: Vec<AccountId>,
    },
    /// Everybody who looks at a ticket there.
    Viewing {
        ticket: TicketId,
        agents: BTreeSet<AccountId>,
    },
}

impl Post {
    /// The subject is beside those of the stream (`<prefix>.v1.>`), so that nothing of this is kept.
    pub(super) fn new(client: Client, prefix: &str, process: Uuid) -> Self {
        Self { client, subject: format!("{prefix}.live").into(), process }
    }

    pub(super) async fn say(&self, word: Word) {
        let letter = Letter { process: self.process, word };
        let body = serde_json::to_vec(&letter).expect("a letter is plain data");
        // Away: the next heartbeat says it again.
        if let Err(error) = self.client.publish(self.subject.clone(), body.into()).await {
            tracing::debug!(%error, "other processes can not be told");
        }
    }

    pub(super) async fn typing(&self, who: AccountId, conversation: ConversationId, to: Vec<AccountId>) {
        self.say(Word::Typing { who, conversation, to }).await;
    }

    /// Hears the others; the subscription outlives a lost connection.
    pub(super) async fn listen(&self) -> Option<Subscriber> {
        match self.client.subscribe(self.subject.clone()).await {
            Ok(subscriber) => Some(subscriber),
            Err(error) => {
                tracing::warn!(%error, "other processes can not be heard");
                None
            }
        }
    }

    /// What another process said; our own words come back too and are left out.
    pub(super) fn read(&self, body: &[u8]) -> Option<(Uuid, Word)> {
        let letter: Letter = serde_json::from_slice(body).ok()?;
        (letter.process != self.process).then_some((letter.process, letter.word))
    }
}
