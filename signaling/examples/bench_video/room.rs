//! A room in which all send three layers: the teacher is received in the high one, all others in the low one.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::process::Server;
use super::support::id;
use super::support::media::Media;
use super::{Figures, enter, load};

/// Packets of a frame of the high layer.
const HIGH: usize = 6;

/// Returns how many packets arrive in all when each person sends one frame.
pub fn packets_per_frame(people: usize) -> usize {
    let others = people - 1;
    // Sound of each to each, the teacher's high layer to the students, low layers to all others.
    people * others + HIGH * others + others * others
}

/// Sends frames until each receives the layer that it wants, for ten seconds at most.
pub async fn settles(media: &mut [Media], wanted: &[Vec<(String, u8)>]) {
    let end = Instant::now() + Duration::from_secs(10);
    while Instant::now() < end {
        super::frames(media, Duration::from_millis(500)).await;
        let is_settled = |(own, wanted): (&Media, &Vec<(String, u8)>)| {
            wanted.iter().all(|(track, layer)| own.layer_of(track) == Some(*layer))
        };
        if media.iter().zip(wanted).all(is_settled) {
            return;
        }
    }
    eprintln!("not all receive the layer that they want");
}

pub async fn run(bind: &str, people: usize, seconds: u64) -> Figures {
    let server = Server::signaling(bind).await;
    let lesson = id();
    let (mut persons, mut media) = (Vec::new(), Vec::new());
    for number in 0..people {
        let role = if number == 0 { "teacher" } else { "student" };
        let mut person = enter(&server, lesson, role).await;
        let mut own = Media::simulcast_at(number as u8 + 1, bind).await;
        own.publishes(&mut person).await;
        persons.push(person);
        media.push(own);
    }
    let cameras: Vec<String> = persons.iter().map(|person| format!("{}:camera", person.id)).collect();
    let mut wanted = Vec::new();
    for (number, (person, own)) in persons.iter_mut().zip(&mut media).enumerate() {
        own.receives(person, (people - 1) * 2).await;
        let others = cameras.iter().enumerate().filter(|(at, _)| *at != number);
        let of_own: Vec<(String, u8)> =
            others.map(|(at, track)| (track.clone(), if at == 0 { 2 } else { 0 })).collect();
        let want = |(track, layer): &(String, u8)| json!({"track": track, "on": true, "q": if *layer == 2 { "high" } else { "low" }});
        let set: Vec<Value> = of_own.iter().map(want).collect();
        person.asks_ok("sub.want", json!({"set": set})).await;
        wanted.push(of_own);
    }
    settles(&mut media, &wanted).await;
    let mut figures = load(&server, &mut media, seconds, packets_per_frame(people)).await;
    figures.dropped = Some(server.metric("kafedra_rtc_dropped_total").await);
    for one in &media {
        one.close().await;
    }
    figures
}
