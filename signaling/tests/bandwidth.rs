//! Receivers on a narrow network: a layer that fits, and the better one again when there is room.

mod support;

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use serde_json::json;
use signaling::protocol::Role;
use support::browser::Browser;
use support::link::Link;
use support::media::Media;
use support::{Person, Server, eventually, id, within};

const HIGH: u8 = 2;
/// Loaded machines and the patience of a sender that tries again make this long.
const LONG: Duration = Duration::from_secs(90);

async fn server_behind(link: &Link) -> Server {
    let address = link.address;
    let server = Server::start_with(|config| config.announce = vec![address]).await;
    link.leads_to(server.node().engine.local_addr().expect("a bound port"));
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_on_a_narrow_network_gets_a_lower_layer_and_gets_back_up() {
    let link = Link::start().await;
    let server = server_behind(&link).await;
    let lesson = id();
    let mut teacher = Person::joins(&server, lesson, Role::Teacher).await;
    let mut of_teacher = Media::simulcast_at(1, "127.0.0.1").await;
    of_teacher.publishes(&mut teacher).await;
    let camera = format!("{}:camera", teacher.id);

    let mut wide = Person::joins(&server, lesson, Role::Student).await;
    let mut of_wide = Media::new(2).await;
    of_wide.receives(&mut wide, 2).await;
    eventually("who has room gets the best layer", async || {
        of_teacher.sends_slowly().await;
        of_wide.layer_of(&camera) == Some(HIGH)
    })
    .await;
    let width = link.newcomers();
    let mut narrow = Person::joins(&server, lesson, Role::Student).await;
    let mut of_narrow = Media::new(3).await;
    of_narrow.receives(&mut narrow, 2).await;
    eventually("who has room gets the best layer", async || {
        of_teacher.sends_slowly().await;
        of_narrow.layer_of(&camera) == Some(HIGH)
    })
    .await;

    // 1.3 Mbit/s are sent, and 500 kbit/s fit.
    width.store(500_000, Relaxed);
    within(LONG, "a lower layer", async || {
        of_teacher.sends_slowly().await;
        of_narrow.layer_of(&camera).is_some_and(|layer| layer < HIGH)
    })
    .await;
    assert!(server.counter("bandwidth_lowered") > 0);
    eventually("reports on loss are counted each way", async || {
        of_teacher.sends_slowly().await;
        server.counter("loss_down_reports") > 0 && server.counter("loss_up_reports") > 0
    })
    .await;
    let before = of_wide.packets_of(&camera);
    eventually("the other receiver keeps the best layer", async || {
        of_teacher.sends_slowly().await;
        of_wide.packets_of(&camera) > before + 50 && of_wide.layer_of(&camera) == Some(HIGH)
    })
    .await;

    width.store(0, Relaxed);
    // A packet that was sent again may be of the best layer, too.
    within(LONG, "the best layer again", async || {
        of_teacher.sends_slowly().await;
        server.counter("bandwidth_raised") > 0 && of_narrow.layer_of(&camera) == Some(HIGH)
    })
    .await;
    assert_eq!(server.counter("dropped"), 0);
    server.handle.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_on_a_narrow_network_gets_a_smaller_picture_and_the_large_one_again() {
    let Some(browser) = Browser::start().await else { return };
    let link = Link::start().await;
    let server = server_behind(&link).await;
    let (lesson, page) = (id(), format!("{}?bare", server.page()));
    let teacher = browser.open(&page).await;
    let detailed = json!({"size": [960, 540], "detail": 40});
    teacher.joins_with(lesson, "teacher", "#ff0000", 440, detailed).await;
    teacher.js("person.publish()").await;
    let width = link.newcomers();
    let student = browser.open(&page).await;
    student.joins(lesson, "student", "#00ff00", 880).await;
    let track = teacher.track("camera");
    student.sees(&teacher, "camera", "red").await;
    student.until_within(LONG, &format!("(await person.received('{track}')).width === 960")).await;
    width.store(400_000, Relaxed);
    student.until_within(LONG, &format!("(await person.received('{track}')).width < 960")).await;
    student.sees(&teacher, "camera", "red").await;
    width.store(0, Relaxed);
    student.until_within(LONG, &format!("(await person.received('{track}')).width === 960")).await;
    server.handle.kill().await;
}
