//! Nodes over NATS JetStream: three streams, one message per lesson and per node, expected sequences as fences.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_nats::HeaderMap;
use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::stream::{Config, LastRawMessageErrorKind, Stream};
use async_nats::jetstream::{self, Context};
use async_trait::async_trait;
use futures::StreamExt;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::{Claim, Cluster, ClusterError, NodeRecord, Placement, Previous, RoomRecord};
use crate::report::{Report, report_subject, reports_stream};
use crate::room::{Carry, last_words};

/// A node that gave no sign of life for this long is dead.
const LEASE: Duration = Duration::from_secs(4);
/// Room records stay this long after the last sign of life.
const ROOMS_FOR: Duration = Duration::from_secs(24 * 3_600);
const REQUEST: Duration = Duration::from_secs(2);
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// Where the broker is and how this installation's subjects begin.
#[derive(Debug, Clone)]
pub struct NatsSettings {
    pub url: String,
    pub prefix: String,
    /// Keeps the streams in memory; for tests.
    pub in_memory: bool,
}

struct SeenNode {
    record: NodeRecord,
    /// When this node heard of it, by its own clock: clocks of machines are not compared.
    at: Instant,
    buried: bool,
}

/// Nodes over NATS JetStream.
pub struct NatsCluster {
    me: Placement,
    prefix: String,
    context: Context,
    rooms: Stream,
    nodes: Stream,
    seen: Mutex<HashMap<String, SeenNode>>,
}

fn unavailable(error: impl std::fmt::Display) -> ClusterError {
    ClusterError::Unavailable(error.to_string())
}

impl NatsCluster {
    /// Connects, creates the streams, and watches the other nodes on `tasks` until `stop`.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn connect(
        settings: &NatsSettings,
        me: Placement,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<Arc<Self>, ClusterError> {
        let options = async_nats::ConnectOptions::new()
            .name(format!("signaling {}", me.node))
            .request_timeout(Some(REQUEST))
            .retry_on_initial_connect();
        let client = connect_with(options, &settings.url).await?;
        let mut context = jetstream::new(client);
        context.set_timeout(REQUEST);
        let storage = if settings.in_memory {
            jetstream::stream::StorageType::Memory
        } else {
            jetstream::stream::StorageType::File
        };
        let stream = |name: &str| Config {
            name: format!("{}_RTC_{}", settings.prefix.to_uppercase(), name.to_uppercase()),
            subjects: vec![format!("{}.rtc.{name}.*", settings.prefix)],
            max_messages_per_subject: 1,
            max_age: ROOMS_FOR,
            storage,
            ..Config::default()
        };
        let rooms = context.get_or_create_stream(stream("rooms")).await.map_err(unavailable)?;
        let nodes = context.get_or_create_stream(stream("nodes")).await.map_err(unavailable)?;
        let reports = reports_stream(&settings.prefix, settings.in_memory);
        context.get_or_create_stream(reports).await.map_err(unavailable)?;
        let prefix = settings.prefix.clone();
        let cluster = Arc::new(Self { me, prefix, context, rooms, nodes, seen: Mutex::default() });
        let (watching, stopped) = (Arc::clone(&cluster), stop.clone());
        tasks.spawn(async move { stopped.run_until_cancelled(watching.watch()).await });
        let (sweeping, stopped) = (Arc::clone(&cluster), stop.clone());
        tasks.spawn(async move { stopped.run_until_cancelled(sweeping.sweep()).await });
        // An earlier process of the same name may have died with rooms.
        cluster.bury(&cluster.me.node).await?;
        Ok(cluster)
    }

