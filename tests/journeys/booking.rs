//! Seats are offered, booked once, and free again after a cancellation.

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::{Answer, Person, World, eventually, id_of, in_hours, in_minutes};

/// Price, time and names come from the slot, whatever a client sends. The id is the same everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn student_books() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let slot = teacher.offers(in_hours(48)).await;
    assert_eq!((&slot["status"], &slot["seats_taken"]), (&json!("open"), &json!(0)));

    let path = format!("/slots/{}/bookings", id_of(&slot));
    let forged = json!({ "price": { "amount": 1, "currency": "RUB" }, "teacher_name": "Чужой" });
    student.post(&path, forged).await.is_problem().is(422);

    let lesson = student.post(&path, json!({ "note": "дроби" })).await.is(201);
    assert_eq!(lesson["id"], slot["id"]);
    for field in ["starts_at", "ends_at", "price", "subject", "teacher_id", "duration_minutes"] {
        assert_eq!(lesson[field], slot[field], "{field}");
    }
    assert_eq!(lesson["teacher_name"], teacher.name.as_str());
    assert_eq!((&lesson["status"], &lesson["my_role"]), (&json!("scheduled"), &json!("student")));
    assert_eq!(lesson["/bookings/0/student_id"], student.id.as_str());
    assert_eq!(lesson["/bookings/0/status"], "booked");

    let seen = teacher.looks_at(&lesson).await.is(200);
    assert_eq!((&seen["my_role"], &seen["/bookings/0/note"]), (&json!("teacher"), &json!("дроби")));
    assert_eq!(seen["/bookings/0/student_name"], student.name.as_str());
    for person in [&teacher, &student] {
        let mine = person.get_at(lesson.position(), "/lessons?status=scheduled").await.is(200);
        assert_eq!(mine.rows().len(), 1, "{mine:?}");
        assert_eq!(mine["/data/0/id"], lesson["id"]);
        assert_eq!(mine["/data/0/teacher_name"], teacher.name.as_str());
    }
    let full = teacher.get_at(lesson.position(), "/slots?status=full").await.is(200);
    assert_eq!(full["/data/0/id"], slot["id"]);
}

/// N concurrent bookings of one seat: exactly one succeeds.
#[tokio::test(flavor = "multi_thread")]
async fn two_students_race_for_one_seat() {
    let world = World::start().await;
    let other = world.another_app().await;
    let teacher = world.teacher().registers().await;
    let students = join_all((0..16).map(async |n| {
        let student = world.student().registers().await;
        if n % 2 == 0 { student } else { student.through(&other.client) }
    }));
    let students = students.await;
    for round in 0..3 {
        let slot = teacher.offers(in_hours(24 + 2 * round)).await;
        let answers = join_all(students.iter().map(|student| student.books(&slot))).await;
        let won = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(won, 1, "{answers:?}");
        for lost in answers.into_iter().filter(|answer| answer.status != 201) {
            let refused = lost.refused(409, "slot_taken");
            assert_eq!(refused["/reasons/0/facts/booked"], "1", "{refused:?}");
        }
        let lesson = teacher.looks_at(&slot).await.is(200);
        assert_eq!(
            (&lesson["seats_taken"], lesson["bookings"].as_array().map(Vec::len)),
            (&json!(1), Some(1))
        );
    }
}

/// A person has one lesson at a time, and cannot book in the past.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_in_two_places_at_once() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let start = in_hours(30);
    let slot = teacher.offers(start).await;
    let half = start + SignedDuration::from_mins(30);
    teacher.tries_to_offer(half, json!({})).await.refused(409, "time_conflict");
    let after = start + SignedDuration::from_mins(60);
    teacher.offers(after).await;
    teacher.tries_to_offer(in_minutes(-5), json!({})).await.refused(409, "slot_in_past");

    let colleague = world.teacher().registers().await;
    let overlapping = colleague.offers(half).await;
    student.books(&slot).await.is(201);
    student.books(&overlapping).await.refused(409, "time_conflict");
    student.cancels(&slot).await.ok();
    student.books(&overlapping).await.is(201);

    for (field, value) in [
        ("duration_minutes", json!(37)),
        ("subject", json!("astrology")),
        ("price", json!({ "amount": -1, "currency": "RUB" })),
        ("capacity", json!(0)),
    ] {
        let wrong = teacher.tries_to_offer(in_hours(70), json!({ field: value })).await;
        let refused = wrong.refused(422, "invalid_fields");
        assert_eq!(refused["/errors/0/pointer"], format!("/{field}"), "{refused:?}");
    }
}

