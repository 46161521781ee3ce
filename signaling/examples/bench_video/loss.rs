//! A lesson of four people whose networks lose packets each way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::process::Server;
use super::summary::{Measured, Named, median};
use super::support::lossy::LossyNetwork;
use super::support::media::Media;
use super::{frames, meet};

/// People, and frames that each sends in a second, of three packets.
pub const PEOPLE: usize = 4;
pub const RATE: u32 = 25;
/// Frames from one key frame to the next: two seconds. Sooner, they would hide what is never repaired.
const KEY_FRAME_EVERY: u16 = 50;
/// Share of the packets that are lost each way, in permille.
const LOSS: u32 = 50;

/// Measurements of one round.
#[derive(Debug, Clone, Serialize)]
pub struct LossFigures {
    /// Longest pause between two decodable frames at any receiver.
    pub longest_pause_ms: f64,
    /// Bytes that were sent again, in percent of those that were sent once.
    pub again_percent: f64,
    /// Frames that were decoded, of those that were sent.
    pub decoded: f64,
}

impl Measured for LossFigures {
    fn summary(rounds: &[Self]) -> Self {
        let pauses = rounds.iter().map(|figures| figures.longest_pause_ms);
        Self {
            longest_pause_ms: pauses.fold(0.0, f64::max),
            again_percent: median(rounds, |figures| figures.again_percent),
            decoded: median(rounds, |figures| figures.decoded),
        }
    }

    fn words(&self) -> String {
        format!(
            "longest pause {:.0} ms, {:.1} % sent again, {:.1} % decoded",
            self.longest_pause_ms,
            self.again_percent,
            self.decoded * 100.0
        )
    }
}

pub fn sentence(servers: &[Named<LossFigures>]) -> String {
    let of_one = |(name, figures): &Named<LossFigures>| format!("{name}: {}", figures.words());
    let all: Vec<String> = servers.iter().map(of_one).collect();
    format!("{PEOPLE} people, {} % loss each way: {}", LOSS / 10, all.join("; "))
}

/// Returns the media of all people, on one network.
pub async fn people(bind: &str, network: &Arc<LossyNetwork>) -> Vec<Media> {
    let mut media = Vec::new();
    for number in 0..PEOPLE {
        let mut own = Media::on(network, number as u8 + 1, bind).await;
        own.key_frame_every = KEY_FRAME_EVERY;
        media.push(own);
    }
    media
}

pub async fn run(bind: &str, seconds: u64) -> LossFigures {
    let (server, network) = (Server::signaling(bind).await, Arc::default());
    let mut media = people(bind, &network).await;
    let _persons = meet(&server, &mut media).await;
    let figures = measure(&network, &mut media, seconds).await;
    for one in &media {
        one.close().await;
    }
    figures
}

/// Measures a lesson whose people see each other by now.
pub async fn measure(network: &LossyNetwork, media: &mut [Media], seconds: u64) -> LossFigures {
    frames(media, Duration::from_secs(3)).await;
    network.loses(LOSS);
    frames(media, Duration::from_secs(1)).await;
    media.iter().for_each(Media::restarts_pictures);
    let ((bytes, again), decoded) = (network.traffic(), decoded(media));
    let sent = frames(media, Duration::from_secs(seconds)).await;
    let ((bytes_after, again_after), decoded_after) = (network.traffic(), self::decoded(media));
    let now = Instant::now();
    let heard = media.iter().flat_map(|one| one.heard().into_iter());
    let cameras: Vec<_> = heard.filter(|(_, heard)| heard.pictures.decoded > 0).collect();
    assert_eq!(cameras.len(), PEOPLE * (PEOPLE - 1), "each decodes the camera of each");
    let pauses = cameras.iter().map(|(_, heard)| heard.pictures.longest_pause(now));
    let again = (again_after - again) as f64;
    LossFigures {
        longest_pause_ms: pauses.max().unwrap_or_default().as_secs_f64() * 1e3,
        again_percent: again / ((bytes_after - bytes) as f64 - again) * 100.0,
        decoded: (decoded_after - decoded) as f64 / (sent * (PEOPLE * (PEOPLE - 1)) as u64) as f64,
    }
}

fn decoded(media: &[Media]) -> u64 {
    media.iter().flat_map(|one| one.heard().into_values()).map(|heard| heard.pictures.decoded).sum()
}
