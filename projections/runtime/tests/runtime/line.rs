//! TCP forwarder that a test can cut.

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use fixtures::environment_variable;

/// A connection to NATS that a test can cut and restore.
pub struct Line {
    pub url: String,
    up: watch::Sender<bool>,
}

impl Line {
    pub async fn new(up: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = environment_variable("NATS_URL");
        let target = server.rsplit(['/', '@']).next().unwrap().to_owned();
        // The part before the host (user and password) stays the server's own.
        let url = server.replace(&target, &listener.local_addr().unwrap().to_string());
        let up = watch::Sender::new(up);
        let state = up.subscribe();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, target.clone(), state.clone()));
            }
        });
        Self { url, up }
    }

    pub fn cut(&self) {
        self.up.send_replace(false);
    }

    pub fn mend(&self) {
        self.up.send_replace(true);
    }
}

async fn carry(mut near: TcpStream, target: String, mut up: watch::Receiver<bool>) {
    if !*up.borrow() {
        return;
    }
    let Ok(mut far) = TcpStream::connect(target).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        _ = up.wait_for(|up| !up) => {}
    }
}