/// The cancellation keeps who cancelled, why, and the fee. A cancelled lesson frees its seat.
#[tokio::test(flavor = "multi_thread")]
async fn a_student_who_cancels_in_time_owes_nothing_and_late_a_half() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    for (start, late, fee) in [(in_hours(48), false, 0), (in_hours(3), true, 75_000)] {
        let slot = teacher.offers(start).await;
        student.books(&slot).await.is(201);
        let cancelled = student.cancels(&slot).await.is(200);
        assert_eq!(cancelled["late"], late, "{cancelled:?}");
        assert_eq!(cancelled["fee"], json!({ "amount": fee, "currency": "RUB" }));
        assert_eq!(cancelled["status"], "cancelled");
        let seen = teacher.looks_at(&slot).await.is(200);
        let booking = &seen["/bookings/0"];
        assert_eq!((&booking["status"], &booking["cancelled_by"]), (&json!("cancelled"), &json!("student")));
        assert_eq!(booking["cancel_reason"], "не получается");
        // A repeated cancellation succeeds and costs nothing more.
        assert_eq!(student.cancels(&slot).await.is(200)["fee"], cancelled["fee"]);
        let somebody = world.student().registers().await;
        somebody.books(&slot).await.is(201);
        let mine = student.looks_at(&slot).await.is(200);
        assert_eq!(mine["status"], "cancelled");
        assert!(!mine.text().contains(&somebody.id), "{mine:?}");
    }
}

/// A booked slot cannot be withdrawn; cancelling its lesson cancels all bookings.
#[tokio::test(flavor = "multi_thread")]
async fn a_booked_slot_is_cancelled_and_not_withdrawn() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let slot = teacher.offers(in_hours(3)).await;
    let path = format!("/slots/{}", id_of(&slot));
    student.books(&slot).await.is(201);
    teacher.delete(&path).await.refused(409, "slot_booked");
    let cancelled = teacher.cancels(&slot).await.is(200);
    assert_eq!((&cancelled["late"], &cancelled["fee"]["amount"]), (&json!(false), &json!(0)));
    let seen = student.looks_at(&slot).await.is(200);
    assert_eq!(
        (&seen["status"], &seen["/bookings/0/cancelled_by"]),
        (&json!("cancelled"), &json!("teacher"))
    );
    student.books(&slot).await.refused(409, "slot_closed");
    // The time of both is free again.
    let again = teacher.offers(in_hours(3)).await;
    student.books(&again).await.is(201);

    let unwanted = teacher.offers(in_hours(10)).await;
    teacher.delete(&format!("/slots/{}", id_of(&unwanted))).await.is(204);
    student.books(&unwanted).await.refused(409, "slot_closed");
    student.get(&format!("/slots/{}", id_of(&unwanted))).await.refused(404, "slot_not_found");
}

