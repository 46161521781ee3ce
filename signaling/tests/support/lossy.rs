//! A network that loses media: sockets of people's connections that drop packets, and count what is sent again.

use std::collections::HashSet;
use std::future::Future;
use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, RecvMeta, Runtime,
    TokioRuntime, Transmit,
};

/// The network of all people of a lesson.
#[derive(Debug, Default)]
pub struct LossyNetwork {
    /// Share of media packets that are lost each way, in permille.
    permille: AtomicU32,
    /// Bytes of media packets, before any is lost, and of those among them that were sent before.
    bytes: AtomicU64,
    again: AtomicU64,
}

impl LossyNetwork {
    /// Begins to lose this share of the media packets each way.
    pub fn loses(&self, permille: u32) {
        self.permille.store(permille, Ordering::Relaxed);
    }

    /// Returns the bytes of media so far, and those of packets that were sent before.
    pub fn traffic(&self) -> (u64, u64) {
        (self.bytes.load(Ordering::Relaxed), self.again.load(Ordering::Relaxed))
    }

    /// Returns `true` if this datagram is lost.
    fn strikes(&self, datagram: &[u8]) -> bool {
        let is_media = datagram.first().is_some_and(|first| (128..192).contains(first));
        is_media && rand::random_range(0..1_000) < self.permille.load(Ordering::Relaxed)
    }
}

/// Returns SSRC and number of a packet of RTP; encryption leaves both readable.
fn rtp_of(datagram: &[u8]) -> Option<(u32, u16)> {
    let [first, kind, high, low, _, _, _, _, ssrc @ ..] = datagram else { return None };
    let is_rtp = (128..192).contains(first) && !(192..=223).contains(kind);
    let ssrc = ssrc.first_chunk::<4>()?;
    is_rtp.then(|| (u32::from_be_bytes(*ssrc), u16::from_be_bytes([*high, *low])))
}

/// The runtime of a connection on this network.
#[derive(Debug)]
pub struct LossyRuntime(pub Arc<LossyNetwork>);

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

impl Runtime for LossyRuntime {
    fn wrap_udp_socket(&self, socket: std::net::UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        let socket = TokioRuntime.wrap_udp_socket(socket)?;
        Ok(Arc::new(LossySocket { socket, network: Arc::clone(&self.0), seen: Mutex::default() }))
    }

    fn spawn(&self, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        TokioRuntime.spawn(future)
    }

    fn spawn_reactor(&self, pool: usize, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        TokioRuntime.spawn_reactor(pool, future)
    }

    fn wrap_tcp_listener(&self, listener: std::net::TcpListener) -> io::Result<Arc<dyn AsyncTcpListener>> {
        TokioRuntime.wrap_tcp_listener(listener)
    }

    fn connect_tcp<'a>(&'a self, to: SocketAddr) -> Boxed<'a, io::Result<Arc<dyn AsyncTcpStream>>> {
        TokioRuntime.connect_tcp(to)
    }

    fn resolve_host<'a>(&'a self, host: &'a str) -> Boxed<'a, io::Result<Vec<SocketAddr>>> {
        TokioRuntime.resolve_host(host)
    }

    fn sleep(&self, duration: Duration) -> Boxed<'static, ()> {
        TokioRuntime.sleep(duration)
    }

    fn interval(&self, period: Duration) -> Box<dyn AsyncInterval> {
        TokioRuntime.interval(period)
    }

    fn block_on(&self, future: Pin<Box<dyn Future<Output = ()> + '_>>) {
        TokioRuntime.block_on(future);
    }
}

#[derive(Debug)]
struct LossySocket {
    socket: Arc<dyn AsyncUdpSocket>,
    network: Arc<LossyNetwork>,
    /// SSRCs and numbers of packets so far. No track of a test has 65,536 packets.
    seen: Mutex<HashSet<(u32, u16)>>,
}

impl LossySocket {
    /// Counts a packet of media.
    fn note(&self, datagram: &[u8]) {
        let Some(packet) = rtp_of(datagram) else { return };
        let length = datagram.len() as u64;
        self.network.bytes.fetch_add(length, Ordering::Relaxed);
        if !self.seen.lock().unwrap().insert(packet) {
            self.network.again.fetch_add(length, Ordering::Relaxed);
        }
    }
}

impl AsyncUdpSocket for LossySocket {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    fn max_gro_segments(&self) -> usize {
        self.socket.max_gro_segments()
    }

    /// Sends one datagram: this socket takes no runs of them.
    fn poll_send(&self, cx: &mut Context<'_>, transmit: &Transmit<'_>) -> Poll<io::Result<usize>> {
        let sent = match self.network.strikes(transmit.contents) {
            true => Ok(transmit.contents.len()),
            false => ready!(self.socket.poll_send(cx, transmit)),
        };
        self.note(transmit.contents);
        Poll::Ready(sent)
    }

    /// Fills one buffer with the datagrams of a run that are not lost.
    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.socket.poll_recv(cx, &mut buffers[..1], &mut meta[..1]))?;
            let (stride, length) = (meta[0].stride.max(1), meta[0].len);
            let mut kept = 0;
            for start in (0..length).step_by(stride) {
                let end = (start + stride).min(length);
                let datagram = &buffers[0][start..end];
                self.note(datagram);
                if !self.network.strikes(datagram) {
                    buffers[0].copy_within(start..end, kept);
                    kept += end - start;
                }
            }
            if kept > 0 {
                meta[0].len = kept;
                return Poll::Ready(Ok(1));
            }
        }
    }
}
