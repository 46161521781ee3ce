//! Time from a committed message until it reaches the sockets of its participants.
//! The peer is a Socket.IO server that relays the same messages to the same pairs and stores nothing.

mod kafedra_sockets;
mod memory;
mod peer;
mod tally;

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, sleep};

use self::kafedra_sockets::KafedraSockets;
use self::memory::MORE;
use self::peer::Peer;
use self::tally::Tally;
use crate::error::BenchError;
use crate::result_line::ResultLine;
use crate::scratch::Scratch;
use crate::target::{Options, Target};

/// Sockets, two in each conversation.
const SOCKETS: usize = 1_000;
const ROOMS: usize = SOCKETS / 2;
const PER_SECOND: u32 = 200;
/// Duration of each round in seconds.
const SECONDS: u32 = 3;
/// Longest wait for messages after the last one was sent.
const SETTLE: Duration = Duration::from_secs(2);

pub(crate) async fn run(target: &Target, options: Options) -> Result<Vec<ResultLine>, BenchError> {
    let scratch = Scratch::new(target).await?;
    let lines = measure(target, &scratch, options).await;
    scratch.drop().await?;
    lines
}

async fn measure(
    target: &Target,
    scratch: &Scratch,
    options: Options,
) -> Result<Vec<ResultLine>, BenchError> {
    let mut ours = KafedraSockets::start(target, scratch).await?;
    let mut peer = Peer::start().await?;
    let (mut here, mut there) = (Tally::default(), Tally::default());
    for round in 0..=options.rounds {
        let count = (PER_SECOND * SECONDS) as usize;
        let committed = paced(count, |number| ours.send_message(number % ROOMS)).await?;
        sleep(SETTLE).await;
        let heard = ours.receive_all().await;
        if let Some(peer) = &peer {
            let said =
                paced(count, |number| peer.send_message(number % ROOMS, (round * count + number) as u64))
                    .await?;
            sleep(SETTLE).await;
            let heard = peer.receive_all().await;
            // The first round opens connections and fills caches; it does not count.
            if round > 0 {
                there.add(&said, &heard)?;
            }
        }
        if round > 0 {
            here.add(&committed, &heard)?;
        }
    }
    let memory = ours.memory().await?;
    ours.end().await?;
    let memory_there = match &mut peer {
        Some(peer) => Some(peer.memory().await?),
        None => None,
    };
    let missing = if peer.is_some() { "" } else { "; no peer: node or npm is not here" };
    let line = |what: &str, figure: f64, unit, beside: Option<f64>| {
        let name = format!("live, {SOCKETS} sockets, {PER_SECOND} messages/s, {what}{missing}");
        let line = ResultLine::new(name, figure, unit);
        match beside {
            Some(peer) => line.beside("Socket.IO rooms, nothing stored", peer),
            None => line,
        }
    };
    let idle =
        format!("memory of an idle socket by {MORE} more ({:.1} to {:.1} KiB)", memory.least, memory.most);
    let beside = |part: f64| peer.as_ref().map(|_| there.percentile(part));
    Ok(vec![
        line("commit to socket, p50", here.percentile(0.5), "ms", beside(0.5)).goal("< 10 ms, ≤ 2×"),
        line("commit to socket, p99", here.percentile(0.99), "ms", beside(0.99)).goal("< 60 ms, ≤ 2×"),
        line(&idle, memory.slope, "KiB", memory_there.map(|there| there.slope)).goal("< 40 KiB"),
    ])
}

/// Sends one message per tick, whether the earlier ones are done or not.
/// Returns the key of each message and its instant.
async fn paced<F, Fut>(count: usize, say: F) -> Result<Vec<(u64, std::time::Instant)>, BenchError>
where
    F: Fn(usize) -> Fut,
    Fut: Future<Output = Result<(u64, std::time::Instant), BenchError>> + Send + 'static,
{
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut saying = tokio::task::JoinSet::new();
    for number in 0..count {
        ticks.tick().await;
        saying.spawn(say(number));
    }
    saying.join_all().await.into_iter().collect()
}
