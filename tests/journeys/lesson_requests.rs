//! Lesson requests: a student names a time, matching teachers are asked, and the first to accept gets the
//! lesson.

use domain::{Clock, SystemClock};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Answer, LogRow, Person, Settings, World, eventually};

/// Instant so many hours and seconds from now, on a whole second.
fn in_hours(hours: i64, seconds: i64) -> String {
    let then = SystemClock.now() + SignedDuration::from_hours(hours) + SignedDuration::from_secs(seconds);
    jiff::Timestamp::from_second(then.as_second()).expect("an instant of this century").to_string()
}

fn new_request(starts_at: &str) -> Value {
    json!({
        "grade": "11", "subject": "physics", "goals": ["ege"], "duration_minutes": 90, "format": "online",
        "starts_at": starts_at, "max_price": { "amount": 400_000, "currency": "RUB" },
        "comment": "Оптика, вторая часть",
    })
}

/// A teacher who matches the request, at 2,000 roubles an hour.
async fn willing_teacher(world: &World) -> Person {
    let teacher = world.teacher().registers().await;
    let told = json!({
        "subjects": ["physics", "mathematics"], "grades": ["10", "11"], "goals": ["ege", "olympiad"],
        "formats": ["online"], "durations": [60, 90], "takes_requests": true,
        "hourly_rate": { "amount": 200_000, "currency": "RUB" },
    });
    teacher.patch("/me/profile", told).await.ok();
    teacher
}

/// Makes a request and returns it after the search for teachers has ended.
async fn asks(student: &Person, starts_at: &str) -> Answer {
    let made = student.post("/lesson-requests", new_request(starts_at)).await.is(201);
    let path = format!("/lesson-requests/{}", made["id"].as_str().expect("an id"));
    eventually("the search for teachers has ended", || async {
        let seen = student.get_at(made.position(), &path).await.is(200);
        if seen["/search/considered"].is_null() { Err(format!("{seen:?}")) } else { Ok(seen) }
    })
    .await
}

fn id(answer: &Answer) -> String {
    answer["id"].as_str().expect("an id").to_owned()
}

async fn accepts(teacher: &Person, request: &str) -> Answer {
    teacher.post(&format!("/lesson-requests/{request}/accept"), json!({})).await
}

/// The request as it stands in the teacher's list of requests.
async fn sees(teacher: &Person, request: &str) -> Option<Value> {
    let list = teacher.get("/lesson-requests?for=me").await.is(200);
    list.rows().iter().find(|row| row["id"] == request).cloned()
}

async fn events(world: &World, event_type: &str) -> Vec<LogRow> {
    let log = LogRow::all(&world.pool).await;
    log.into_iter().filter(|row| row.event_type == event_type).collect()
}

/// Many teachers accept at once on several processes: there is one lesson, at the right price and time.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_won_once() {
    let world = World::start().await;
    let second = world.another_app().await;
    let student = world.student().registers().await;
    let mut teachers = Vec::new();
    for _ in 0..6 {
        teachers.push(willing_teacher(&world).await);
    }
    let starts_at = in_hours(48, 0);
    let request = asks(&student, &starts_at).await;
    assert_eq!(request["/search/asked"], 6, "{request:?}");
    let request = id(&request);
    let tries = teachers.iter().enumerate().map(|(n, teacher)| {
        let client = if n % 2 == 0 { world.client() } else { &second.client };
        let teacher = teacher.through(client);
        let request = request.clone();
        async move { accepts(&teacher, &request).await }
    });
    let answers = join_all(tries).await;
    let (won, lost): (Vec<_>, Vec<_>) =
        teachers.iter().zip(answers).partition(|(_, answer)| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 5));
    for (_, answer) in lost {
        let refused = answer.refused(409, "request_taken");
        assert_eq!(refused["/reasons/0/code"], "request_taken", "{refused:?}");
    }
    let (winner, lesson) = &won[0];
    assert_eq!(lesson["teacher_id"], winner.id.as_str());
    assert_eq!((&lesson["starts_at"], &lesson["duration_minutes"]), (&json!(starts_at), &json!(90)));
    assert_eq!(lesson["price"], json!({ "amount": 300_000, "currency": "RUB" }), "an hour and a half");
    assert_eq!(lesson["/bookings/0/student_id"], student.id.as_str());
    assert_eq!(lesson["/bookings/0/note"], "Оптика, вторая часть");
    for event in ["SlotOpened", "SeatBooked", "RequestAccepted"] {
        assert_eq!(events(&world, event).await.len(), 1, "{event}");
    }
    // A repeated acceptance returns the same lesson, and the student finds it.
    let again = accepts(winner, &request).await.is(200);
    assert_eq!(again["id"], lesson["id"]);
    let path = format!("/lesson-requests/{request}");
    let told = student.get_at(lesson.position(), &path).await.is(200);
    assert_eq!((&told["status"], &told["/accepted/lesson_id"]), (&json!("accepted"), &lesson["id"]));
    assert_eq!(told["/accepted/teacher_name"], winner.name.as_str());
    for teacher in &teachers {
        assert_eq!(sees(teacher, &request).await, None);
    }
    student.post(&format!("{path}/cancel"), json!({})).await.refused(409, "request_taken");
}

