//! Live sockets during messages and the death of a process or server: every acknowledged message arrives
//! once, in order.

use std::time::Duration;

use domain::{ConversationId, Ids, RandomIds};
use futures::future::join_all;
use rustix::process::Signal;
use tests::{ConversationWriter, HttpClient, Person, Settings, Socket, SocketRequest, World, signal};
use tokio::time::{interval, sleep};

/// Number of messages, and their pace.
const MESSAGES: u32 = 1_000;
const PER_SECOND: u32 = 200;
/// Sockets of the recipient.
const SOCKETS: usize = 5;

/// A process that serves sockets is killed; its clients resume at the other process.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_costs_no_message() {
    let world = World::start().await;
    let mut second = world.another_app().await;
    let clients = [second.client.clone(), world.client().clone()];
    let killing = async {
        sleep(Duration::from_secs(2)).await;
        second.is_killed();
    };
    under_traffic(&world, &clients, killing).await;
}

/// NATS dies and restarts on its address: sockets stay open, and every message arrives.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_nats_costs_no_message() {
    let world = World::with(Settings { own_servers: true, ..Settings::default() }).await;
    let clients = [world.client().clone()];
    let killing = async {
        for _ in 0..2 {
            sleep(Duration::from_millis(1_500)).await;
            signal(world.servers.nats(), Signal::KILL);
        }
    };
    under_traffic(&world, &clients, killing).await;
}

async fn under_traffic(world: &World, clients: &[HttpClient], harm: impl Future<Output = ()>) {
    let writer = ConversationWriter::start(world).await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let conversation = writer.between(&anna, &boris).await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        sockets.push(boris.through(&clients[0]).opens_socket().await);
    }
    let listening = sockets.into_iter().map(|socket| listen(socket, &boris, clients));
    let (sent, heard, ()) = futures::join!(send(&writer, conversation, &anna), join_all(listening), harm);
    for heard in heard {
        assert_eq!(heard, sent);
    }
}

/// Sends all messages and returns the positions of the acknowledged ones, in order.
/// A message without an answer is sent again under its id.
async fn send(writer: &ConversationWriter, conversation: ConversationId, who: &Person) -> Vec<u64> {
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    let mut sending = Vec::new();
    for _ in 0..MESSAGES {
        ticks.tick().await;
        let (writer, who, client_id) = (writer.clone(), who.clone(), RandomIds.next());
        #[expect(clippy::disallowed_methods, reason = "awaited below")]
        sending.push(tokio::spawn(async move {
            loop {
                match writer.tries_to_send(conversation, &who, "слово", client_id).await {
                    Ok(receipt) => return receipt.position,
                    Err(_) => sleep(Duration::from_millis(50)).await,
                }
            }
        }));
    }
    let mut positions: Vec<u64> =
        join_all(sending).await.into_iter().map(|sent| sent.expect("no panic").0).collect();
    positions.sort_unstable();
    positions
}

/// Collects the positions of received messages in their order; reconnects to any process that answers.
async fn listen(mut socket: Socket, who: &Person, clients: &[HttpClient]) -> Vec<u64> {
    let mut heard = Vec::new();
    let mut next_door = 0;
    while heard.len() < MESSAGES as usize {
        match socket.next_or_close().await {
            Ok(frame) if frame["type"] == "message_sent" => {
                heard.push(frame["position"].as_u64().expect("a position"));
            }
            Ok(_) => {}
            Err(_) => {
                let seen = socket.seen;
                socket = loop {
                    next_door = (next_door + 1) % clients.len();
                    match who.through(&clients[next_door]).requests_socket(SocketRequest::after(seen)).await {
                        Ok(socket) => break socket,
                        Err(_) => sleep(Duration::from_millis(20)).await,
                    }
                };
            }
        }
    }
    heard
}