/// A person outside a lesson neither sees nor changes it. Notes of others are never visible.
#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_finds_nothing_and_a_fellow_student_a_first_name() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let slot = teacher.offers_seats(in_hours(40), 2).await;
    let path = format!("/slots/{}/bookings", id_of(&slot));
    anna.post(&path, json!({ "note": "тайная просьба" })).await.is(201);

    let outsiders = [world.student().registers().await, world.teacher().registers().await];
    for outsider in &outsiders {
        outsider.looks_at(&slot).await.refused(404, "slot_not_found");
        for (what, body) in [
            ("cancel", json!({})),
            ("reschedule", json!({ "starts_at": in_hours(60) })),
            ("reschedule/accept", json!({})),
            ("reschedule/decline", json!({})),
            ("no-show", json!({})),
        ] {
            outsider.does(what, &slot, body).await.refused(404, "slot_not_found");
        }
    }
    let [_, colleague] = &outsiders;
    for what in ["start", "complete"] {
        colleague.does(what, &slot, json!({})).await.refused(404, "slot_not_found");
    }
    colleague.delete(&format!("/slots/{}", id_of(&slot))).await.refused(404, "slot_not_found");
    let seat = json!({ "student_id": anna.id });
    colleague.post(&path, seat).await.refused(404, "slot_not_found");

    let beside = boris.books(&slot).await.is(201);
    let text = beside.text();
    for foreign in ["тайная просьба", anna.id.as_str(), anna.name.as_str()] {
        assert!(!text.contains(foreign), "{foreign}: {text}");
    }
    let first_name = anna.name.split(' ').next();
    assert_eq!(beside["/bookings/0/student_name"].as_str(), first_name);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_seat_is_nobody_elses_until_it_is_given_back() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let slot = teacher.offers(in_hours(20)).await;
    let holds = format!("/slots/{}/holds", id_of(&slot));
    let hold = anna.call("POST", &holds).send().await.is(201);
    let expires_at: Timestamp = hold["expires_at"].as_str().unwrap_or_default().parse().expect("an instant");
    assert!(expires_at > in_minutes(8) && expires_at < in_minutes(11), "{hold:?}");
    boris.books(&slot).await.refused(409, "slot_taken");
    boris.delete(&format!("/holds/{}", id_of(&hold))).await.refused(404, "hold_not_found");
    anna.delete(&format!("/holds/{}", id_of(&hold))).await.is(204);
    let hold = boris.call("POST", &holds).send().await.is(201);
    let path = format!("/slots/{}/bookings", id_of(&slot));
    anna.post(&path, json!({ "hold_id": hold["id"] })).await.refused(404, "hold_not_found");
    boris.post(&path, json!({ "hold_id": hold["id"] })).await.is(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teacher_gives_seats_only_to_students_they_teach() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    student
        .patch("/me/profile", json!({ "school": "Гимназия 7", "parent_phone": "+74951234567" }))
        .await
        .ok();
    let (first, second) = (teacher.offers(in_hours(20)).await, teacher.offers(in_hours(22)).await);
    let path = format!("/slots/{}/bookings", id_of(&second));
    let seat = json!({ "student_id": student.id });
    let refused = teacher.post(&path, seat.clone()).await.refused(403, "not_your_student");
    assert_eq!(refused["/reasons/0/code"], "no_lesson_together");
    teacher.get(&format!("/students/{}", student.id)).await.refused(404, "not_found");

    let booked = student.books(&first).await.is(201);
    let known = teacher.get_at(booked.position(), &format!("/students/{}", student.id)).await.is(200);
    assert_eq!((&known["school"], &known["phone"]), (&json!("Гимназия 7"), &json!(student.phone)));
    assert_eq!(known["parent_phone"], "+74951234567");
    let given = teacher.post(&path, seat).await.is(201);
    assert_eq!(given["/bookings/0/student_id"], student.id.as_str());
    let colleague = world.teacher().registers().await;
    let unknown = colleague.get_at(booked.position(), &format!("/students/{}", student.id)).await;
    unknown.refused(404, "not_found");
}

/// The lesson begins before midnight and ends after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_crosses_midnight() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let day = in_hours(48).strftime("%Y-%m-%d").to_string();
    let start: Timestamp = format!("{day}T23:30:00Z").parse().expect("an instant");
    let slot = teacher.offers(start).await;
    student.books(&slot).await.is(201);
    let end: Timestamp = slot["ends_at"].as_str().unwrap_or_default().parse().expect("an instant");
    assert_eq!(end, start + SignedDuration::from_mins(60));
    let beyond = start + SignedDuration::from_mins(45);
    let colleague = world.teacher().registers().await;
    let next_day = colleague.offers(beyond).await;
    student.books(&next_day).await.refused(409, "time_conflict");
}

/// A change with an outdated version is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_slot_is_changed_only_in_the_version_that_was_seen() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let slot = teacher.offers(in_hours(20)).await;
    let path = format!("/slots/{}", id_of(&slot));
    let price = json!({ "price": { "amount": 200_000, "currency": "RUB" } });
    teacher.patch(&path, price.clone()).await.refused(428, "if_match_required");
    let with =
        |tag: String, body: Value| teacher.call("PATCH", &path).header("if-match", tag).json(&body).send();
    let changed = with(slot.header("etag").to_owned(), price.clone()).await.is(200);
    assert_eq!(changed["price"], price["price"]);
    with(slot.header("etag").to_owned(), json!({ "capacity": 5 })).await.refused(412, "stale_version");
    let booked = student.books(&slot).await.is(201);
    let moved = json!({ "starts_at": in_hours(30) });
    with(booked.header("etag").to_owned(), moved).await.refused(409, "slot_booked");
    assert_eq!(booked["/bookings/0/price"], price["price"]);
}

