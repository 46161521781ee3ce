//! The public catalogue of teachers, and the list of all accounts.

use domain::scheduling::{Booker, NewBooking, NewSlot, SlotCommand, SlotTerms};
use domain::{AccountId, Command, CommandContext, Dispatch, Role, SlotId};
use fixtures::{new_slot, rub, slot_terms};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::world::{World, bearer, person};

async fn teacher(world: &World, name: &str) -> Value {
    let mut teacher = person(name);
    teacher["role"] = json!("teacher");
    teacher["phone"] = json!("+79991234567");
    world.register(&teacher).await
}

#[tokio::test]
async fn the_catalogue_shows_teachers_to_everybody_and_no_contacts() {
    let world = World::with_read_models().await;
    let boris = teacher(&world, "boris").await;
    let anna = world.student("anna").await;
    let auth = bearer(&boris);
    let profile = json!({ "subjects": ["physics"], "hourly_rate": { "amount": 150_000, "currency": "RUB" } });
    world.call("PATCH", "/api/v1/me/profile", &[("authorization", &auth)], &profile).await.is(200);
    let all = world.read("/api/v1/teachers?include=total", &auth, &[]).await;
    assert_eq!(all.is(200).body["page"], json!({ "next_cursor": null, "has_more": false, "total": 1 }));
    let card = &all.body["data"][0];
    assert_eq!(card["name"], "boris");
    assert_eq!(card["hourly_rate"], json!({ "amount": 150_000, "currency": "RUB" }));
    assert_eq!((&card["min_price"], &card["next_free_slots"]), (&Value::Null, &json!([])));
    assert!(!all.text().contains("example.org") && !all.text().contains("9991234567"), "{all:?}");
    let id = boris["account"]["id"].as_str().unwrap();
    let one = world.get(&format!("/api/v1/teachers/{id}"), &[]).await;
    assert_eq!(&one.is(200).body, card);
    assert!(one.header("etag").starts_with("\"v"));
    let student = anna["account"]["id"].as_str().unwrap();
    world.get(&format!("/api/v1/teachers/{student}"), &[]).await.refused(404, "not_found");
}

fn id_of(body: &Value) -> AccountId {
    body["account"]["id"].as_str().unwrap().parse().unwrap()
}

async fn dispatch(world: &World, slot: SlotId, command: SlotCommand) {
    let cause = world.app.ids.next();
    let context = CommandContext::of_process("test", cause, cause, "slot");
    world.app.bus.dispatch(Command::Slot(slot, command), context).await.unwrap();
}

/// Offers a lesson of an hour, on the clock of Moscow.
async fn open_slot(world: &World, teacher: AccountId, starts_at: Timestamp, amount: i64) -> SlotId {
    let slot = SlotId(world.app.ids.next());
    let terms = SlotTerms { subject: "physics".into(), price: rub(amount), ..slot_terms() };
    let new = NewSlot { terms, ..new_slot(teacher, starts_at) };
    dispatch(world, slot, SlotCommand::OpenSlot(Box::new(new))).await;
    slot
}

/// Instant at this hour in Moscow, so many days from now.
fn moscow_instant(world: &World, days: i64, hour: i8) -> Timestamp {
    let moscow = TimeZone::get("Europe/Moscow").unwrap();
    let date = world.app.clock.now().to_zoned(moscow.clone()).date() + days.days();
    date.at(hour, 0, 0, 0).to_zoned(moscow).unwrap().timestamp()
}

