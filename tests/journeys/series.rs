//! Series: a teacher previews, opens, changes and ends repeated slots.
#![expect(clippy::unwrap_used, reason = "a test that cannot continue has failed")]

use domain::{Clock, SystemClock};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};
use tests::{Person, World, eventually};

/// Date so many days from today, in Moscow.
fn day(days: i64) -> Date {
    let today = SystemClock.now().to_zoned(TimeZone::get("Europe/Moscow").unwrap()).date();
    today.checked_add(Span::new().days(days)).unwrap()
}

/// Every day at noon in Moscow, from tomorrow on.
fn every_day() -> Value {
    json!({
        "rrule": "FREQ=DAILY", "local_start": format!("{}T12:00", day(1)), "time_zone": "Europe/Moscow",
        "duration_minutes": 60, "subject": "mathematics", "lesson_type": "regular", "format": "online",
        "price": { "amount": 200_000, "currency": "RUB" },
    })
}

/// Days and hours (UTC) of the open slots of a series.
async fn offered(world: &World, series: &Value) -> Vec<String> {
    let id: uuid::Uuid = series["id"].as_str().unwrap().parse().unwrap();
    sqlx::query_scalar(
        "select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') from app.slots
         where series_id = $1 and status = 'offered' order by starts_at",
    )
    .bind(id)
    .fetch_all(&world.pool)
    .await
    .unwrap()
}

async fn offers(world: &World, series: &Value, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
    eventually("the slots that the series names are open", || async {
        let found = offered(world, series).await;
        if wanted(&found) { Ok(found) } else { Err(format!("{} slots: {found:?}", found.len())) }
    })
    .await
}

async fn defines(teacher: &Person, series: Value) -> Value {
    teacher.post("/series", series).await.is(201).body
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_previewed_is_opened_and_then_stands_in_the_way() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let preview = teacher.post("/series/preview", every_day()).await.is(200).body;
    let preview = preview.as_array().unwrap();
    assert_eq!(preview.len(), 57);
    assert!(preview.iter().all(|one| one["conflict"].is_null()), "{preview:#?}");
    assert_eq!(preview[0]["starts_at"], format!("{}T09:00:00Z", day(1)));
    assert!(teacher.get("/series").await.is(200).rows().is_empty(), "a preview writes nothing");

    let series = defines(&teacher, every_day()).await;
    assert_eq!(series["status"], "active");
    let open = offers(&world, &series, |found| found.len() == 56).await;
    assert_eq!(open[0], format!("{} 09:00", day(1)));
    assert_eq!(open[55], format!("{} 09:00", day(56)));
    let again = teacher.post("/series/preview", every_day()).await.is(200).body;
    let conflicts = again.as_array().unwrap().iter().filter(|one| one["conflict"]["code"] == "time_conflict");
    assert_eq!(conflicts.count(), 56);
    let other = world.teacher().registers().await;
    let free = other.post("/series/preview", every_day()).await.is(200).body;
    assert!(free.as_array().unwrap().iter().all(|one| one["conflict"].is_null()));
}

