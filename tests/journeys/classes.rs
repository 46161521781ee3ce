//! Classes: their members, who sees whom, and the seats of their lessons.

use serde_json::{Value, json};
use tests::{Person, World, eventually, id_of, in_hours};

fn algebra() -> Value {
    json!({
        "name": "Алгебра, вечер", "description": "Готовимся к экзамену", "subject": "algebra", "grade": "9",
        "colour": "#3366cc", "capacity": 5,
    })
}

async fn makes(teacher: &Person) -> String {
    let made = teacher.post("/classes", algebra()).await.is(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// Books a lesson with the teacher, so that the teacher may add the student to a class.
async fn learns_with(student: &Person, teacher: &Person, hours: i64) {
    let slot = teacher.offers(in_hours(hours)).await;
    student.books(&slot).await.is(201);
}

/// Adds a student, once the read model knows that the teacher teaches them.
async fn adds(teacher: &Person, class: &str, student: &Person) {
    eventually("the student is added", || async {
        let body = json!({ "student_id": student.id });
        let answer = teacher.post(&format!("/classes/{class}/students"), body).await;
        if answer.status == 200 { Ok(()) } else { Err(format!("{answer:?}")) }
    })
    .await;
}

/// Waits until exactly these students have a seat, as the teacher sees it.
async fn sit_in(teacher: &Person, slot: &str, students: &[&Person]) {
    let mut expected: Vec<_> = students.iter().map(|student| student.id.clone()).collect();
    expected.sort();
    eventually("the seats are theirs", || async {
        let lesson = teacher.get(&format!("/lessons/{slot}")).await;
        let bookings = lesson.body["bookings"].as_array().cloned().unwrap_or_default();
        let seated = bookings.iter().filter(|booking| booking["status"] == "booked");
        let mut seated: Vec<_> = seated.filter_map(|booking| booking["student_id"].as_str()).collect();
        seated.sort_unstable();
        if seated == expected { Ok(()) } else { Err(format!("{lesson:?}")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_lesson_seats_its_members_and_who_leaves_loses_their_seats() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    learns_with(&anna, &teacher, 72).await;
    learns_with(&boris, &teacher, 96).await;
    let class = makes(&teacher).await;
    adds(&teacher, &class, &anna).await;
    let slot =
        teacher.tries_to_offer(in_hours(48), json!({ "class_id": class, "capacity": 5 })).await.is(201);
    let slot = id_of(&slot).to_owned();
    sit_in(&teacher, &slot, &[&anna]).await;
    adds(&teacher, &class, &boris).await;
    sit_in(&teacher, &slot, &[&anna, &boris]).await;
    let passer_by = world.student().registers().await;
    passer_by.post(&format!("/slots/{slot}/bookings"), json!({})).await.refused(409, "slot_closed");
    // One student leaves; the other loses the seat with the end of the class.
    boris.delete(&format!("/classes/{class}/students/{}", boris.id)).await.is(204);
    sit_in(&teacher, &slot, &[&anna]).await;
    teacher.delete(&format!("/classes/{class}")).await.is(204);
    sit_in(&teacher, &slot, &[]).await;
    let late = teacher.tries_to_offer(in_hours(120), json!({ "class_id": class })).await;
    late.refused(409, "class_closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn students_see_their_classes_and_the_others_by_first_name_only() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    learns_with(&anna, &teacher, 72).await;
    learns_with(&boris, &teacher, 96).await;
    let class = makes(&teacher).await;
    let path = format!("/classes/{class}");
    anna.get(&path).await.refused(404, "class_not_found");
    adds(&teacher, &class, &anna).await;
    adds(&teacher, &class, &boris).await;
    let seen = anna.get(&path).await.is(200);
    assert_eq!((&seen["name"], &seen["my_role"]), (&json!("Алгебра, вечер"), &json!("student")));
    assert!(!seen.text().contains(&boris.name) && seen.text().contains(&anna.name), "{seen:?}");
    let whole = teacher.get(&path).await.is(200);
    assert!(whole.text().contains(&boris.name), "{whole:?}");
    let own = eventually("the list has the class with both", || async {
        let list = anna.get("/classes").await.is(200);
        let class = list.rows().first().cloned().unwrap_or_default();
        if class["students_count"] == 2 { Ok(list) } else { Err(format!("{list:?}")) }
    })
    .await;
    assert!(!own.text().contains(&boris.name), "{own:?}");
    let stranger = world.student().registers().await;
    assert_eq!(stranger.get("/classes").await.is(200).rows().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_is_its_teachers_and_changes_only_from_what_they_have_seen() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (other, anna) = (world.teacher().registers().await, world.student().registers().await);
    anna.post("/classes", algebra()).await.refused(403, "forbidden");
    let bad = teacher
        .post(
            "/classes",
            json!({
                "name": " ", "subject": "alchemy", "grade": "9", "colour": "red", "capacity": 0,
            }),
        )
        .await
        .refused(422, "invalid_fields");
    assert_eq!(bad["errors"].as_array().map(Vec::len), Some(4), "{bad:?}");
    let made = teacher.post("/classes", algebra()).await.is(201);
    let (class, version) = (made["id"].as_str().expect("an id"), made.header("etag").to_owned());
    let path = format!("/classes/{class}");
    let name = json!({ "name": "Алгебра, утро", "description": null });
    teacher.patch(&path, name.clone()).await.refused(428, "if_match_required");
    let changed = teacher.call("PATCH", &path).header("if-match", &version).json(&name).send().await.is(200);
    assert_eq!((&changed["name"], &changed["description"]), (&json!("Алгебра, утро"), &Value::Null));
    let stale = teacher.call("PATCH", &path).header("if-match", &version).json(&name).send().await;
    stale.refused(412, "stale_version");
    other.get(&path).await.refused(404, "class_not_found");
    other.delete(&path).await.refused(404, "class_not_found");
    let students = format!("{path}/students");
    teacher.post(&students, json!({ "student_id": anna.id })).await.refused(403, "not_your_student");
    teacher.delete(&format!("{students}/{}", anna.id)).await.refused(404, "not_a_member");
    teacher.delete(&path).await.is(204);
    assert_eq!(teacher.get(&path).await.is(200)["status"], "closed");
}

/// The teacher reads which members have no seat, and why, as long as it is so.
#[tokio::test(flavor = "multi_thread")]
async fn a_teacher_sees_who_of_their_class_has_no_seat_and_why() {
    let world = World::start().await;
    let (teacher, other) = (world.teacher().registers().await, world.teacher().registers().await);
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    learns_with(&anna, &teacher, 72).await;
    learns_with(&boris, &teacher, 96).await;
    let class = makes(&teacher).await;
    adds(&teacher, &class, &anna).await;
    let (late, narrow) = (in_hours(48), in_hours(24));
    let late = teacher.tries_to_offer(late, json!({ "class_id": class, "capacity": 5 })).await.is(201);
    let narrow = teacher.tries_to_offer(narrow, json!({ "class_id": class, "capacity": 1 })).await.is(201);
    let elsewhere = other.offers(in_hours(48)).await;
    boris.books(&elsewhere).await.is(201);
    adds(&teacher, &class, &boris).await;
    let path = format!("/classes/{class}");
    let unseated = async |expected: Value| {
        eventually("the teacher sees who has no seat", || async {
            let seen = teacher.get(&path).await.is(200);
            let rows = seen["unseated"].as_array().cloned().unwrap_or_default();
            let told = rows.iter().map(|row| json!([row["lesson_id"], row["student_id"], row["code"]]));
            let told = Value::Array(told.collect());
            if told == expected { Ok(()) } else { Err(format!("{seen:?}")) }
        })
        .await;
    };
    unseated(json!([[narrow["id"], boris.id, "slot_taken"], [late["id"], boris.id, "time_conflict"]])).await;
    assert!(anna.get(&path).await.is(200)["unseated"].is_null(), "it is the teacher's to know");
    boris.cancels(&elsewhere).await.ok();
    sit_in(&teacher, id_of(&late), &[&anna, &boris]).await;
    unseated(json!([[narrow["id"], boris.id, "slot_taken"]])).await;
}

/// A lesson that only members of the class have booked moves with the class, and the answer says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_class_moves_with_its_series() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let anna = world.student().registers().await;
    learns_with(&anna, &teacher, 3).await;
    let class = makes(&teacher).await;
    adds(&teacher, &class, &anna).await;
    let day = |days: i64| in_hours(24 * days).to_zoned(jiff::tz::TimeZone::UTC).date();
    let series = json!({
        "rrule": "FREQ=DAILY;COUNT=6", "local_start": format!("{}T12:00", day(2)), "time_zone": "UTC",
        "duration_minutes": 60, "subject": "algebra", "lesson_type": "regular", "format": "online",
        "price": { "amount": 200_000, "currency": "RUB" }, "class_id": class, "place": "Казань",
        "capacity": 4, "min_participants": 2,
    });
    let series = teacher.post("/series", series).await.is(201);
    let path = format!("/series/{}", id_of(&series));
    let scheduled = async |expected: &[&str]| {
        eventually("the student is in the lessons of the series", || async {
            let lessons = anna.get("/lessons?status=scheduled&limit=100").await.is(200);
            let own = lessons.rows().iter().filter(|lesson| lesson["series_id"] == series["id"]);
            let times: Vec<_> = own.filter_map(|one| one["starts_at"].as_str()?.get(11..16)).collect();
            if times == expected { Ok(()) } else { Err(format!("{times:?}")) }
        })
        .await;
    };
    scheduled(&["12:00"; 6]).await;
    eventually("all is recorded", || async {
        let seen = teacher.get(&path).await.is(200);
        if seen["extended_through"].is_null() { Err(format!("{seen:?}")) } else { Ok(()) }
    })
    .await;
    let later = json!({
        "from": day(4).to_string(), "local_start": format!("{}T12:30", day(4)), "rrule": "FREQ=DAILY;COUNT=4",
        "time_zone": "Europe/Berlin", "place": null, "min_participants": null,
    });
    let changed = teacher.patch(&path, later).await.is(200);
    assert_eq!(changed["lessons_cancelled"].as_array().map(Vec::len), Some(4), "{changed:?}");
    assert_eq!(changed["lessons_kept"], json!([]));
    let rule = &changed["rules"][1];
    assert_eq!(rule["time_zone"], "Europe/Berlin");
    assert_eq!((&rule["place"], &rule["min_participants"]), (&Value::Null, &Value::Null));
    eventually("the lessons are at the new time", || async {
        let lessons = anna.get("/lessons?status=scheduled&limit=100").await.is(200);
        let own = lessons.rows().iter().filter(|lesson| lesson["series_id"] == series["id"]);
        let minutes: Vec<_> = own.filter_map(|one| one["starts_at"].as_str()?.get(14..16)).collect();
        if minutes == ["00", "00", "30", "30", "30", "30"] { Ok(()) } else { Err(format!("{minutes:?}")) }
    })
    .await;
    let list = teacher.get_at(changed.position(), "/series?include=total&limit=1").await.is(200);
    assert_eq!(list["/page/total"], 1, "{list:?}");
    teacher.delete(&format!("{path}?from={}", day(3))).await.is(200);
    scheduled(&["12:00"]).await;
}

/// A member of a class is a student of its teacher, even if their only lesson was cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_a_class_is_their_teachers_student() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let anna = world.student().registers().await;
    let only = teacher.offers(in_hours(72)).await;
    anna.books(&only).await.is(201);
    let (class, second) = (makes(&teacher).await, makes(&teacher).await);
    adds(&teacher, &class, &anna).await;
    let cancelled = anna.cancels(&only).await.is(200);
    let path = format!("/students/{}", anna.id);
    let seen = teacher.get_at(cancelled.position(), &path).await.is(200);
    assert_eq!(seen["name"], anna.name.as_str());
    let students = format!("/classes/{second}/students");
    teacher.post(&students, json!({ "student_id": anna.id })).await.is(200);
    let other = world.teacher().registers().await;
    let theirs = format!("/classes/{}/students", makes(&other).await);
    other.post(&theirs, json!({ "student_id": anna.id })).await.refused(403, "not_your_student");
}

/// A suspended member is not booked, and the teacher sees why. After the reinstatement the member is booked.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_is_booked_into_the_lessons_of_their_class_when_they_are_back() {
    let world = World::start().await;
    let support = world.support(&world.admin().await).await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    learns_with(&anna, &teacher, 72).await;
    learns_with(&boris, &teacher, 96).await;
    let class = makes(&teacher).await;
    adds(&teacher, &class, &anna).await;
    adds(&teacher, &class, &boris).await;
    let reason = json!({ "reason": "looked into" });
    support.post(&format!("/crm/users/{}/suspend", boris.id), reason.clone()).await.ok();
    let slot = teacher.tries_to_offer(in_hours(48), json!({ "class_id": class })).await.is(201);
    sit_in(&teacher, id_of(&slot), &[&anna]).await;
    let seen = teacher.get_at(slot.position(), &format!("/classes/{class}")).await.is(200);
    let told = &seen["/unseated/0"];
    assert_eq!((&told["student_id"], &told["code"]), (&json!(boris.id), &json!("account_suspended")));
    support.post(&format!("/crm/users/{}/reinstate", boris.id), reason).await.ok();
    sit_in(&teacher, id_of(&slot), &[&anna, &boris]).await;
}
