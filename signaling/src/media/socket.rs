//! The one UDP socket of all media: reads in batches, sends runs of equal packets at once, loses on purpose in tests.

use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::BytesMut;
use tokio::io::Interest;
use tokio::net::UdpSocket;
use webrtc::runtime::{RecvMeta, Transmit, UdpSockRef, UdpSocketState};

use super::demux::is_media;

const BUFFERS: usize = 8;
const BUFFER_BYTES: usize = 65_536;
const KERNEL_BUFFER_BYTES: usize = 8 << 20;
const MAX_RUN: usize = 16;

/// Shares of media packets to lose, in permille, for tests.
#[derive(Debug, Default)]
pub struct Loss {
    pub inbound: AtomicU32,
    pub outbound: AtomicU32,
    state: AtomicU32,
}

impl Loss {
    fn strikes(&self, rate: &AtomicU32, datagram: &[u8]) -> bool {
        let rate = rate.load(Ordering::Relaxed);
        if rate == 0 || !is_media(datagram) {
            return false;
        }
        // A linear congruential generator: chance of this quality suffices to lose packets.
        let next = |state: u32| state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let state = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |state| Some(next(state)));
        (state.unwrap_or_default() >> 8) % 1_000 < rate
    }
}

/// The socket and its batching.
pub struct MediaSocket {
    io: UdpSocket,
    state: UdpSocketState,
    pub loss: Loss,
}

/// Buffers of one reader.
pub struct ReadBuffers(Vec<Vec<u8>>);

impl Default for ReadBuffers {
    fn default() -> Self {
        Self(vec![vec![0; BUFFER_BYTES]; BUFFERS])
    }
}

impl MediaSocket {
    /// Binds the socket with large kernel buffers.
    ///
    /// # Errors
    /// The operating system's.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = std::net::UdpSocket::bind(address)?;
        socket.set_nonblocking(true)?;
        // The forced form exceeds the system's limit and needs a capability; without it the limit applies.
        if rustix::net::sockopt::set_socket_recv_buffer_size_force(&socket, KERNEL_BUFFER_BYTES).is_err() {
            rustix::net::sockopt::set_socket_recv_buffer_size(&socket, KERNEL_BUFFER_BYTES)?;
        }
        rustix::net::sockopt::set_socket_send_buffer_size(&socket, KERNEL_BUFFER_BYTES)?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        Ok(Self { io: UdpSocket::from_std(socket)?, state, loss: Loss::default() })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.local_addr()
    }

    /// Waits for datagrams and gives each to `take`.
    ///
    /// # Errors
    /// The operating system's, except for refused datagrams of earlier sends.
    pub async fn read(
        &self,
        buffers: &mut ReadBuffers,
        mut take: impl FnMut(SocketAddr, &[u8]),
    ) -> io::Result<()> {
        self.io.readable().await?;
        let mut meta = [RecvMeta::default(); BUFFERS];
        let received = {
            let mut slices: Vec<IoSliceMut<'_>> =
                buffers.0.iter_mut().map(|buffer| IoSliceMut::new(buffer)).collect();
            self.io.try_io(Interest::READABLE, || {
                self.state.recv(UdpSockRef::from(&self.io), &mut slices, &mut meta)
            })
        };
        let count = match received {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => 0,
            Err(error) => return Err(error),
        };
        for (buffer, meta) in buffers.0.iter().zip(&meta[..count]) {
            for datagram in buffer[..meta.len].chunks(meta.stride.max(1)) {
                if !self.loss.strikes(&self.loss.inbound, datagram) {
                    take(meta.addr, datagram);
                }
            }
        }
        Ok(())
    }

    /// Sends datagrams in order; runs to one address with one length go out in one call.
    pub async fn send(&self, datagrams: &mut Vec<(SocketAddr, BytesMut)>) {
        if self.loss.outbound.load(Ordering::Relaxed) > 0 {
            datagrams.retain(|(_, datagram)| !self.loss.strikes(&self.loss.outbound, datagram));
        }
        let longest_run = self.state.max_gso_segments().min(MAX_RUN);
        let mut run = Vec::new();
        let mut at = 0;
        while at < datagrams.len() {
            let (to, first) = &datagrams[at];
            let mut end = at + 1;
            while end < datagrams.len()
                && end - at < longest_run
                && datagrams[end].0 == *to
                && datagrams[end - 1].1.len() == first.len()
                && datagrams[end].1.len() <= first.len()
            {
                end += 1;
            }
            let contents: &[u8] = if end - at == 1 {
                first
            } else {
                run.clear();
                datagrams[at..end].iter().for_each(|(_, datagram)| run.extend_from_slice(datagram));
                &run
            };
            let segment_size = (end - at > 1).then_some(first.len());
            self.send_one(Transmit { destination: *to, ecn: None, contents, segment_size, src_ip: None })
                .await;
            at = end;
        }
        datagrams.clear();
    }

    async fn send_one(&self, transmit: Transmit<'_>) {
        loop {
            let sent = self
                .io
                .try_io(Interest::WRITABLE, || self.state.try_send(UdpSockRef::from(&self.io), &transmit));
            match sent {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.io.writable().await.is_err() {
                        return;
                    }
                }
                // An unreachable receiver is noticed by its connectivity checks.
                _ => return,
            }
        }
    }
}
