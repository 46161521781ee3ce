//! Lessons in headless Chromium through the real service.

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::browser::{Browser, Tab};
use support::{Server, id};
use uuid::Uuid;

struct Stage {
    browser: Browser,
    server: Server,
    lesson: Uuid,
}

impl Stage {
    /// Returns `None` where there is no browser.
    async fn start() -> Option<Self> {
        let browser = Browser::start().await?;
        Some(Self { browser, server: Server::start().await, lesson: id() })
    }

    async fn tab(&self) -> Tab {
        self.browser.open(&format!("{}?bare", self.server.page())).await
    }

    /// Teacher in red at 440 Hz and student in green at 880 Hz, both publishing.
    async fn pair(&self) -> (Tab, Tab) {
        self.pair_with(json!({})).await
    }

    async fn pair_with(&self, options: Value) -> (Tab, Tab) {
        let (teacher, student) = (self.tab().await, self.tab().await);
        teacher.joins_with(self.lesson, "teacher", "#ff0000", 440, options.clone()).await;
        student.joins_with(self.lesson, "student", "#00ff00", 880, options).await;
        teacher.js("person.publish()").await;
        student.js("person.publish()").await;
        student.sees(&teacher, "camera", "red").await;
        teacher.sees(&student, "camera", "green").await;
        (teacher, student)
    }

    async fn end(self) {
        self.server.handle.kill().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_right_pictures_and_tones_arrive_and_a_late_third_sees_both_and_a_screen() {
    let Some(stage) = Stage::start().await else { return };
    let (teacher, student) = stage.pair().await;
    student.hears(&teacher, 440).await;
    teacher.hears(&student, 880).await;
    teacher.until("lesson.speakers.length === 2").await;
    let late = stage.tab().await;
    late.joins(stage.lesson, "student", "#0000ff", 1_320).await;
    late.js("person.publish()").await;
    late.sees(&teacher, "camera", "red").await;
    late.sees(&student, "camera", "green").await;
    teacher.sees(&late, "camera", "blue").await;
    student.sees(&late, "camera", "blue").await;
    student.hears(&late, 1_320).await;
    teacher.js("person.publish(['screen', 'screen_audio'])").await;
    student.sees(&teacher, "screen", "yellow").await;
    late.sees(&teacher, "screen", "yellow").await;
    let sound = teacher.track("screen_audio");
    late.until(&format!("Math.abs(person.tone('{sound}') - 440) < 30")).await;
    student.sees(&teacher, "camera", "red").await;
    let first = late.js("lesson.firstFrameMs").await;
    eprintln!("first frame of the late one: {first} ms");
    teacher.js("lesson.unpublish('screen')").await;
    student.until(&format!("!lesson.tracks.has('{}')", teacher.track("screen"))).await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lobby_a_mute_and_a_removal_hold_on_the_wire() {
    let Some(stage) = Stage::start().await else { return };
    let (teacher, student) = stage.pair().await;
    teacher.hears(&student, 880).await;
    teacher.js(&format!("lesson.moderate('mute', '{}')", student.id)).await;
    student.until(&format!("lesson.tracks.get('{}').muted_by_moderator", student.track("mic"))).await;
    // Even a client that goes on sending is not heard.
    student.js("for (const s of lesson.debug.pub.getSenders()) if (s.track) s.track.enabled = true").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let before = teacher.received(&student, "mic").await["packets"].as_u64().unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(teacher.received(&student, "mic").await["packets"].as_u64().unwrap(), before);
    teacher.until(&format!("person.tone('{}') === 0", student.track("mic"))).await;
    student.js("lesson.mute('mic', false)").await;
    teacher.hears(&student, 880).await;

    teacher.js("lesson.moderate('lock')").await;
    let third = stage.tab().await;
    third.joins(stage.lesson, "student", "#0000ff", 1_320).await;
    third.js("person.publish()").await;
    teacher.until("lesson.lobby.length === 1").await;
    assert_eq!(
        third.js("[lesson.phase, lesson.participants.size, lesson.media.size]").await,
        json!(["lobby", 0, 0])
    );
    teacher.js(&format!("lesson.moderate('admit', '{}')", third.id)).await;
    third.sees(&teacher, "camera", "red").await;
    student.sees(&third, "camera", "blue").await;

    teacher.js(&format!("lesson.moderate('remove', '{}')", student.id)).await;
    student.until("lesson.phase === 'ended'").await;
    teacher.until(&format!("!lesson.participants.has('{}')", student.id)).await;
    teacher.until(&format!("!lesson.media.has('{}')", student.track("camera"))).await;
    third.until(&format!("!lesson.media.has('{}')", student.track("camera"))).await;
    third.sees(&teacher, "camera", "red").await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ice_restarts_on_both_sides_and_a_cut_socket_resumes() {
    let Some(stage) = Stage::start().await else { return };
    let (teacher, student) = stage.pair().await;
    for which in ["pub", "sub"] {
        let before = student.js(&format!("person.ufrag('{which}')")).await;
        student.js(&format!("lesson.restartIce('{which}')")).await;
        student.until(&format!("person.ufrag('{which}') !== {before}")).await;
        student.until(&format!("lesson.debug['{which}'].iceConnectionState === 'connected'")).await;
        for (receiver, sender) in [(&teacher, &student), (&student, &teacher)] {
            let frames = receiver.received(sender, "camera").await["frames"].as_u64().unwrap();
            let track = sender.track("camera");
            receiver.until(&format!("(await person.received('{track}')).frames > {frames} + 10")).await;
        }
    }
    let before = teacher.received(&student, "camera").await;
    teacher.js("person.events.length = 0; window.changes = 0").await;
    student.js("lesson.debug.cut()").await;
    student.until("lesson.phase === 'reconnecting'").await;
    student.until("lesson.phase === 'in'").await;
    student.js("lesson.say('Снова здесь')").await;
    teacher.until("person.events.some(event => event.text === 'Снова здесь')").await;
    let after = teacher.received(&student, "camera").await;
    assert!(after["frames"].as_u64() > before["frames"].as_u64());
    assert_eq!(after["freezes"], before["freezes"], "a resume is invisible to the other side");
    assert_eq!(teacher.js("person.events.filter(event => event.kind === 'trackgone').length").await, 0);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_chooses_its_layer() {
    let Some(stage) = Stage::start().await else { return };
    let (teacher, student) = stage.pair_with(json!({"size": [960, 540]})).await;
    let track = student.track("camera");
    teacher.until(&format!("(await person.received('{track}')).width === 960")).await;
    teacher.js(&format!("lesson.want([{{track: '{track}', q: 'low'}}])")).await;
    teacher.until(&format!("(await person.received('{track}')).width === 240")).await;
    teacher.sees(&student, "camera", "green").await;
    teacher.js(&format!("lesson.want([{{track: '{track}', q: 'high'}}])")).await;
    teacher.until(&format!("(await person.received('{track}')).width === 960")).await;
    teacher.js(&format!("lesson.want([{{track: '{track}', on: false}}])")).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let packets = teacher.received(&student, "camera").await["packets"].clone();
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(teacher.received(&student, "camera").await["packets"], packets);
    teacher.js(&format!("lesson.want([{{track: '{track}'}}])")).await;
    teacher.until(&format!("(await person.received('{track}')).width === 960")).await;
    stage.end().await;
}
