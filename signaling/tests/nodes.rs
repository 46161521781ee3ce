//! Several nodes over NATS: claims, fences, drain, a lost node, attendance.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use signaling::cluster::{Cluster, ClusterError};
use signaling::protocol::Role;
use signaling::report::{Fact, LeaveCause, Report};
use support::nats::{Broker, ClusterNode};
use support::{Person, claims, eventually, id, key, now};
use uuid::Uuid;

async fn joins(node: &ClusterNode, lesson: Uuid, participant: Uuid, role: Role) -> Person {
    let mut claims = claims(lesson, participant, role);
    claims.node.clone_from(&node.handle.node.config.node);
    let hello = json!({"t": "hello", "d": {"token": key().sign(&claims)}});
    Person::says_hello(&node.url(), hello, lesson, participant).await
}

/// Seconds of each stay that ended, by participant, with its cause.
fn stays(reports: &[Report], who: Uuid) -> Vec<(LeaveCause, i64)> {
    let left = reports.iter().filter_map(|report| match report.fact {
        Fact::ParticipantLeft { participant, cause, seconds, .. } if participant == who => {
            Some((cause, seconds))
        }
        _ => None,
    });
    left.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_has_a_lesson_and_a_stale_one_is_fenced() {
    let broker = Broker::start().await;
    let (a, b) = (broker.node("a").await, broker.node("b").await);
    let lesson = id();
    eventually("the nodes know each other", async || b.cluster.place(lesson).await.is_ok()).await;
    let claim = a.cluster.claim(lesson, id(), now()).await.unwrap();
    let refused = b.cluster.claim(lesson, id(), now()).await;
    assert!(matches!(refused, Err(ClusterError::Elsewhere(_))), "{refused:?}");
    assert_eq!(b.cluster.place(lesson).await.unwrap().node, "a");
    let carry = signaling::room::Carry::default();
    a.cluster.renew(&claim, &carry, now()).await.unwrap();
    // Given up, claimed by the other, and the old claim is of no use.
    a.cluster.release(&claim, &carry, now()).await;
    let second = b.cluster.claim(lesson, id(), now()).await.unwrap();
    assert!(second.previous.as_ref().is_some_and(|previous| previous.closed));
    assert!(matches!(a.cluster.renew(&claim, &carry, now()).await, Err(ClusterError::Fenced)));
    b.cluster.renew(&second, &carry, now()).await.unwrap();
    a.dies().await;
    b.dies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_is_replaced_within_ten_seconds_and_its_stays_end_at_its_last_sign_of_life() {
    let broker = Broker::start().await;
    let (a, b) = (broker.node("a").await, broker.node("b").await);
    let (lesson, teacher, student) = (id(), id(), id());
    let mut one = joins(&a, lesson, teacher, Role::Teacher).await;
    let two = joins(&a, lesson, student, Role::Student).await;
    one.asks_ok("mod", json!({"op": "lock"})).await;
    let joined = Instant::now();
    tokio::time::sleep(Duration::from_secs(3)).await;
    a.dies().await;
    let died = Instant::now();
    let lived = died.duration_since(joined).as_secs_f64();
    assert_ne!(one.is_closed().await, 1000);
    drop(two);
    eventually("the lesson is placed on the other node", async || {
        b.cluster.place(lesson).await.is_ok_and(|placement| placement.node == "b")
    })
    .await;
    let mut again = joins(&b, lesson, teacher, Role::Teacher).await;
    let recovered = died.elapsed();
    eprintln!("a killed node was replaced after {recovered:?}");
    assert!(recovered < Duration::from_secs(10));
    assert!(!again.sid.is_empty());
    // The teacher's decisions outlive the node: the room is locked, and who was inside comes in.
    let mut back = joins(&b, lesson, student, Role::Student).await;
    back.asks_ok("hand", json!({"up": true})).await;
    let stranger = joins(&b, lesson, id(), Role::Student).await;
    drop(stranger);
    eventually("both stays are reported", async || {
        let reports = broker.reports().await;
        [teacher, student].iter().all(|who| !stays(&reports, *who).is_empty())
    })
    .await;
    let reports = broker.reports().await;
    for who in [teacher, student] {
        let ended = stays(&reports, who);
        assert_eq!(ended.len(), 1, "{ended:?}");
        assert_eq!(ended[0].0, LeaveCause::NodeLost);
        let seconds = ended[0].1 as f64;
        assert!((seconds - lived).abs() <= 1.5, "{seconds} s reported, {lived} s lived");
    }
    again.asks_ok("mod", json!({"op": "end"})).await;
    assert_eq!(back.is_closed().await, 4410);
    b.dies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stays_on_a_dead_node_end_although_no_participant_comes_back() {
    let broker = Broker::start().await;
    let (a, b) = (broker.node("a").await, broker.node("b").await);
    let (lesson, teacher) = (id(), id());
    let _one = joins(&a, lesson, teacher, Role::Teacher).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    a.dies().await;
    eventually("the stay is ended by the survivor", async || {
        let ended = stays(&broker.reports().await, teacher);
        ended.first().is_some_and(|(cause, _)| *cause == LeaveCause::NodeLost)
    })
    .await;
    b.dies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draining_node_tells_people_to_move_and_reports_each_stay_once() {
    let broker = Broker::start().await;
    let (a, b) = (broker.node("a").await, broker.node("b").await);
    let (lesson, teacher, student) = (id(), id(), id());
    let mut one = joins(&a, lesson, teacher, Role::Teacher).await;
    let mut two = joins(&a, lesson, student, Role::Student).await;
    eventually("the claim is known", async || {
        b.cluster.place(lesson).await.is_ok_and(|placement| placement.node == "a")
    })
    .await;
    tokio::join!(a.handle.drain(), async {
        let bye = one.wait("bye").await;
        assert_eq!((&bye["d"]["code"], &bye["d"]["action"]), (&json!(4503), &json!("rejoin")));
        assert_eq!(two.wait("bye").await["d"]["action"], "rejoin");
        eventually("the lesson is placed elsewhere", async || {
            b.cluster.place(lesson).await.is_ok_and(|placement| placement.node == "b")
        })
        .await;
        let moved = joins(&b, lesson, teacher, Role::Teacher).await;
        assert!(!moved.sid.is_empty(), "{:?}", moved.inbox);
        let followed = joins(&b, lesson, student, Role::Student).await;
        assert!(!followed.sid.is_empty(), "{:?}", followed.inbox);
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop((moved, followed));
    });
    let reports = broker.reports().await;
    for who in [teacher, student] {
        let drained: Vec<_> =
            stays(&reports, who).into_iter().filter(|(cause, _)| *cause != LeaveCause::Lost).collect();
        assert_eq!(drained.len(), 1, "{drained:?}");
        assert_eq!(drained[0].0, LeaveCause::Drained);
    }
    a.dies().await;
    b.dies().await;
}
