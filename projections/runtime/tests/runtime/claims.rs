//! The claim of due tasks: which ones it returns, and how much it reads for them.

use std::collections::BTreeSet;

use domain::{Clock, SystemClock};
use jiff_sqlx::ToSqlx;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::{Connection, PgConnection, Row};
use uuid::Uuid;

use crate::fixture::World;

const CLAIM: &str = include_str!("../../src/tasks/claim.sql");

/// A task of the kind `order` or of another kind.
#[derive(Debug)]
struct Recorded {
    is_order: bool,
    queue: Option<String>,
    state: &'static str,
    /// Seconds from now.
    due: i32,
    lease: i32,
}

impl Recorded {
    fn random(random: &mut StdRng) -> Self {
        let queue = random.random_range(0..7);
        Self {
            is_order: random.random_bool(0.8),
            queue: (queue > 0).then(|| format!("queue-{queue}")),
            state: ["waiting", "waiting", "waiting", "running", "done", "abandoned"]
                [random.random_range(0..6)],
            due: random.random_range(-600..300),
            lease: [-60, 60][random.random_range(0..2)],
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.state, "waiting" | "running")
    }

    /// Returns true if this task may begin beside the others, which are in the order of recording.
    fn may_begin(&self, place: usize, all: &[Recorded]) -> bool {
        let is_due = self.state == "waiting" && self.due <= 0 || self.state == "running" && self.lease < 0;
        let is_blocked = self.queue.is_some()
            && all.iter().enumerate().any(|(other_place, other)| {
                let precedes = other_place < place || other.state == "running";
                other_place != place && other.queue == self.queue && other.is_open() && precedes
            });
        self.is_order && is_due && !is_blocked
    }
}

async fn insert(db: &mut PgConnection, all: &[Recorded]) {
    for (place, task) in all.iter().enumerate() {
        sqlx::query(
            "insert into process.tasks (id, process, kind, key, lane, payload, due_at, recorded_at, state,
               leased_until, cause, cause_position, correlation_id)
             select id, 'orders', $1, $2, $3, '{}', now() + $4 * interval '1 second', now(), $5,
                    case when $5 = 'running' then now() + $6 * interval '1 second' end, id, 1, id
             from (select gen_random_uuid() as id) as new",
        )
        .bind(if task.is_order { "order" } else { "other" })
        .bind(place.to_string())
        .bind(&task.queue)
        .bind(task.due)
        .bind(task.state)
        .bind(task.lease)
        .execute(&mut *db)
        .await
        .unwrap();
    }
}

async fn claim(db: &mut PgConnection, limit: i64) -> BTreeSet<usize> {
    let claimed = sqlx::query(CLAIM)
        .bind("order")
        .bind(SystemClock.now().to_sqlx())
        .bind(limit)
        .bind(30_000.0)
        .fetch_all(db)
        .await
        .unwrap();
    claimed.iter().map(|row| row.get::<String, _>("key").parse().unwrap()).collect()
}

#[tokio::test]
async fn a_claim_takes_the_oldest_tasks_that_may_begin() {
    let world = World::new().await;
    let mut db = world.apart().await;
    for seed in 0..60 {
        let random = &mut StdRng::seed_from_u64(seed);
        let all: Vec<Recorded> = (0..random.random_range(1..40)).map(|_| Recorded::random(random)).collect();
        let mut round = db.begin().await.unwrap();
        insert(&mut round, &all).await;
        let mut expected: Vec<(i32, usize)> = all
            .iter()
            .enumerate()
            .filter(|(place, task)| task.may_begin(*place, &all))
            .map(|(place, task)| (task.due, place))
            .collect();
        expected.sort_unstable();
        let limit = random.random_range(1..8);
        let expected: BTreeSet<usize> = expected.into_iter().take(limit).map(|(_, place)| place).collect();
        let claimed = claim(&mut round, i64::try_from(limit).unwrap()).await;
        assert_eq!(claimed, expected, "seed {seed}, limit {limit}: {all:#?}");
        round.rollback().await.unwrap();
    }
    world.drop_all().await;
}

/// Two workers that claim at once: the second takes others and does not wait.
#[tokio::test]
async fn two_claims_at_once_take_different_tasks_and_one_of_a_queue() {
    let world = World::new().await;
    let (mut first, mut second) = (world.apart().await, world.apart().await);
    for has_queues in [true, false] {
        let tasks: Vec<Recorded> = (0..12)
            .map(|place| Recorded {
                is_order: true,
                queue: has_queues.then(|| format!("queue-{}", place % 4)),
                state: "waiting",
                due: place - 100,
                lease: 0,
            })
            .collect();
        insert(&mut first, &tasks).await;
        let (mut one, mut other) = (first.begin().await.unwrap(), second.begin().await.unwrap());
        let (claimed, rest) = (claim(&mut one, 3).await, claim(&mut other, 3).await);
        let expected = if has_queues { vec![3] } else { vec![3, 4, 5] };
        assert_eq!((claimed, rest), (BTreeSet::from([0, 1, 2]), BTreeSet::from_iter(expected)));
        one.commit().await.unwrap();
        other.commit().await.unwrap();
        sqlx::query("truncate process.tasks").execute(&mut first).await.unwrap();
    }
    world.drop_all().await;
}

/// The state after an outage of the external CRM: each queue waits for the retry of its first task.
#[tokio::test]
async fn a_claim_reads_little_beside_many_due_tasks_in_blocked_queues() {
    let world = World::new().await;
    let mut db = world.apart().await;
    let insert = "insert into process.tasks
           (id, process, kind, key, lane, payload, due_at, recorded_at, cause, cause_position, correlation_id)
         select gen_random_uuid(), 'orders', 'order', n::text, 'queue-' || n % 1000, '{}',
                now() + case when n < 1000 then interval '1 hour' else (n - 200000) * interval '1 ms' end,
                now(), $1, n, $1
         from generate_series(0, 99999) as n";
    sqlx::query(insert).bind(Uuid::nil()).execute(&mut db).await.unwrap();
    sqlx::query("analyze process.tasks").execute(&mut db).await.unwrap();
    assert!(claim(&mut db, 8).await.is_empty());
    let explained: serde_json::Value =
        sqlx::query_scalar(&format!("explain (analyze, buffers, format json) {CLAIM}"))
            .bind("order")
            .bind(SystemClock.now().to_sqlx())
            .bind(8_i64)
            .bind(30_000.0)
            .fetch_one(&mut db)
            .await
            .unwrap();
    let plan = &explained[0]["Plan"];
    let blocks = plan["Shared Hit Blocks"].as_u64().unwrap() + plan["Shared Read Blocks"].as_u64().unwrap();
    assert!(blocks < 20_000, "{explained:#}");
    world.drop_all().await;
}