    fn room_subject(&self, lesson: Uuid) -> String {
        format!("{}.rtc.rooms.{lesson}", self.prefix)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, HashMap<String, SeenNode>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a node that lives, and whether it takes rooms.
    fn living(&self, node: &str) -> Option<NodeRecord> {
        let seen = self.seen();
        seen.get(node).filter(|seen| seen.at.elapsed() < LEASE).map(|seen| seen.record.clone())
    }

    /// Follows the signs of life of all nodes.
    async fn watch(&self) {
        loop {
            if let Err(error) = self.follow_nodes().await {
                tracing::warn!(error, "nodes cannot be watched");
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    async fn follow_nodes(&self) -> Result<(), String> {
        let config = pull::OrderedConfig {
            deliver_policy: DeliverPolicy::LastPerSubject,
            filter_subject: format!("{}.rtc.nodes.*", self.prefix),
            ..Default::default()
        };
        let consumer = self.nodes.create_consumer(config).await.map_err(|error| error.to_string())?;
        let mut messages = consumer.messages().await.map_err(|error| error.to_string())?;
        while let Some(message) = messages.next().await {
            let message = message.map_err(|error| error.to_string())?;
            if let Ok(record) = serde_json::from_slice::<NodeRecord>(&message.payload) {
                let seen = SeenNode { at: Instant::now(), buried: false, record };
                self.seen().insert(seen.record.node.clone(), seen);
            }
        }
        Ok(())
    }

    /// Ends the stays on nodes that died, also when no participant joins again.
    async fn sweep(&self) {
        loop {
            tokio::time::sleep(SWEEP_EVERY).await;
            let dead: Vec<String> = self
                .seen()
                .iter()
                .filter(|(_, seen)| seen.at.elapsed() >= LEASE && !seen.buried)
                .map(|(node, _)| node.clone())
                .collect();
            for node in dead.into_iter().filter(|node| *node != self.me.node) {
                match self.bury(&node).await {
                    Ok(()) => {
                        if let Some(seen) = self.seen().get_mut(&node) {
                            seen.buried = true;
                        }
                    }
                    Err(error) => tracing::warn!(%error, node, "the rooms of a dead node wait"),
                }
            }
        }
    }

    /// Reports the last words of a dead node's rooms and frees them.
    async fn bury(&self, node: &str) -> Result<(), ClusterError> {
        let filter = format!("{}.rtc.rooms.*", self.prefix);
        let mut subjects = self.rooms.info_with_subjects(filter).await.map_err(unavailable)?;
        while let Some(subject) = subjects.next().await {
            let (subject, _) = subject.map_err(unavailable)?;
            let lesson = subject.rsplit('.').next().and_then(|lesson| lesson.parse().ok());
            let Some(lesson) = lesson else { continue };
            let Some((record, sequence)) = self.last_record(lesson).await? else { continue };
            if record.node.as_deref() != Some(node) {
                continue;
            }
            for report in last_words(record.lesson, record.session, &record.carry, record.alive_at) {
                self.report(&report).await?;
            }
            let mut freed = RoomRecord { node: None, ..record };
            freed.carry.stays.clear();
            match self.write(&freed, sequence).await {
                Ok(_) | Err(ClusterError::Fenced) => {}
                Err(error) => return Err(error),
            }
            tracing::warn!(lesson = %freed.lesson, node, "the room of a dead node is free");
        }
        Ok(())
    }

    /// Writes a room's record if its last one has this sequence.
    async fn write(&self, record: &RoomRecord, last: u64) -> Result<u64, ClusterError> {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Expected-Last-Subject-Sequence", last.to_string().as_str());
        let payload = serde_json::to_vec(record).map_err(unavailable)?;
        let subject = self.room_subject(record.lesson);
        let sent = self.context.publish_with_headers(subject, headers, payload.into()).await;
        match sent.map_err(unavailable)?.await {
            Ok(ack) => Ok(ack.sequence),
            Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => Err(ClusterError::Fenced),
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn last_record(&self, lesson: Uuid) -> Result<Option<(RoomRecord, u64)>, ClusterError> {
        match self.rooms.get_last_raw_message_by_subject(&self.room_subject(lesson)).await {
            Ok(message) => {
                let record = serde_json::from_slice(&message.payload).map_err(unavailable)?;
                Ok(Some((record, message.sequence)))
            }
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    fn record(&self, claim: &Claim, carry: &Carry, node: Option<String>, alive_at: Timestamp) -> RoomRecord {
        RoomRecord { lesson: claim.lesson, session: claim.session, node, alive_at, carry: carry.clone() }
    }
}

#[async_trait]
impl Cluster for NatsCluster {
    async fn claim(&self, lesson: Uuid, session: Uuid, now: Timestamp) -> Result<Claim, ClusterError> {
        let last = self.last_record(lesson).await?;
        let mut previous = None;
        let mut sequence = 0;
        if let Some((record, at)) = last {
            sequence = at;
            let holder = record.node.as_deref().and_then(|node| self.living(node));
            let elsewhere = holder.as_ref().filter(|holder| holder.node != self.me.node && !holder.draining);
            if let Some(holder) = elsewhere {
                return Err(ClusterError::Elsewhere(holder.node.clone()));
            }
            let draining = holder.is_some_and(|holder| holder.draining);
            previous = Some(Previous {
                session: record.session,
                carry: record.carry,
                alive_at: record.alive_at,
                closed: record.node.is_none() || draining,
            });
        }
        let mut claim = Claim { lesson, session, previous, fence: AtomicU64::new(0) };
        let mut carry = claim.previous.as_ref().map(|previous| previous.carry.clone()).unwrap_or_default();
        carry.stays.clear();
        carry.reports = 0;
        let record = self.record(&claim, &carry, Some(self.me.node.clone()), now);
        let fence = self.write(&record, sequence).await.map_err(|error| match error {
            ClusterError::Fenced => ClusterError::Elsewhere("another node".to_owned()),
            other => other,
        })?;
        claim.fence = AtomicU64::new(fence);
        Ok(claim)
    }

    async fn renew(&self, claim: &Claim, carry: &Carry, now: Timestamp) -> Result<(), ClusterError> {
        let record = self.record(claim, carry, Some(self.me.node.clone()), now);
        let last = claim.fence.load(Ordering::Relaxed);
        match self.write(&record, last).await {
            Ok(fence) => {
                claim.fence.store(fence, Ordering::Relaxed);
                Ok(())
            }
            Err(ClusterError::Fenced) => {
                // A write whose answer was lost has moved the fence, too: it is ours while the session is.
                let last = self.last_record(claim.lesson).await?;
                match last {
                    Some((record, at)) if record.session == claim.session && record.node.is_some() => {
                        claim.fence.store(at, Ordering::Relaxed);
                        Ok(())
                    }
                    _ => Err(ClusterError::Fenced),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn release(&self, claim: &Claim, carry: &Carry, now: Timestamp) {
        let record = self.record(claim, carry, None, now);
        if let Err(error) = self.write(&record, claim.fence.load(Ordering::Relaxed)).await {
            tracing::info!(%error, lesson = %claim.lesson, "a claim was not released");
        }
    }

    async fn place(&self, lesson: Uuid) -> Result<Placement, ClusterError> {
        if let Some((record, _)) = self.last_record(lesson).await?
            && let Some(holder) = record.node.as_deref().and_then(|node| self.living(node))
            && !holder.draining
        {
            return Ok(Placement { node: holder.node, url: holder.url });
        }
        let seen = self.seen();
        let living = seen.values().filter(|seen| seen.at.elapsed() < LEASE && !seen.record.draining);
        let least = living.min_by_key(|seen| (seen.record.load, seen.record.node.clone()));
        let least = least.ok_or_else(|| unavailable("no node takes rooms"))?;
        Ok(Placement { node: least.record.node.clone(), url: least.record.url.clone() })
    }

    async fn report(&self, report: &Report) -> Result<(), ClusterError> {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", report.id.to_string().as_str());
        let payload = serde_json::to_vec(report).map_err(unavailable)?;
        let subject = report_subject(&self.prefix, report.lesson);
        let sent = self.context.publish_with_headers(subject, headers, payload.into()).await;
        sent.map_err(unavailable)?.await.map_err(unavailable)?;
        Ok(())
    }

    async fn announce(&self, load: u32, draining: bool, now: Timestamp) {
        let record = NodeRecord {
            node: self.me.node.clone(),
            url: self.me.url.clone(),
            load,
            draining,
            alive_at: now,
        };
        let Ok(payload) = serde_json::to_vec(&record) else { return };
        let subject = format!("{}.rtc.nodes.{}", self.prefix, self.me.node);
        // A node without the broker falls silent, and the others act on that.
        if let Err(error) = self.context.publish(subject, payload.into()).await {
            tracing::warn!(%error, "a sign of life cannot be sent");
        }
    }
}

/// Connects a client with the credentials in the URL; async-nats ignores them there.
///
/// # Errors
/// [`ClusterError::Unavailable`] if the URL is invalid or the server refuses the connection.
pub async fn connect_with(
    options: async_nats::ConnectOptions,
    url: &str,
) -> Result<async_nats::Client, ClusterError> {
    let mut addresses = Vec::new();
    let mut options = options;
    for text in url.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        let address: async_nats::ServerAddr = text.parse().map_err(unavailable)?;
        let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        if addresses.is_empty()
            && let Some(user) = address.username().filter(|user| !user.is_empty())
        {
            options = match address.password() {
                Some(password) => options.user_and_password(decode(user), decode(password)),
                None => options.token(decode(user)),
            };
        }
        addresses.push(address);
    }
    options.connect(addresses).await.map_err(unavailable)
}
