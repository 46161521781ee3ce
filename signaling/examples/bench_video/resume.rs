//! A sender's socket is cut and taken up again: what the other side sees and hears of it.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::process::Server;
use super::support::Person;
use super::support::media::Media;
use super::{frames, meet};

/// Time without a socket. A loss is shown to the others after 3 s.
const CUT: Duration = Duration::from_millis(1_500);
const MEASURED: Duration = Duration::from_secs(4);

/// Frames and gaps that the other side noticed.
#[derive(Debug, Serialize)]
pub struct Resume {
    /// Frames about the person whose socket was cut.
    pub frames: usize,
    /// Longest time between two packets of the person's tracks, in the same time without and with a cut.
    pub gap_before_ms: f64,
    pub gap_ms: f64,
}

impl fmt::Display for Resume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a socket is cut for {CUT:?} and resumed: {} frames to the other side, longest gap {:.0} ms ({:.0} ms without a cut)",
            self.frames, self.gap_ms, self.gap_before_ms
        )
    }
}

pub async fn measure(bind: &str) -> Resume {
    let server = Server::signaling(bind).await;
    let mut media = vec![Media::new_at(1, bind).await, Media::new_at(2, bind).await];
    let mut persons = meet(&server, &mut media).await;
    let (student, mut teacher) = (persons.remove(1), persons.remove(0));
    let who = student.id.to_string();
    frames(&mut media, Duration::from_secs(2)).await;

    media[0].forget();
    frames(&mut media, MEASURED).await;
    let gap_before_ms = longest_gap_ms(&media[0]);

    teacher.listens(Duration::from_millis(100)).await;
    teacher.inbox.clear();
    media[0].forget();
    let url = format!("ws://{}/rtc", server.address);
    let ((), student) = tokio::join!(
        async {
            frames(&mut media, MEASURED).await;
        },
        taken_up_again(student, &url),
    );
    let gap_ms = longest_gap_ms(&media[0]);
    teacher.listens(Duration::from_millis(300)).await;
    let frames = teacher.inbox.iter().filter(|frame| frame.to_string().contains(&who)).count();
    for one in &media {
        one.close().await;
    }
    drop(student);
    Resume { frames, gap_before_ms, gap_ms }
}

/// Drops the socket as a broken network does, and resumes after a while.
async fn taken_up_again(person: Person, url: &str) -> Person {
    let (hello, lesson, who, sid) = (person.resume(), person.lesson, person.id, person.sid.clone());
    drop(person);
    tokio::time::sleep(CUT).await;
    let again = Person::says_hello(url, hello, lesson, who).await;
    assert_eq!(again.sid, sid, "the session was taken up");
    again
}

fn longest_gap_ms(media: &Media) -> f64 {
    let heard = media.heard();
    assert_eq!(heard.len(), 2, "microphone and camera arrive");
    heard.values().map(|heard| heard.longest_gap.as_secs_f64() * 1e3).fold(0.0, f64::max)
}
