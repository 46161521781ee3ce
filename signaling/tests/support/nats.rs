//! A NATS server and nodes on it.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream;
use futures::StreamExt;
use signaling::cluster::{NatsCluster, NatsSettings, Placement, connect_with};
use signaling::config::Config;
use signaling::report::Report;
use signaling::server::{Node, NodeHandle, NodeParts};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{id, key};

/// A broker: that of the surroundings, or one of our own that ends with this value.
pub struct Broker {
    pub url: String,
    pub prefix: String,
    own: Option<(Child, tempfile::TempDir)>,
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some((child, _)) = &mut self.own {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Broker {
    pub async fn start() -> Self {
        let prefix = format!("t{}", id().simple());
        #[expect(clippy::disallowed_methods, reason = "the launcher of tests says where its broker is")]
        if let Ok(url) = std::env::var("NATS_URL") {
            return Self { url, prefix, own: None };
        }
        let folder = tempfile::tempdir().unwrap();
        let places = ["/usr/sbin/nats-server", "/usr/local/bin/nats-server", "../.tools/nats-server"];
        let program = places.iter().find(|place| std::path::Path::new(place).exists());
        let child = Command::new(program.expect("nats-server is missing: .ci/setup"))
            .args(["-a", "127.0.0.1", "-p", "-1", "-js", "-sd"])
            .arg(folder.path())
            .arg("--ports_file_dir")
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + Duration::from_secs(10);
        let url = loop {
            let ports = folder.path().join(format!("nats-server_{}.ports", child.id()));
            let text = std::fs::read_to_string(ports).unwrap_or_default();
            if let Ok(ports) = serde_json::from_str::<serde_json::Value>(&text) {
                break ports["nats"][0].as_str().unwrap().to_owned();
            }
            assert!(Instant::now() < end, "nats-server does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        Self { url, prefix, own: Some((child, folder)) }
    }

    pub async fn node(&self, name: &str) -> ClusterNode {
        let mut config = Config::local(name);
        config.drain = Duration::from_secs(5);
        let listener = tokio::net::TcpListener::bind(config.listen).await.unwrap();
        config.url = format!("ws://{}/rtc", listener.local_addr().unwrap());
        let settings = NatsSettings { url: self.url.clone(), prefix: self.prefix.clone(), in_memory: true };
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let me = Placement { node: name.to_owned(), url: config.url.clone() };
        let cluster = NatsCluster::connect(&settings, me, &tasks, &stop).await.unwrap();
        let parts = NodeParts {
            config,
            key: key(),
            cluster: cluster.clone(),
            clock: Arc::new(domain::SystemClock),
            ids: Arc::new(domain::RandomIds),
        };
        ClusterNode { handle: Node::start(parts, listener).await.unwrap(), cluster, tasks, stop }
    }

    /// Returns all reports so far, in order.
    pub async fn reports(&self) -> Vec<Report> {
        let context =
            jetstream::new(connect_with(async_nats::ConnectOptions::new(), &self.url).await.unwrap());
        let name = format!("{}_RTC_REPORTS", self.prefix.to_uppercase());
        let stream = context.get_stream(name).await.unwrap();
        let count = stream.get_info().await.unwrap().state.messages;
        let config = jetstream::consumer::pull::OrderedConfig::default();
        let messages = stream.create_consumer(config).await.unwrap().messages().await.unwrap();
        let reports = messages
            .take(count as usize)
            .map(|message| serde_json::from_slice(&message.unwrap().payload).unwrap());
        if count == 0 { Vec::new() } else { reports.collect().await }
    }
}

/// One of several nodes.
pub struct ClusterNode {
    pub handle: NodeHandle,
    pub cluster: Arc<NatsCluster>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl ClusterNode {
    pub fn page(&self) -> String {
        format!("http://{}", self.handle.address)
    }

    pub fn url(&self) -> String {
        format!("ws://{}/rtc", self.handle.address)
    }

    /// Ends as a crash does.
    pub async fn dies(&self) {
        self.stop.cancel();
        self.handle.kill().await;
        self.tasks.close();
        self.tasks.wait().await;
    }
}
