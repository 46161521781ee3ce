//! Admission of connections: a share for each network, and a place for the next one when all are taken.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::http::settings::HttpSettings;
use crate::network::Network;

/// Open connections of this OS process.
pub struct Connections {
    places: Arc<Semaphore>,
    per_network: usize,
    trusted_proxies: Vec<IpNet>,
    open: Mutex<OpenConnections>,
}

#[derive(Default)]
struct OpenConnections {
    by_network: HashMap<Network, usize>,
    /// Connections that have sent no bytes, oldest first, each with its end.
    silent: BTreeMap<u64, CancellationToken>,
    next_id: u64,
}

/// The place of one connection. Dropping it gives the place back.
pub struct ConnectionPlace {
    connections: Arc<Connections>,
    id: u64,
    network: Option<Network>,
    /// Cancelled when another connection needs the place of this silent one.
    pub evicted: CancellationToken,
    _permit: OwnedSemaphorePermit,
}

impl Connections {
    pub fn from_settings(settings: &HttpSettings) -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(settings.connections)),
            per_network: settings.connections_per_network,
            trusted_proxies: settings.trusted_proxies.clone(),
            open: Mutex::default(),
        })
    }

    /// Returns the place of a connection; `None` if its network has used its share.
    ///
    /// If all places are taken, ends the oldest silent connection and waits for a place.
    pub async fn admit(self: &Arc<Self>, address: SocketAddr) -> Option<ConnectionPlace> {
        let is_proxy = self.trusted_proxies.iter().any(|proxy| proxy.contains(&address.ip().to_canonical()));
        let network = (!is_proxy).then(|| Network::of(address.ip()));
        if network.is_some_and(|network| self.is_used_up(network)) {
            return None;
        }
        let permit = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                self.evict_oldest_silent();
                Arc::clone(&self.places).acquire_owned().await.ok()?
            }
        };
        let mut open = self.lock();
        let id = open.next_id;
        open.next_id += 1;
        if let Some(network) = network {
            *open.by_network.entry(network).or_default() += 1;
        }
        let evicted = CancellationToken::new();
        open.silent.insert(id, evicted.clone());
        drop(open);
        Some(ConnectionPlace { connections: Arc::clone(self), id, network, evicted, _permit: permit })
    }

    fn is_used_up(&self, network: Network) -> bool {
        self.lock().by_network.get(&network).is_some_and(|open| *open >= self.per_network)
    }

    fn evict_oldest_silent(&self) {
        if let Some((_, evicted)) = self.lock().silent.pop_first() {
            evicted.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConnectionPlace {
    /// Records that the connection has sent its first bytes; it is no longer evicted.
    pub fn has_spoken(&self) {
        self.connections.lock().silent.remove(&self.id);
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        let mut open = self.connections.lock();
        open.silent.remove(&self.id);
        if let Some(network) = self.network
            && let Some(count) = open.by_network.get_mut(&network)
        {
            *count -= 1;
            if *count == 0 {
                open.by_network.remove(&network);
            }
        }
    }
}