/// Free times are public; a booking removes its time.
#[tokio::test(flavor = "multi_thread")]
async fn free_times_of_a_teacher_are_public_and_true() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let place = json!({ "format": "offline", "place": "ул. Тайная, 7" });
    let secret = teacher.tries_to_offer(in_hours(20), place).await.is(201);
    let later = teacher.offers(in_hours(50)).await;
    let path = format!("/teachers/{}/slots", teacher.id);
    let ids =
        |answer: Answer| -> Vec<Value> { answer.rows().iter().map(|slot| slot["id"].clone()).collect() };
    let anybody = |position: u64, query: String| {
        world.client().call("GET", &format!("{path}{query}")).header("min-log-position", position).send()
    };
    let free = anybody(later.position(), String::new()).await.is(200);
    assert!(!free.text().contains("Тайная"), "{free:?}");
    assert_eq!(ids(free), [secret["id"].clone(), later["id"].clone()]);
    let until = anybody(later.position(), format!("?to={}", in_hours(30))).await.is(200);
    assert_eq!(ids(until), [secret["id"].clone()]);
    let booked = student.books(&secret).await.is(201);
    assert_eq!(booked["place"], "ул. Тайная, 7");
    assert_eq!(ids(anybody(booked.position(), String::new()).await), [later["id"].clone()]);
    let cancelled = student.cancels(&secret).await.ok();
    assert_eq!(ids(anybody(cancelled.position(), String::new()).await).len(), 2);
}

/// The same key after a lost answer: one booking and the same answer.
#[tokio::test(flavor = "multi_thread")]
async fn booking_again_with_the_same_key_is_booking_once() {
    let world = World::start().await;
    let (teacher, student) = (world.teacher().registers().await, world.student().registers().await);
    let slot = teacher.offers_seats(in_hours(20), 3).await;
    let path = format!("/slots/{}/bookings", id_of(&slot));
    let book = || student.call("POST", &path).key("one-booking").json(&json!({})).send();
    let answers = join_all((0..4).map(|_| book())).await;
    for answer in &answers {
        assert!(matches!(answer.status, 201 | 409), "{answer:?}");
    }
    let again = book().await.is(201);
    let lesson = teacher.looks_at(&slot).await.is(200);
    assert_eq!(lesson["seats_taken"], 1);
    assert_eq!(again["/bookings/0/booking_id"], lesson["/bookings/0/booking_id"]);
}

/// An export holds all that its person wrote about lessons, and nothing of others.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_ones_own_lessons() {
    let world = World::start().await;
    let teacher = world.teacher().registers().await;
    let (anna, boris) = (world.student().registers().await, world.student().registers().await);
    let slot = teacher.offers_seats(in_hours(20), 2).await;
    let path = format!("/slots/{}/bookings", id_of(&slot));
    anna.post(&path, json!({ "note": "слово Анны" })).await.is(201);
    let booked = boris.post(&path, json!({ "note": "слово Бориса" })).await.is(201);
    let exported = async |person: &Person| {
        eventually("the lessons are in the export", || async {
            let answer = person.get_at(booked.position(), "/me/export").await.is(200);
            if answer.text().contains(id_of(&slot)) { Ok(answer) } else { Err(format!("{answer:?}")) }
        })
        .await
    };
    let of_anna = exported(&anna).await;
    assert_eq!(of_anna["/bookings/0/note"], "слово Анны");
    let of_teacher = exported(&teacher).await;
    assert_eq!(of_teacher["/slots/0/id"], slot["id"]);
    for (export, foreign) in [(&of_anna, "слово Бориса"), (&of_teacher, "слово")] {
        assert!(!export.text().contains(foreign), "{export:?}");
    }
    // Notifications and shared conversations name other people; lessons give only their number.
    for lessons in [&of_anna["/bookings"], &of_teacher["/slots"]] {
        assert!(!lessons.to_string().contains(&boris.id), "{lessons}");
    }
}
