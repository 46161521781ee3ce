//! TCP forwarder that a test can cut or silence.

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use fixtures::environment_variable;

/// A connection to a server that a test can cut, silence and restore.
pub struct Line {
    pub url: String,
    pub address: String,
    state: watch::Sender<LineState>,
}

#[derive(Clone, Copy, PartialEq)]
enum LineState {
    Up,
    Cut,
    /// Nothing is forwarded and nothing is closed, as if a machine had lost its power.
    Silent,
}

impl Line {
    /// A line to NATS.
    pub async fn new(up: bool) -> Self {
        let server = environment_variable("NATS_URL");
        let target = server.rsplit(['/', '@']).next().unwrap().to_owned();
        let line = Self::to(target.clone(), up).await;
        // The part before the host (user and password) stays the server's own.
        Self { url: server.replace(&target, &line.address), ..line }
    }

    pub async fn to(target: String, up: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = watch::Sender::new(if up { LineState::Up } else { LineState::Cut });
        let seen = state.subscribe();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, target.clone(), seen.clone()));
            }
        });
        Self { url: String::new(), address, state }
    }

    pub fn cut(&self) {
        self.state.send_replace(LineState::Cut);
    }

    pub fn silence(&self) {
        self.state.send_replace(LineState::Silent);
    }

    pub fn mend(&self) {
        self.state.send_replace(LineState::Up);
    }
}

async fn carry(mut near: TcpStream, target: String, mut state: watch::Receiver<LineState>) {
    let first = *state.borrow();
    if first == LineState::Cut {
        return;
    }
    let Ok(mut far) = TcpStream::connect(target).await else { return };
    if first == LineState::Up {
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut near, &mut far) => return,
            _ = state.wait_for(|state| *state != LineState::Up) => {}
        }
    }
    // What was lost in the silence cannot be forwarded later: a silent connection ends by being cut.
    let _ = state.wait_for(|state| *state == LineState::Cut).await;
}
