//! The network between people and a node: a UDP relay whose ways down may be narrow.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

/// Packets that wait for a narrow way; more are lost.
const QUEUE: usize = 60;

/// Bits per second of a way down; 0 is as many as there are.
pub type Width = Arc<AtomicU64>;

/// A relay that people reach a node through; it ends with this value.
pub struct Link {
    pub address: SocketAddr,
    node: Arc<Mutex<Option<SocketAddr>>>,
    newcomers: Arc<Mutex<Width>>,
    _task: AbortOnDropHandle<()>,
}

impl Link {
    /// Binds the relay; announce its address as the node's.
    pub async fn start() -> Self {
        let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let address = socket.local_addr().unwrap();
        let node = Arc::<Mutex<Option<SocketAddr>>>::default();
        let newcomers = Arc::<Mutex<Width>>::default();
        let task = carry(socket, Arc::clone(&node), Arc::clone(&newcomers));
        #[expect(clippy::disallowed_methods, reason = "ends with the relay")]
        let task = AbortOnDropHandle::new(tokio::spawn(task));
        Self { address, node, newcomers, _task: task }
    }

    /// Sets where the node's media port is.
    pub fn leads_to(&self, node: SocketAddr) {
        *self.node.lock().unwrap() = Some(node);
    }

    /// Returns the width of the ways down to all who come from now on.
    pub fn newcomers(&self) -> Width {
        let width = Width::default();
        *self.newcomers.lock().unwrap() = Arc::clone(&width);
        width
    }
}

async fn carry(socket: Arc<UdpSocket>, node: Arc<Mutex<Option<SocketAddr>>>, newcomers: Arc<Mutex<Width>>) {
    let mut ways: HashMap<SocketAddr, (Arc<UdpSocket>, AbortOnDropHandle<()>)> = HashMap::new();
    let mut buffer = vec![0; 2_048];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
        let Some(node) = *node.lock().unwrap() else { continue };
        if let Entry::Vacant(way) = ways.entry(from) {
            let up = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
            up.connect(node).await.unwrap();
            let width = Arc::clone(&newcomers.lock().unwrap());
            let down = carry_down(Arc::clone(&up), Arc::clone(&socket), from, width);
            #[expect(clippy::disallowed_methods, reason = "ends with the relay")]
            way.insert((up, AbortOnDropHandle::new(tokio::spawn(down))));
        }
        // What is lost here is lost like in any network.
        let _ = ways[&from].0.send(&buffer[..length]).await;
    }
}

async fn carry_down(up: Arc<UdpSocket>, down: Arc<UdpSocket>, to: SocketAddr, width: Width) {
    let (queue, mut waiting) = tokio::sync::mpsc::channel::<Vec<u8>>(QUEUE);
    let send = async {
        let mut free_at = Instant::now();
        while let Some(datagram) = waiting.recv().await {
            let width = width.load(Ordering::Relaxed);
            if width > 0 {
                let time = Duration::from_secs_f64((datagram.len() * 8) as f64 / width as f64);
                free_at = free_at.max(Instant::now()) + time;
                tokio::time::sleep_until(free_at).await;
            }
            let _ = down.send_to(&datagram, to).await;
        }
    };
    let read = async {
        let mut buffer = vec![0; 2_048];
        loop {
            if let Ok(length) = up.recv(&mut buffer).await {
                let _ = queue.try_send(buffer[..length].to_vec());
            }
        }
    };
    tokio::join!(send, read);
}
