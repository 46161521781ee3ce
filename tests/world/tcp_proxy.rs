//! TCP forwarder between the program and one of its servers; a test can cut or silence it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

/// How open connections end.
#[derive(Clone, Copy)]
enum End {
    Cut,
    /// Nothing is forwarded and nothing is closed, as if a machine had lost its power.
    Silent,
}

/// Forwards connections from its own port, until this value is dropped.
pub struct TcpProxy {
    pub address: SocketAddr,
    ends: Arc<broadcast::Sender<End>>,
    forwarding: JoinHandle<()>,
}

impl TcpProxy {
    /// # Errors
    /// If no port is free.
    pub async fn to(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let ends = Arc::new(broadcast::Sender::new(4));
        let connections = Arc::clone(&ends);
        #[expect(clippy::disallowed_methods, reason = "aborted on drop")]
        let forwarding = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let mut end = connections.subscribe();
                #[expect(clippy::disallowed_methods, reason = "ends with either side, or when cut")]
                tokio::spawn(async move {
                    forward(near, target, &mut end).await;
                });
            }
        });
        Ok(Self { address, ends, forwarding })
    }

    /// Cuts every open connection; new connections are accepted.
    pub fn cut(&self) {
        // Sending fails only if there is no connection.
        let _ = self.ends.send(End::Cut);
    }

    /// Silences every open connection; new connections are forwarded.
    pub fn silence(&self) {
        // Sending fails only if there is no connection.
        let _ = self.ends.send(End::Silent);
    }
}

async fn forward(mut near: TcpStream, target: SocketAddr, ends: &mut broadcast::Receiver<End>) {
    let Ok(mut far) = TcpStream::connect(target).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    // A broken connection is the purpose of this type.
    let mut end = tokio::select! {
        _ = copy_bidirectional(&mut near, &mut far) => return,
        end = ends.recv() => end,
    };
    // A silent connection stays open until it is cut.
    while matches!(end, Ok(End::Silent) | Err(broadcast::error::RecvError::Lagged(_))) {
        end = ends.recv().await;
    }
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        self.forwarding.abort();
        self.cut();
    }
}
