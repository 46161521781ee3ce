//! The bounded queue from a session to its socket: by frames and by bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Most frames that wait for a slow client.
pub const QUEUE: usize = 256;
/// Most bytes that wait for a slow client; one frame is always taken.
pub const QUEUE_BYTES: usize = 1 << 20;

/// Output of a session to its socket.
#[derive(Debug)]
pub enum Outgoing {
    Frame(Utf8Bytes),
    Close { code: u16, reason: &'static str },
}

impl Outgoing {
    fn bytes(&self) -> usize {
        match self {
            Self::Frame(text) => text.len(),
            Self::Close { .. } => 0,
        }
    }
}

/// Sending end of a socket's queue; a newer socket has a higher number.
#[derive(Debug, Clone)]
pub struct Sink {
    pub number: u64,
    sender: mpsc::Sender<Outgoing>,
    waiting: Arc<AtomicUsize>,
    overflow: CancellationToken,
}

/// Receiving end, which the socket writes from.
#[derive(Debug)]
pub struct Outlet {
    receiver: mpsc::Receiver<Outgoing>,
    waiting: Arc<AtomicUsize>,
    overflow: CancellationToken,
}

/// Creates the queue of the socket with this number.
pub fn queue(number: u64) -> (Sink, Outlet) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let (waiting, overflow) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
    let outlet = Outlet { receiver, waiting: Arc::clone(&waiting), overflow: overflow.clone() };
    (Sink { number, sender, waiting, overflow }, outlet)
}

impl Sink {
    /// Adds to the queue. Returns `false` if the queue is full or the socket is gone: the socket then ends.
    pub fn push(&self, outgoing: Outgoing) -> bool {
        let bytes = outgoing.bytes();
        let before = self.waiting.fetch_add(bytes, Ordering::Relaxed);
        let fits = before == 0 || before + bytes <= QUEUE_BYTES;
        let is_taken = fits && self.sender.try_send(outgoing).is_ok();
        if !is_taken {
            self.overflow.cancel();
        }
        is_taken
    }
}

impl Outlet {
    /// Waits for the next output; returns `None` when the session has let the socket go.
    pub async fn next(&mut self) -> Option<Outgoing> {
        let next = self.receiver.recv().await?;
        self.waiting.fetch_sub(next.bytes(), Ordering::Relaxed);
        Some(next)
    }

    /// Returns the token that an overflow of the queue cancels.
    pub fn overflow(&self) -> CancellationToken {
        self.overflow.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(bytes: usize) -> Outgoing {
        Outgoing::Frame("x".repeat(bytes).into())
    }

    #[test]
    fn a_queue_is_bounded_by_frames_and_by_bytes() {
        let (sink, outlet) = queue(1);
        assert!((0..QUEUE).all(|_| sink.push(frame(10))));
        assert!(!outlet.overflow().is_cancelled());
        assert!(!sink.push(frame(10)));
        assert!(outlet.overflow().is_cancelled());

        let (sink, outlet) = queue(2);
        assert!((0..16).all(|_| sink.push(frame(QUEUE_BYTES / 16))));
        assert!(!sink.push(frame(1)));
        assert!(outlet.overflow().is_cancelled());
    }

    #[tokio::test]
    async fn a_client_that_reads_has_the_whole_queue_again() {
        let (sink, mut outlet) = queue(1);
        for _ in 0..QUEUE * 3 {
            assert!(sink.push(frame(QUEUE_BYTES / 2)));
            assert!(matches!(outlet.next().await, Some(Outgoing::Frame(_))));
        }
    }
}