/// Only matching teachers see a request; they see why they match, and no contact data.
#[tokio::test(flavor = "multi_thread")]
async fn only_teachers_who_match_ever_see_a_request() {
    let world = World::start().await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let student = world.student().registers().await;
    let teacher = willing_teacher(&world).await;
    let mut others = vec![world.teacher().registers().await];
    for told in [
        json!({ "takes_requests": false }),
        json!({ "durations": [30] }),
        json!({ "grades": null }),
        json!({ "goals": ["travel"] }),
        json!({ "formats": ["offline"] }),
        json!({ "hourly_rate": { "amount": 300_000, "currency": "RUB" } }),
    ] {
        let other = willing_teacher(&world).await;
        other.patch("/me/profile", told).await.ok();
        others.push(other);
    }
    let request = asks(&student, &in_hours(30, 0)).await;
    assert_eq!((&request["/search/asked"], &request["/search/considered"]), (&json!(1), &json!(6)));
    let request = id(&request);
    let path = format!("/lesson-requests/{request}");
    let seen = sees(&teacher, &request).await.expect("the teacher is asked");
    assert!(seen["reasons"].as_array().is_some_and(|reasons| reasons.len() >= 6), "{seen}");
    let text = teacher.get(&path).await.is(200).text();
    for contact in [&student.email, &student.phone, &student.nickname] {
        assert!(!text.contains(contact.as_str()) && !seen.to_string().contains(contact.as_str()), "{text}");
    }
    assert_eq!(seen["student_name"], student.name.split(' ').next().expect("a first name"));
    for other in &others {
        assert_eq!(sees(other, &request).await, None);
        other.get(&path).await.refused(404, "request_not_found");
        accepts(other, &request).await.refused(404, "request_not_found");
        other.post(&format!("{path}/decline"), json!({})).await.refused(404, "request_not_found");
    }
    student.post(&format!("{path}/accept"), json!({})).await.refused(403, "forbidden");
    let matching = support.get(&format!("{path}/matching")).await.is(200);
    assert_eq!(matching["included"].as_array().map(Vec::len), Some(1), "{matching:?}");
    let excluded = matching["excluded"].as_array().expect("a list");
    let mut codes: Vec<_> =
        excluded.iter().filter_map(|other| other["reasons"][0]["code"].as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["duration", "format", "goals", "grade", "price"], "{matching:?}");
    assert!(excluded.iter().all(|other| other["reasons"].as_array().is_some_and(|all| all.len() == 1)));
    teacher.get(&format!("{path}/matching")).await.refused(403, "forbidden");
}