/// The preview begins two weeks before the next clock change in Berlin.
#[tokio::test(flavor = "multi_thread")]
async fn the_wall_time_stays_when_the_clocks_change() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let in_three_weeks: Timestamp = SystemClock.now() + jiff::SignedDuration::from_hours(21 * 24);
    let change = berlin.following(in_three_weeks).next().unwrap().timestamp();
    let before = (change - jiff::SignedDuration::from_hours(14 * 24)).to_zoned(berlin.clone()).date();
    let mut series = every_day();
    series["rrule"] = json!("FREQ=WEEKLY");
    series["time_zone"] = json!("Europe/Berlin");
    series["local_start"] = json!(format!("{before}T16:00"));
    let preview = teacher.post("/series/preview", series).await.is(200).body;
    let preview = preview.as_array().unwrap();
    let starts: Vec<Timestamp> =
        preview.iter().map(|one| one["starts_at"].as_str().unwrap().parse().unwrap()).collect();
    assert!(starts.iter().all(|start| start.to_zoned(berlin.clone()).hour() == 16));
    let weeks = starts.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_hours());
    let odd: Vec<i64> = weeks.filter(|hours| *hours != 7 * 24).collect();
    assert!(matches!(odd[..], [167 | 169]), "one week is an hour shorter or longer: {odd:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_changed_from_a_date_left_out_on_another_and_ended() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let series = defines(&teacher, every_day()).await;
    offers(&world, &series, |found| found.len() == 56).await;
    let path = format!("/series/{}", series["id"].as_str().unwrap());

    let exceptions = format!("{path}/exceptions");
    let left_out = teacher.post(&exceptions, json!({ "date": day(3).to_string() })).await.is(200);
    assert_eq!(left_out["exceptions"], json!([day(3).to_string()]));
    offers(&world, &series, |found| found.len() == 55).await;

    let change = json!({ "from": day(10).to_string(), "local_start": format!("{}T15:00", day(10)),
        "price": { "amount": 300_000, "currency": "RUB" } });
    let changed = teacher.patch(&path, change).await.is(200);
    assert_eq!(changed["rules"].as_array().unwrap().len(), 2);
    assert_eq!(changed["/rules/1/price/amount"], 300_000);
    assert_eq!(changed["/price/amount"], 200_000, "today the first rule holds");
    let open = offers(&world, &series, |found| found.len() == 55 && found[54].ends_with("12:00")).await;
    assert_eq!(open.len(), 55);
    let later = format!("{}", day(10));
    assert!(open.iter().all(|slot| slot.ends_with(if slot[..10] < later[..] { "09:00" } else { "12:00" })));

    let ended = teacher.delete(&format!("{path}?from={}", day(5))).await.is(200);
    assert_eq!(ended["ended_from"], day(5).to_string());
    let open = offers(&world, &series, |found| found.len() == 3).await;
    assert_eq!(open[2], format!("{} 09:00", day(4)));
    teacher
        .patch(&path, json!({ "from": day(20).to_string(), "duration_minutes": 90 }))
        .await
        .refused(409, "series_ended");
    let list = teacher.get_at(ended.position(), "/series?status=active").await.is(200);
    assert_eq!(list.rows()[0]["id"], series["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_its_teachers_own_and_a_bad_one_is_explained() {
    let world = World::start().await;
    let (teacher, other) = (world.teacher().registers().await, world.teacher().registers().await);
    let series = defines(&teacher, every_day()).await;
    let path = format!("/series/{}", series["id"].as_str().unwrap());
    other.get(&path).await.refused(404, "series_not_found");
    other.delete(&path).await.refused(404, "series_not_found");
    other.patch(&path, json!({ "from": day(2).to_string() })).await.refused(404, "series_not_found");
    let student = world.student().registers().await;
    student.post("/series", every_day()).await.refused(403, "forbidden");
    let mut bad = every_day();
    bad["rrule"] = json!("FREQ=HOURLY");
    bad["duration_minutes"] = json!(7);
    for path in ["/series", "/series/preview"] {
        let refused = teacher.post(path, bad.clone()).await.refused(422, "invalid_fields");
        let pointers: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| &e["pointer"]).collect();
        assert_eq!(pointers, ["/rrule", "/duration_minutes"]);
    }
    bad["local_start"] = json!("2026-12-01T16:00+03:00");
    let refused = teacher.post("/series", bad).await.refused(422, "invalid_fields");
    assert_eq!(refused["/errors/0/pointer"], "/local_start");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_is_defined_twice_under_one_key_is_one() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let define = || teacher.call("POST", "/series").key("one series").json(&every_day()).send();
    let (first, again) = (define().await.is(201), define().await.is(201));
    assert_eq!(first["id"], again["id"]);
    assert_eq!(teacher.get_at(again.position(), "/series").await.rows().len(), 1);
}

/// `kill -9` while the slots are opened: in the end all of them exist, each once.
#[tokio::test(flavor = "multi_thread")]
async fn a_death_in_the_middle_opens_nothing_twice() {
    let mut world = World::start().await;
    let teacher = world.teacher().registers().await;
    let series = defines(&teacher, every_day()).await;
    for opened in [1, 20] {
        offers(&world, &series, |found| found.len() >= opened).await;
        world.app.starts();
        world.app.is_ready_again().await;
    }
    offers(&world, &series, |found| found.len() == 56).await;
    let id = series["id"].as_str().unwrap();
    let count = async |event: &str, like: &str| -> i64 {
        sqlx::query_scalar("select count(*) from log.events where event_type = $1 and payload::text like $2")
            .bind(event)
            .bind(format!("%{like}%"))
            .fetch_one(&world.pool)
            .await
            .unwrap()
    };
    eventually("how far it came is recorded", || async {
        let extended = count("SeriesExtended", "").await;
        if extended == 1 { Ok(()) } else { Err(format!("{extended} times")) }
    })
    .await;
    assert_eq!(count("SlotOpened", id).await, 56);
}

/// A booked slot outlives the change of its series, and the answer tells the teacher.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_tells_which_booked_lessons_stay() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let series = defines(&teacher, every_day()).await;
    offers(&world, &series, |found| found.len() == 56).await;
    let path = format!("/series/{}", series["id"].as_str().unwrap());
    eventually("how far it came is recorded", || async {
        let seen = teacher.get(&path).await.is(200);
        if seen["extended_through"].is_null() { Err(format!("{seen:?}")) } else { Ok(()) }
    })
    .await;
    let slots = teacher.get(&format!("/slots?from={}T00:00:00Z&limit=1", day(12))).await.is(200);
    let slot = slots.rows()[0].clone();
    let booking = format!("/slots/{}/bookings", slot["id"].as_str().unwrap());
    student.post(&booking, json!({})).await.is(201);
    let earlier = json!({ "from": day(10).to_string(), "duration_minutes": 30 });
    let changed = teacher.patch(&path, earlier).await.is(200);
    let kept = json!([{ "id": slot["id"], "starts_at": slot["starts_at"] }]);
    assert_eq!((&changed["lessons_kept"], &changed["lessons_cancelled"]), (&kept, &json!([])));
    // No other slot is opened at its date, and the series says so.
    eventually("the date is skipped", || async {
        let seen = teacher.get(&path).await.is(200);
        if seen["skipped"] == json!([day(12).to_string()]) { Ok(()) } else { Err(format!("{seen:?}")) }
    })
    .await;
    let ended = teacher.delete(&format!("{path}?from={}", day(2))).await.is(200);
    assert_eq!(ended["lessons_kept"], json!([]), "it is the earlier rule's, and was told before");
    student.get(&format!("/lessons/{}", slot["id"].as_str().unwrap())).await.is(200);
}
