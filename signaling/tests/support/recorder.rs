//! A relay of datagrams between clients and the media port: records, and holds back, what clients send.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;

/// The relay; its tasks end with the runtime of the test.
pub struct Recorder {
    /// Address that the server announces to clients.
    pub address: SocketAddr,
    /// Address that the server binds.
    pub target: SocketAddr,
    checks: Arc<Mutex<Vec<Vec<u8>>>>,
    diverted: Arc<Mutex<Vec<Vec<u8>>>>,
    diverting: Arc<AtomicBool>,
}

fn is_check(datagram: &[u8]) -> bool {
    datagram.len() >= 20 && datagram[..2] == [0, 1] && datagram[4..8] == [0x21, 0x12, 0xa4, 0x42]
}

impl Recorder {
    pub async fn start() -> Self {
        let front = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let target = UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let recorder = Self {
            address: front.local_addr().unwrap(),
            target,
            checks: Arc::default(),
            diverted: Arc::default(),
            diverting: Arc::default(),
        };
        let (checks, diverted) = (Arc::clone(&recorder.checks), Arc::clone(&recorder.diverted));
        let diverting = Arc::clone(&recorder.diverting);
        #[expect(clippy::disallowed_methods, reason = "ends with the test")]
        tokio::spawn(async move {
            let mut backs: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
            let mut buffer = vec![0; 2_048];
            while let Ok((length, from)) = front.recv_from(&mut buffer).await {
                let datagram = &buffer[..length];
                if is_check(datagram) {
                    if diverting.load(Ordering::Relaxed) {
                        diverted.lock().unwrap().push(datagram.to_vec());
                        continue;
                    }
                    checks.lock().unwrap().push(datagram.to_vec());
                }
                let back = match backs.get(&from) {
                    Some(back) => Arc::clone(back),
                    None => {
                        let back = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
                        back.connect(target).await.unwrap();
                        tokio::spawn(returns(Arc::clone(&back), Arc::clone(&front), from));
                        backs.insert(from, Arc::clone(&back));
                        back
                    }
                };
                // A server that has stopped is noticed by the test.
                let _ = back.send(datagram).await;
            }
        });
        recorder
    }

    /// Returns the checks that were passed on so far.
    pub fn checks(&self) -> Vec<Vec<u8>> {
        self.checks.lock().unwrap().clone()
    }

    /// Holds back all checks from now on, or passes them on again.
    pub fn divert(&self, diverting: bool) {
        self.diverting.store(diverting, Ordering::Relaxed);
    }

    /// Returns the checks that were held back.
    pub fn diverted(&self) -> Vec<Vec<u8>> {
        self.diverted.lock().unwrap().clone()
    }
}

/// Passes on what the server sends to one client.
async fn returns(back: Arc<UdpSocket>, front: Arc<UdpSocket>, client: SocketAddr) {
    let mut buffer = vec![0; 2_048];
    while let Ok(length) = back.recv(&mut buffer).await {
        let _ = front.send_to(&buffer[..length], client).await;
    }
}