/// Declined, withdrawn, too late, too expensive: each has its refusal code.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_declined_taken_back_and_refused_with_reasons() {
    let world = World::start().await;
    let student = world.student().registers().await;
    let (vera, boris) = (willing_teacher(&world).await, willing_teacher(&world).await);
    let soon = student.post("/lesson-requests", new_request(&in_hours(4, 0))).await;
    soon.refused(409, "request_too_late");
    let mut unknown = new_request(&in_hours(30, 0));
    unknown["subject"] = json!("astrology");
    let invalid = student.post("/lesson-requests", unknown).await.is_problem().is(422);
    assert_eq!(invalid["/errors/0/pointer"], "/subject");
    vera.post("/lesson-requests", new_request(&in_hours(30, 0))).await.refused(403, "forbidden");

    let request = id(&asks(&student, &in_hours(30, 0)).await);
    let path = format!("/lesson-requests/{request}");
    let declined = vera.post(&format!("{path}/decline"), json!({})).await.is(200);
    assert_eq!(declined["declined"], true);
    let list = vera.get_at(declined.position(), "/lesson-requests?for=me").await.is(200);
    assert!(list.rows().is_empty(), "{list:?}");
    accepts(&vera, &request).await.refused(409, "request_declined");
    let dear = json!({ "price": { "amount": 400_001, "currency": "RUB" } });
    boris.post(&format!("{path}/accept"), dear).await.refused(409, "price_above_maximum");
    let seen = student.get_at(declined.position(), &path).await.is(200);
    assert_eq!((&seen["/search/asked"], &seen["/search/declined"]), (&json!(2), &json!(1)));

    let cancelled = student.post(&format!("{path}/cancel"), json!({})).await.is(200);
    assert_eq!(cancelled["status"], "cancelled");
    accepts(&boris, &request).await.refused(409, "request_cancelled");
    let own = student.get_at(cancelled.position(), "/lesson-requests?status=cancelled").await.is(200);
    assert_eq!(own.rows().len(), 1, "{own:?}");
    student.get("/lesson-requests?status=lost").await.is_problem().is(400);
    student.get("/lesson-requests?for=you").await.is_problem().is(400);
    // The teacher's named price counts.
    let other = id(&asks(&student, &in_hours(40, 0)).await);
    let named = json!({ "price": { "amount": 250_000, "currency": "RUB" } });
    let lesson = boris.post(&format!("/lesson-requests/{other}/accept"), named).await.is(200);
    assert_eq!(lesson["/price/amount"], 250_000);
}

/// The deadline follows the clock, and its timer survives a kill.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_expires_by_itself_and_survives_a_kill() {
    let mut world = World::start().await;
    let student = world.student().registers().await;
    let teacher = willing_teacher(&world).await;
    let (open, soon) = (in_hours(48, 0), in_hours(5, 20));
    let open = id(&asks(&student, &open).await);
    let soon = id(&asks(&student, &soon).await);
    assert!(sees(&teacher, &soon).await.is_some());
    world.app.starts();
    world.app.is_ready().await;
    assert!(sees(&teacher, &open).await.is_some(), "it is kept");
    let path = format!("/lesson-requests/{soon}");
    eventually("the request has expired", || async {
        let seen = student.get(&path).await.is(200);
        if seen["status"] == "expired" { Ok(()) } else { Err(format!("{seen:?}")) }
    })
    .await;
    accepts(&teacher, &soon).await.refused(409, "request_expired");
    assert_eq!(sees(&teacher, &soon).await, None);
    assert_eq!(events(&world, "RequestExpired").await.len(), 1);
    accepts(&teacher, &open).await.is(200);
}

/// A teacher who became busy after the request gets no second lesson at that time, and no event is left.
#[tokio::test(flavor = "multi_thread")]
async fn a_teacher_who_became_busy_meanwhile_can_not_accept() {
    let world = World::start().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let teacher = willing_teacher(&world).await;
    let (first, overlapping) = (in_hours(48, 0), in_hours(49, 0));
    let first = id(&asks(&anna, &first).await);
    let second = id(&asks(&boris, &overlapping).await);
    accepts(&teacher, &first).await.is(200);
    let refused = accepts(&teacher, &second).await.refused(409, "time_conflict");
    assert_eq!(refused["/reasons/0/code"], "time_conflict");
    assert_eq!(sees(&teacher, &second).await.map(|row| row["status"].clone()), Some(json!("open")));
    assert_eq!(events(&world, "SlotOpened").await.len(), 1);
    assert_eq!(events(&world, "RequestAccepted").await.len(), 1);
    // A request for that time now reaches no teacher, and says why.
    let dina = world.student().registers().await;
    let third = asks(&dina, &in_hours(48, 1_800)).await;
    assert_eq!(third["/search/asked"], 0, "{third:?}");
    assert_eq!(third["/search/left_out"], json!([{ "code": "free_time", "teachers": 1 }]));
}