#[tokio::test]
async fn a_card_shows_free_slots_and_every_filter_of_time_works_on_them() {
    let world = World::with_read_models().await;
    let (boris, anna) = (teacher(&world, "boris").await, world.student("anna").await);
    let (auth, boris) = (bearer(&boris), id_of(&boris));
    teacher(&world, "vera").await;
    let mut slots = Vec::new();
    for (days, hour, amount) in [(2, 10, 200_000), (3, 18, 90_000), (4, 10, 200_000), (5, 10, 200_000)] {
        slots.push(open_slot(&world, boris, moscow_instant(&world, days, hour), amount).await);
    }
    let cards = world.read("/api/v1/teachers?sort=min_price", &auth, &[]).await;
    let card = &cards.is(200).body["data"][0];
    assert_eq!(card["min_price"], json!({ "amount": 90_000, "currency": "RUB" }));
    let shown = |card: &Value| -> Vec<String> {
        let slots = card["next_free_slots"].as_array().unwrap();
        slots.iter().map(|slot| slot["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(shown(card), slots[..3].iter().map(SlotId::to_string).collect::<Vec<_>>());
    let first = &card["next_free_slots"][0];
    assert_eq!((&first["duration_minutes"], &first["time_zone"]), (&json!(60), &json!("Europe/Moscow")));
    assert_eq!(cards.body["data"][1]["min_price"], Value::Null);

    let day = |days: i64| moscow_instant(&world, days, 12).strftime("%Y-%m-%d").to_string();
    for (query, found) in [
        ("has_free_slots=true".to_owned(), 1),
        ("has_free_slots=false".to_owned(), 1),
        ("has_free_slots=true&subject=physics&max_price=90000".to_owned(), 1),
        ("has_free_slots=true&subject=chess".to_owned(), 0),
        (format!("available_from={}", moscow_instant(&world, 5, 10)), 1),
        (format!("available_from={}", moscow_instant(&world, 5, 11)), 0),
        (format!("available_from={0}&available_to={0}&time_zone=Europe/Moscow", day(3)), 1),
        (format!("available_from={0}&available_to={0}&time_from=19:00", day(3)), 0),
        (format!("available_from={}", day(6)), 0),
        ("time_from=18:00&time_to=19:00".to_owned(), 1),
        ("time_from=15:00&time_to=16:00&time_zone=UTC".to_owned(), 1),
        ("time_from=18:00&time_zone=UTC".to_owned(), 0),
        ("time_to=10:00".to_owned(), 0),
        ("time_from=23:00&time_to=11:00".to_owned(), 1),
    ] {
        let answer = world.read(&format!("/api/v1/teachers?{query}&include=total"), &auth, &[]).await;
        assert_eq!(answer.is(200).body["page"]["total"], found, "{query}");
        assert_eq!(answer.body["data"].as_array().unwrap().len(), found, "{query}");
    }

    let student = id_of(&anna);
    let booking = NewBooking {
        booking_id: world.app.ids.next().into(),
        booker: Booker::Student(student),
        note: None,
        hold_id: None,
    };
    dispatch(&world, slots[1], SlotCommand::BookSeat(Box::new(booking))).await;
    let card = world.read(&format!("/api/v1/teachers/{boris}"), &auth, &[]).await;
    assert_eq!(card.is(200).body["min_price"]["amount"], 200_000);
    let left: Vec<String> = [0, 2, 3].map(|n: usize| slots[n].to_string()).to_vec();
    assert_eq!(shown(&card.body), left, "what is booked is not free");
}

#[tokio::test]
async fn filters_of_the_catalogue_count_and_unknown_ones_are_refused() {
    let world = World::with_read_models().await;
    let auth = bearer(&teacher(&world, "boris").await);
    let profile = json!({ "subjects": ["physics"], "hourly_rate": { "amount": 150_000, "currency": "RUB" } });
    world.call("PATCH", "/api/v1/me/profile", &[("authorization", &auth)], &profile).await.is(200);
    for (query, found) in [
        ("subject=physics", 1),
        ("subject=music", 0),
        ("max_price=150000", 1),
        ("max_price=149999", 0),
        ("max_price=150000&currency=EUR", 0),
        ("q=bor", 1),
        ("q=nobody", 0),
        ("duration=120", 0),
    ] {
        let answer = world.read(&format!("/api/v1/teachers?{query}"), &auth, &[]).await;
        assert_eq!(answer.is(200).body["data"].as_array().unwrap().len(), found, "{query}");
    }
    world.get("/api/v1/teachers?shoe_size=44", &[]).await.refused(400, "unknown_parameter");
    for broken in [
        "sort=email",
        "max_price=cheap",
        "currency=rub",
        "cursor=nonsense",
        "min_rating=x",
        "has_free_slots=perhaps",
        "available_from=tomorrow",
        "available_from=2026-12-01T10:00:00",
        "available_from=2026-12-02&available_to=2026-12-01",
        "time_from=25:00",
        "time_from=10",
        "time_from=10:00&time_to=10:00",
        "time_zone=Europe/Atlantis",
    ] {
        world.get(&format!("/api/v1/teachers?{broken}"), &[]).await.refused(400, "malformed_parameter");
    }
}

#[tokio::test]
async fn admins_find_accounts_by_role() {
    let world = World::with_read_models().await;
    let admin = world.signed_in_as(Role::Admin).await;
    world.student("anna").await;
    let admins = world.read("/api/v1/admin/accounts?role=admin&include=total", &admin, &[]).await;
    assert_eq!(admins.is(200).body["page"]["total"], 1);
    assert_eq!(admins.body["data"][0]["email"], "admin@example.org");
    assert_eq!(admins.body["data"][0]["roles"], json!(["admin"]));
    world.read("/api/v1/admin/accounts?role=king", &admin, &[]).await.refused(400, "malformed_parameter");
    let support = world.signed_in_as(Role::Support).await;
    world.read("/api/v1/admin/accounts", &support, &[]).await.refused(403, "forbidden");
}
