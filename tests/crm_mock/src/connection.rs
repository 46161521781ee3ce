//! Connections that can be cut: the caller of a request that was carried out gets no byte of an answer.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::connect_info::Connected;
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections that can be cut.
pub(crate) struct AbortableListener(pub TcpListener);

/// A connection that fails every write once it has been cut; the server then closes it.
pub(crate) struct AbortableStream {
    stream: TcpStream,
    connection: ConnectionHandle,
}

/// A handler's view of its connection.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionHandle {
    peer: SocketAddr,
    is_cut: Arc<AtomicBool>,
}

impl ConnectionHandle {
    pub fn is_loopback(&self) -> bool {
        self.peer.ip().to_canonical().is_loopback()
    }

    /// Cuts the connection: nothing more is written to the caller.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
    }

    fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::SeqCst)
    }
}

/// An answer whose body breaks off.
/// Without a connection of [`AbortableListener`] (in process, or behind another server) this is closest to a
/// cut.
pub(crate) fn aborted_response() -> Response {
    let failure = futures::stream::iter([Err::<Bytes, _>(cut_error())]);
    Response::new(Body::from_stream(failure))
}

impl Listener for AbortableListener {
    type Io = AbortableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        let connection = ConnectionHandle { peer, is_cut: Arc::default() };
        (AbortableStream { stream, connection }, peer)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, AbortableListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, AbortableListener>) -> Self {
        stream.io().connection.clone()
    }
}

impl AsyncRead for AbortableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for AbortableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.connection.is_cut() {
            return Poll::Ready(Err(cut_error()));
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

fn cut_error() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "cut, as asked for")
}

#[cfg(test)]
impl ConnectionHandle {
    pub fn from_peer(peer: SocketAddr) -> Self {
        Self { peer, is_cut: Arc::default() }
    }
}
