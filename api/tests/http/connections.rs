//! Connections that send nothing, and connections of one network.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use api::http::router;
use api::lifecycle::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::world::World;

async fn serve_world(world: &World) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(world.app.clone(), router(&world.app), listener, Duration::from_secs(1)));
    address
}

async fn connect_from(network: u8, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, network)), 0)).unwrap();
    socket.connect(to).await.unwrap()
}

async fn answers(mut stream: TcpStream) -> bool {
    let request = b"GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut answer = String::new();
    stream.write_all(request).await.is_ok()
        && stream.read_to_string(&mut answer).await.is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

/// Every beginning that is not a request is closed: nothing, a part of a preface, a part of a head.
#[tokio::test]
async fn a_connection_without_a_request_is_closed() {
    let world = World::with(|settings| settings.first_bytes = Duration::from_millis(500)).await;
    let address = serve_world(&world).await;
    for beginning in ["", "P", "PRI * HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r"] {
        let mut stream = connect_from(1, address).await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "still open after {beginning:?}");
    }
    assert!(answers(connect_from(1, address).await).await);
}

#[tokio::test]
async fn one_network_cannot_take_the_connections_of_another() {
    let world = World::with(|settings| {
        settings.connections_per_network = 4;
        settings.first_bytes = Duration::from_secs(60);
    })
    .await;
    let address = serve_world(&world).await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(connect_from(200, address).await);
    }
    assert!(!answers(connect_from(200, address).await).await, "a fifth connection of one network is served");
    assert!(answers(connect_from(201, address).await).await);
    held.clear();
    fixtures::eventually("a closed connection gives its place back", async || {
        answers(connect_from(200, address).await).await
    })
    .await;
}

/// With all places taken, the oldest connection that has sent nothing makes place.
#[tokio::test]
async fn a_full_server_closes_the_oldest_silent_connection() {
    let world = World::with(|settings| {
        settings.connections = 3;
        settings.first_bytes = Duration::from_secs(60);
    })
    .await;
    let address = serve_world(&world).await;
    let mut held = Vec::new();
    for network in 1..=3 {
        held.push(connect_from(network, address).await);
    }
    assert!(answers(connect_from(9, address).await).await);
    let mut byte = [0];
    assert!(matches!(held[0].read(&mut byte).await, Ok(0) | Err(_)), "the oldest is closed");
}
