//! Two versions of the program side by side, under load: the newer one rebuilds all tables that the older one serves.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::join_all;
use serde_json::json;
use tests::{Answer, Call, HttpClient, Person, World, eventually, id_of, random_u64};

const PAIRS: usize = 6;

/// Load on both versions: each write is read at another process, with all that it needs.
struct Load {
    /// Processes that take requests now; none: the load ends.
    clients: Mutex<Vec<HttpClient>>,
    requests: AtomicU64,
    failures: Mutex<Vec<String>>,
}

impl Load {
    /// Returns one of the processes by turns, or `None` at the end.
    fn client(&self) -> Option<HttpClient> {
        let clients = self.clients.lock().expect("not poisoned");
        let number = self.requests.fetch_add(1, Ordering::Relaxed) as usize;
        clients.get(number % clients.len().max(1)).cloned()
    }

    async fn send(&self, call: Call) -> Option<Answer> {
        let failure = match call.attempt().await {
            Ok(answer) if matches!(answer.status, 200 | 201) => return Some(answer),
            Ok(answer) => format!("{answer:?}"),
            Err(error) => format!("{error:?}"),
        };
        self.failures.lock().expect("not poisoned").push(failure);
        None
    }

    /// Two people write to each other, and one opens tickets; each reads what was acknowledged.
    async fn run(&self, [student, teacher]: [Person; 2], conversation: String) {
        let messages = format!("/conversations/{conversation}/messages");
        while let (Some(one), Some(other)) = (self.client(), self.client()) {
            let body = format!("{:016x}", random_u64());
            let message = json!({ "client_id": uuid::Uuid::from_u128(rand::random()), "body": body });
            let written = student.through(&one).call("POST", &messages).json(&message);
            if let Some(written) = self.send(written).await {
                let read = teacher.through(&other).call("GET", &messages);
                let read = self.send(read.header("min-log-position", written.position())).await;
                self.contains(read, id_of(&written));
            }
            let ticket = json!({ "title": body, "description": body, "category": "Оплата" });
            if let Some(opened) =
                self.send(student.through(&other).call("POST", "/tickets").json(&ticket)).await
            {
                let read = student.through(&one).call("GET", "/tickets");
                let read = self.send(read.header("min-log-position", opened.position())).await;
                self.contains(read, id_of(&opened));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A page without what was acknowledged before is stale.
    fn contains(&self, read: Option<Answer>, id: &str) {
        if let Some(read) = read.filter(|read| !read.rows().iter().any(|row| row["id"] == id)) {
            self.failures.lock().expect("not poisoned").push(format!("without {id}: {read:?}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_fails_no_request_and_serves_nothing_stale() {
    let mut world = World::start().await;
    let mut pairs = Vec::new();
    for _ in 0..PAIRS {
        let (student, teacher) = (world.student().registers().await, world.teacher().registers().await);
        let opened = student.post("/conversations", json!({ "participant_id": teacher.id })).await.ok();
        pairs.push(([student, teacher], id_of(&opened).to_owned()));
    }
    let before = versions(&world).await;
    let load = Load {
        clients: Mutex::new(vec![world.app.client.clone()]),
        requests: AtomicU64::new(0),
        failures: Mutex::default(),
    };
    let deploys = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let newer = world.another_app_with([("KAFEDRA_READ_MODELS__REVISION", "1")]).await;
        load.clients.lock().expect("not poisoned").push(newer.client.clone());
        let expected: BTreeMap<_, _> =
            before.iter().map(|(name, version)| (name.clone(), version + 1)).collect();
        eventually("every read model has the newer version", || async {
            let found = versions(&world).await;
            if found == expected { Ok(()) } else { Err(format!("{found:?}, not {expected:?}")) }
        })
        .await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        *load.clients.lock().expect("not poisoned") = vec![newer.client.clone()];
        // A balancer takes a process out before it is stopped: its last requests have ended.
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.app.ends().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        load.clients.lock().expect("not poisoned").clear();
        newer
    };
    let writers = pairs.into_iter().map(|(pair, conversation)| load.run(pair, conversation));
    // The newer version runs until the last request has its answer.
    let (_newer, _) = futures::join!(deploys, join_all(writers));
    let failures = load.failures.into_inner().expect("not poisoned");
    assert!(failures.is_empty(), "{} failures: {}", failures.len(), failures.join("\n"));
    let requests = load.requests.into_inner();
    eprintln!("{requests} turns of the load, none failed");
    assert!(requests > 200, "{requests}");
}

/// Versions of the live tables of every read model.
async fn versions(world: &World) -> BTreeMap<String, i32> {
    let rows =
        sqlx::query_as("select name, version from projection.checkpoints").fetch_all(&world.pool).await;
    let rows: Vec<(String, i32)> = rows.expect("the checkpoints can be read");
    assert!(!rows.is_empty());
    rows.into_iter().collect()
}
