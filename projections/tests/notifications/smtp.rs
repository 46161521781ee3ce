//! A mail server that accepts mails, or fails as the test has set.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Behaviour in one connection.
#[derive(Clone, Copy, Debug)]
pub enum Mood {
    /// Answers 451: try later.
    Busy,
    /// Answers 550: no such mailbox.
    Refuses,
    /// Accepts the mail and closes the connection before its answer.
    CutsAfterTaking,
    /// Closes the connection at once.
    Cuts,
    /// Sends nothing at all.
    Slow,
}

/// A running server; it accepts every mail by default.
pub struct Smtp {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    moods: VecDeque<Mood>,
    mails: Vec<Mail>,
    connections: usize,
}

/// A mail as accepted.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub text: String,
}

impl Mail {
    pub fn header(&self, name: &str) -> String {
        let start = format!("{name}: ");
        let line = self.text.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("no {name}: {}", self.text)).to_owned()
    }
}

impl Smtp {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                tokio::spawn(async move { serve(stream, shared).await });
            }
        });
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Sets the behaviour in the next connections; afterwards the server accepts mails again.
    pub fn will(&self, moods: &[Mood]) {
        self.state.lock().unwrap().moods.extend(moods);
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.state.lock().unwrap().mails.clone()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

async fn serve(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let mood = {
        let mut state = state.lock().unwrap();
        state.connections += 1;
        state.moods.pop_front()
    };
    match mood {
        Some(Mood::Cuts) => return None,
        Some(Mood::Slow) => std::future::pending::<()>().await,
        Some(Mood::Busy | Mood::Refuses | Mood::CutsAfterTaking) | None => {}
    }
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await.ok()?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), mood) {
            ("EHLO" | "HELO", _) => "250 here",
            ("RCPT", Some(Mood::Busy)) => "451 not now",
            ("RCPT", Some(Mood::Refuses)) => "550 no such mailbox",
            ("RCPT", _) => {
                to = line.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                "250 ok"
            }
            ("DATA", _) => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await.ok()? {
                    if line == "." {
                        break;
                    }
                    text += &line;
                    text.push('\n');
                }
                state.lock().unwrap().mails.push(Mail { to: to.clone(), text });
                if matches!(mood, Some(Mood::CutsAfterTaking)) {
                    return None;
                }
                "250 taken"
            }
            ("QUIT", _) => {
                write.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}
