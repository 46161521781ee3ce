//! Over a real socket: requests in flight are finished, and no new one is accepted.

use std::time::Duration;

use api::http::router;
use api::lifecycle::serve;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::world::{World, person};

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_process_stops() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving =
        tokio::spawn(serve(world.app.clone(), router(&world.app), listener, Duration::from_secs(20)));
    let body = person("anna").to_string();
    let mut under_way = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/v1/accounts HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len(),
    );
    under_way.write_all(head.as_bytes()).await.unwrap();
    // The server has read the headers by then and waits for the body without a query to the pool.
    tokio::time::sleep(Duration::from_millis(200)).await;
    world.app.stopping.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    under_way.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    under_way.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "a new connection was accepted");
}

#[tokio::test]
async fn who_does_not_finish_in_time_does_not_keep_the_process() {
    let world = World::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving =
        tokio::spawn(serve(world.app.clone(), router(&world.app), listener, Duration::from_millis(200)));
    let mut stuck = TcpStream::connect(address).await.unwrap();
    stuck
        .write_all(b"POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    world.get("/health/ready", &[]).await.is(200);
    world.app.stopping.cancel();
    world.get("/health/ready", &[]).await.refused(503, "not_ready");
    tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap().unwrap();
}
