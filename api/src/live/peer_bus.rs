//! Messages between OS processes over plain NATS: presence, typing, and viewers of tickets.
//!
//! The messages are never in the log. A lost message loses no lasting information.

use std::collections::{BTreeMap, BTreeSet};

use async_nats::{Client, Subject, Subscriber};
use domain::{AccountId, ConversationId, TicketId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Agents who look at each ticket.
pub(super) type Viewers = BTreeMap<TicketId, BTreeSet<AccountId>>;

/// Connection to the other OS processes.
pub(super) struct PeerBus {
    client: Client,
    subject: Subject,
    pub(super) process: Uuid,
}

/// Message of one OS process.
#[derive(Debug, Serialize, Deserialize)]
struct PeerMessage {
    process: Uuid,
    #[serde(flatten)]
    event: PeerEvent,
}

/// Content of a message. The names on the wire stay compatible with running OS processes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "word", rename_all = "snake_case")]
pub(super) enum PeerEvent {
    /// All accounts with a socket in the sending OS process, and the tickets that they look at.
    #[serde(rename = "here")]
    Snapshot { people: Vec<AccountId>, viewers: Viewers },
    /// Accounts that opened a socket there.
    #[serde(rename = "came")]
    Connected { people: Vec<AccountId> },
    /// Accounts without a socket there since a close.
    #[serde(rename = "left")]
    Disconnected { people: Vec<AccountId> },
    /// A started OS process asks the others for their snapshots.
    #[serde(rename = "ask")]
    SnapshotRequested,
    /// The sending OS process stops.
    #[serde(rename = "bye")]
    Stopped,
    /// A participant is typing in a conversation.
    Typing { who: AccountId, conversation: ConversationId, to: Vec<AccountId> },
    /// All agents who look at a ticket in the sending OS process.
    Viewing { ticket: TicketId, agents: BTreeSet<AccountId> },
}

impl PeerBus {
    /// Uses a subject outside those of the stream (`<prefix>.v1.>`), so that NATS stores no message.
    pub(super) fn new(client: Client, prefix: &str, process: Uuid) -> Self {
        Self { client, subject: format!("{prefix}.live").into(), process }
    }

    pub(super) async fn publish(&self, event: PeerEvent) {
        let message = PeerMessage { process: self.process, event };
        let body = serde_json::to_vec(&message).expect("a peer message is plain data");
        // The next heartbeat sends the state again.
        if let Err(error) = self.client.publish(self.subject.clone(), body.into()).await {
            tracing::debug!(%error, "cannot publish to other OS processes");
        }
    }

    pub(super) async fn publish_typing(
        &self,
        who: AccountId,
        conversation: ConversationId,
        to: Vec<AccountId>,
    ) {
        self.publish(PeerEvent::Typing { who, conversation, to }).await;
    }

    /// Subscribes to the other OS processes; the subscription survives a lost connection.
    pub(super) async fn subscribe(&self) -> Option<Subscriber> {
        match self.client.subscribe(self.subject.clone()).await {
            Ok(subscriber) => Some(subscriber),
            Err(error) => {
                tracing::warn!(%error, "cannot subscribe to other OS processes");
                None
            }
        }
    }

    /// Decodes a message of another OS process; `None` for its own messages, which come back too.
    pub(super) fn decode(&self, body: &[u8]) -> Option<(Uuid, PeerEvent)> {
        let message: PeerMessage = serde_json::from_slice(body).ok()?;
        (message.process != self.process).then_some((message.process, message.event))
    }
}
