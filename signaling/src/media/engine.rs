//! The handle on the forwarding unit: starts its workers and its reader, and gives them orders.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::BytesMut;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::counters::{Counters, add};
use super::demux::{Demux, Place};
use super::socket::{Loss, MediaSocket, ReadBuffers};
use super::worker::{MediaEvent, MediaRefusal, Message, Origin, PublishedMid, Shared, TrackUid, Worker};
use crate::room::Flow;

/// Batches that wait for a worker; more are dropped and counted.
const QUEUE: usize = 1_024;

/// Both connections of one participant, not yet open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Legs {
    pub publishing: u64,
    pub receiving: u64,
    worker: usize,
}

impl Legs {
    /// Returns where this participant's tracks come from.
    pub fn origin(&self) -> Place {
        Place { worker: self.worker, leg: self.publishing }
    }
}

/// The forwarding unit of a node.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
    workers: Vec<mpsc::Sender<Message>>,
    numbers: Arc<AtomicU64>,
}

impl Engine {
    /// Binds the media port and starts reader and workers on `tasks`; `stop` ends them.
    ///
    /// # Errors
    /// The operating system's, when the port cannot be bound.
    pub fn start(
        bind: SocketAddr,
        announced: &[SocketAddr],
        workers: usize,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> std::io::Result<Self> {
        let socket = MediaSocket::bind(bind)?;
        let bound = socket.local_addr()?;
        // An announced port 0 stands for the bound one.
        let announced = if announced.is_empty() { vec![bound] } else { announced.to_vec() };
        let announced = announced
            .into_iter()
            .map(|address| match address.port() {
                0 => SocketAddr::new(address.ip(), bound.port()),
                _ => address,
            })
            .collect();
        let shared =
            Arc::new(Shared { socket, demux: Demux::default(), counters: Counters::default(), announced });
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..workers.clamp(1, 64)).map(|_| mpsc::channel(QUEUE)).unzip();
        for (index, messages) in receivers.into_iter().enumerate() {
            let worker = Worker::new(index, Arc::clone(&shared), senders.clone());
            let stop = stop.clone();
            tasks.spawn(async move { stop.run_until_cancelled(worker.run(messages)).await });
        }
        let (reader, queues, stop) = (Arc::clone(&shared), senders.clone(), stop.clone());
        tasks.spawn(async move { stop.run_until_cancelled(read(&reader, &queues)).await });
        Ok(Self { shared, workers: senders, numbers: Arc::new(AtomicU64::new(1)) })
    }

    pub fn counters(&self) -> &Counters {
        &self.shared.counters
    }

    /// Returns the knobs that tests lose packets with.
    pub fn loss(&self) -> &Loss {
        &self.shared.socket.loss
    }

    pub fn announced(&self) -> &[SocketAddr] {
        &self.shared.announced
    }

    /// Returns the address that the media port is bound to.
    ///
    /// # Errors
    /// The operating system's.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.shared.socket.local_addr()
    }

    /// Returns how many ICE credentials and addresses are known.
    pub fn known(&self) -> (usize, usize) {
        self.shared.demux.sizes()
    }

    /// Allots the numbers of a participant's two connections.
    pub fn allot(&self) -> Legs {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let worker = usize::try_from(number).unwrap_or(0) % self.workers.len();
        Legs { publishing: number * 2, receiving: number * 2 + 1, worker }
    }

    /// Allots the number of a published track.
    pub fn allot_track(&self) -> TrackUid {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    async fn send(&self, legs: Legs, message: Message) {
        if self.workers[legs.worker].send(message).await.is_err() {
            tracing::debug!("a worker has ended");
        }
    }

    /// Takes an offer and returns the answer.
    ///
    /// # Errors
    /// `MediaRefusal::BadDescription`.
    pub async fn publish(
        &self,
        legs: Legs,
        events: mpsc::UnboundedSender<MediaEvent>,
        offer: String,
        tracks: Vec<PublishedMid>,
    ) -> Result<String, MediaRefusal> {
        let (reply, answer) = oneshot::channel();
        self.send(legs, Message::Publish { leg: legs.publishing, events, offer, tracks, reply }).await;
        answer.await.unwrap_or(Err(MediaRefusal::Stale))
    }

    pub async fn subscribe(
        &self,
        legs: Legs,
        events: mpsc::UnboundedSender<MediaEvent>,
        origin: Origin,
        flow: Flow,
    ) {
        self.send(legs, Message::Subscribe { leg: legs.receiving, events, origin, flow }).await;
    }

    pub async fn unsubscribe(&self, legs: Legs, uid: TrackUid) {
        self.send(legs, Message::Unsubscribe { leg: legs.receiving, uid }).await;
    }

    pub async fn set_flow(&self, legs: Legs, uid: TrackUid, flow: Flow) {
        self.send(legs, Message::SetFlow { leg: legs.receiving, uid, flow }).await;
    }

    /// Takes the answer to the open offer.
    ///
    /// # Errors
    /// `MediaRefusal::Stale` and `MediaRefusal::BadDescription`.
    pub async fn answer(&self, legs: Legs, nid: u32, sdp: String) -> Result<(), MediaRefusal> {
        let (reply, done) = oneshot::channel();
        self.send(legs, Message::Answer { leg: legs.receiving, nid, sdp, reply }).await;
        done.await.unwrap_or(Err(MediaRefusal::Stale))
    }

    /// Offers new ICE credentials on the receiving connection.
    pub async fn restart(&self, legs: Legs) {
        self.send(legs, Message::Restart { leg: legs.receiving }).await;
    }

    pub async fn close(&self, legs: Legs) {
        for leg in [legs.publishing, legs.receiving] {
            self.send(legs, Message::Close { leg }).await;
        }
    }
}

/// Reads the socket and gives each worker its datagrams.
async fn read(shared: &Shared, workers: &[mpsc::Sender<Message>]) {
    let mut buffers = ReadBuffers::default();
    let mut batches: Vec<Vec<(u64, SocketAddr, BytesMut)>> = vec![Vec::new(); workers.len()];
    loop {
        let read = shared.socket.read(&mut buffers, |from, datagram| {
            match shared.demux.place(Instant::now(), from, datagram) {
                Some(place) => batches[place.worker].push((place.leg, from, BytesMut::from(datagram))),
                None => add(&shared.counters.strangers, 1),
            }
        });
        if let Err(error) = read.await {
            tracing::error!(%error, "the media socket cannot be read");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        for (worker, batch) in batches.iter_mut().enumerate().filter(|(_, batch)| !batch.is_empty()) {
            let count = batch.len() as u64;
            if workers[worker].try_send(Message::Datagrams(std::mem::take(batch))).is_err() {
                add(&shared.counters.dropped, count);
            }
        }
    }
}
