//! TCP forwarder between the program and one of its servers; a test can cut it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;

/// Forwards connections from its own port, until this value is dropped.
pub struct TcpProxy {
    pub address: SocketAddr,
    cut: Arc<broadcast::Sender<()>>,
    forwarding: JoinHandle<()>,
}

impl TcpProxy {
    /// # Errors
    /// If no port is free.
    pub async fn to(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let cut = Arc::new(broadcast::Sender::new(1));
        let connections = Arc::clone(&cut);
        #[expect(clippy::disallowed_methods, reason = "aborted on drop")]
        let forwarding = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let mut end = connections.subscribe();
                #[expect(clippy::disallowed_methods, reason = "ends with either side, or when cut")]
                tokio::spawn(async move {
                    tokio::select! {
                        () = forward(near, target) => {}
                        _ = end.recv() => {}
                    }
                });
            }
        });
        Ok(Self { address, cut, forwarding })
    }

    /// Cuts every open connection; new connections are accepted.
    pub fn cut(&self) {
        // Sending fails only if there is no connection.
        let _ = self.cut.send(());
    }
}

async fn forward(mut near: TcpStream, target: SocketAddr) {
    let Ok(mut far) = TcpStream::connect(target).await else { return };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    // A broken connection is the purpose of this type.
    let _ = copy_bidirectional(&mut near, &mut far).await;
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        self.forwarding.abort();
        self.cut();
    }
}