/// K9: with more teachers than a wave has, each is asked in turn, a newcomer with the first; `matching` explains every
/// other teacher, page by page.
#[tokio::test(flavor = "multi_thread")]
async fn k9_teachers_are_asked_in_waves_and_every_exclusion_is_explained() {
    let world = World::with(Settings {
        environment: vec![
            ("KAFEDRA_LESSON_REQUESTS__WAVE_SIZE", "2".to_owned()),
            ("KAFEDRA_LESSON_REQUESTS__NEWCOMER_PERCENT", "50".to_owned()),
            ("KAFEDRA_LESSON_REQUESTS__WAVE_INTERVAL_MS", "5000".to_owned()),
        ],
        ..Settings::default()
    })
    .await;
    let admin = world.admin().await;
    let support = world.support(&admin).await;
    let student = world.student().registers().await;
    let mut teachers = Vec::new();
    for _ in 0..5 {
        teachers.push(willing_teacher(&world).await);
    }
    let mut others = Vec::new();
    for _ in 0..3 {
        let other = willing_teacher(&world).await;
        others.push(other.patch("/me/profile", json!({ "durations": [30] })).await.ok().position());
    }
    let request = asks(&student, &in_hours(48, 0)).await;
    let path = format!("/lesson-requests/{}/matching", id(&request));
    let first = eventually("the first wave", || async {
        let seen = support.get_at(others[2], &path).await.is(200);
        let asked = seen["included"].as_array().map_or(0, Vec::len);
        if asked == 0 || seen["considered"] != 8 { Err(format!("{seen:?}")) } else { Ok(seen) }
    })
    .await;
    let asked: Vec<_> = first["included"].as_array().expect("a list").iter().collect();
    let newest = teachers[4].id.as_str();
    assert!(asked.iter().any(|teacher| teacher["teacher_id"] == newest), "{first:?}");
    eventually("every teacher is asked", || async {
        let seen = support.get(&path).await.is(200);
        let asked = seen["included"].as_array().map_or(0, Vec::len);
        if asked == 5 && seen["next_wave_at"].is_null() { Ok(()) } else { Err(format!("{seen:?}")) }
    })
    .await;
    let at_once = |seen: &Answer| -> std::collections::BTreeMap<String, usize> {
        let mut waves = std::collections::BTreeMap::new();
        for teacher in seen["included"].as_array().expect("a list") {
            *waves.entry(teacher["offered_at"].to_string()).or_default() += 1;
        }
        waves
    };
    let waves: Vec<usize> = at_once(&support.get(&path).await.is(200)).into_values().collect();
    assert_eq!(waves, [2, 2, 1]);
    // The student hears of the request once.
    eventually("the student is told once", || async {
        let told = student.get("/notifications").await.is(200);
        let count = told.rows().iter().filter(|row| row["kind"] == "request_matched").count();
        if count == 1 { Ok(()) } else { Err(format!("{told:?}")) }
    })
    .await;
    let mut excluded = Vec::new();
    let mut next = format!("{path}?limit=2");
    loop {
        let page = support.get(&next).await.is(200);
        excluded.extend(page["excluded"].as_array().expect("a list").clone());
        match page["/page/next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    let reasons: Vec<_> = excluded.iter().map(|teacher| &teacher["reasons"][0]["code"]).collect();
    assert_eq!(reasons, ["duration"; 3], "{excluded:?}");
    support.get(&format!("{path}?cursor=nonsense")).await.is_problem().is(400);
}

/// A student makes many requests at once on several processes: five are open, and none for the same time.
#[tokio::test(flavor = "multi_thread")]
async fn a_student_has_five_requests_open_and_none_for_one_time_twice() {
    let world = World::start().await;
    let second = world.another_app().await;
    let student = world.student().registers().await;
    let elsewhere = student.through(&second.client);
    let requests: Vec<Value> = (0..9).map(|n| new_request(&in_hours(48 + 3 * n, 0))).collect();
    let tries = requests.iter().enumerate().map(|(n, request)| {
        let student = if n % 2 == 0 { &student } else { &elsewhere };
        student.post("/lesson-requests", request.clone())
    });
    let answers = join_all(tries).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((made.len(), refused.len()), (5, 4));
    for answer in refused {
        let refused = answer.refused(409, "too_many_requests_open");
        assert_eq!(refused["/reasons/0/facts/limit"], "5", "{refused:?}");
    }
    let path = format!("/lesson-requests/{}/cancel", id(&made[0]));
    student.post(&path, json!({})).await.is(200);
    let starts_at: jiff::Timestamp = made[1]["starts_at"].as_str().expect("an instant").parse().expect("one");
    let overlapping = new_request(&(starts_at + SignedDuration::from_mins(60)).to_string());
    student.post("/lesson-requests", overlapping).await.refused(409, "request_overlaps");
    let again = student.post("/lesson-requests", new_request(&in_hours(200, 0))).await.is(201);
    let seen = student.get_at(again.position(), &format!("/lesson-requests/{}", id(&again))).await.is(200);
    assert!(!again["created_at"].is_null());
    assert_eq!(seen["created_at"], again["created_at"]);
}
