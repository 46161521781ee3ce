//! The catalogue on real free slots: every filter, exact price and times at any instant, stable pages.

use domain::accounts::ProfileChanges;
use domain::scheduling::{LessonFormat, LessonType, Party, SlotEvent};
use domain::{AccountId, Currency, Money};
use jiff::{SignedDuration, Timestamp};
use projections::accounts::{CatalogueCard, TeacherFilter, TeacherSort, count_teachers, teachers};
use projections::scheduling::TimeOfDay;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::PgPool;

use crate::school::{Offer, School};
use crate::tables::Tables;

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    instant("2026-05-01T00:00:00Z")
}

fn rub(amount: i64) -> Option<Money> {
    Some(Money { amount, currency: Currency::RUB })
}

async fn cards(
    pool: &PgPool,
    filter: &TeacherFilter,
    sort: TeacherSort,
    now: Timestamp,
) -> Vec<CatalogueCard> {
    let page = teachers(pool, filter, sort, now, None, 100).await.unwrap();
    assert_eq!(count_teachers(pool, filter, now).await.unwrap(), page.rows.len() as u64, "{filter:?}");
    page.rows
}

async fn found(pool: &PgPool, filter: TeacherFilter) -> Vec<String> {
    let mut names: Vec<String> = cards(pool, &filter, TeacherSort::Newest, now())
        .await
        .into_iter()
        .filter_map(|(row, _)| row.nickname)
        .collect();
    names.sort();
    names
}

/// Vera has two free slots, Pavel a booked one, and Olga only an hourly rate.
async fn three_teachers() -> PgPool {
    let mut school = School::new(90);
    let (vera, pavel, olga) = (school.teacher("vera"), school.teacher("pavel"), school.teacher("olga"));
    let anna = school.student("anna");
    school.offers(
        vera,
        &Offer {
            subject: "physics",
            format: LessonFormat::Offline,
            lesson_type: LessonType::Trial,
            minutes: 90,
            amount: 90_000,
            grades: &["9"],
            goals: &["ege"],
            // A Monday evening in Moscow.
            ..Offer::at("2026-06-01T16:30:00Z")
        },
    );
    school.offers(vera, &Offer { amount: 200_000, ..Offer::at("2026-06-10T07:00:00Z") });
    let taken = school.offers(pavel, &Offer::at("2026-06-01T16:30:00Z"));
    school.books(taken, anna);
    let hourly_rate = rub(100_000);
    school.history.changes_profile(olga, ProfileChanges { hourly_rate, ..ProfileChanges::default() });
    Tables::of(&school.history.events).await.pool
}

#[tokio::test]
async fn every_filter_finds_a_free_slot_that_has_everything() {
    let pool = three_teachers().await;
    let free = || TeacherFilter { has_free_slots: Some(true), ..TeacherFilter::default() };
    let day = |from: i32, to: i32, zone: Option<&str>| {
        let time_of_day = TimeOfDay::between(from * 60, to * 60, zone.map(str::to_owned));
        TeacherFilter { time_of_day: Some(time_of_day.unwrap()), ..TeacherFilter::default() }
    };
    let hits = [
        free(),
        TeacherFilter { subject: Some("physics".into()), ..free() },
        TeacherFilter { format: Some("offline".into()), ..free() },
        TeacherFilter { lesson_type: Some("trial".into()), ..free() },
        TeacherFilter { duration: Some(90), ..free() },
        TeacherFilter { grade: Some("9".into()), ..free() },
        TeacherFilter { goal: Some("ege".into()), ..free() },
        TeacherFilter { max_price: rub(90_000), ..free() },
        TeacherFilter { available_from: Some(instant("2026-06-10T07:00:00Z")), ..Default::default() },
        TeacherFilter { available_to: Some(instant("2026-06-01T16:31:00Z")), ..Default::default() },
        TeacherFilter {
            available_from: Some(instant("2026-06-01T00:00:00Z")),
            available_to: Some(instant("2026-06-02T00:00:00Z")),
            subject: Some("physics".into()),
            max_price: rub(100_000),
            ..day(19, 20, None)
        },
        // 19:30 and 10:00 on the teacher's clock, 12:30 and 3:00 in New York.
        day(19, 20, None),
        day(10, 11, None),
        day(12, 13, Some("America/New_York")),
        day(23, 4, Some("America/New_York")),
        day(16, 17, Some("UTC")),
    ];
    for filter in hits {
        assert_eq!(found(&pool, filter.clone()).await, ["vera"], "{filter:?}");
    }
    let misses = [
        TeacherFilter { subject: Some("chess".into()), ..free() },
        // The matching price belongs to another slot, and the trial does not last an hour.
        TeacherFilter { subject: Some("mathematics".into()), max_price: rub(199_999), ..free() },
        TeacherFilter { lesson_type: Some("trial".into()), duration: Some(60), ..free() },
        TeacherFilter { format: Some("mini_group".into()), ..free() },
        TeacherFilter { grade: Some("10".into()), ..free() },
        TeacherFilter { goal: Some("oge".into()), ..free() },
        TeacherFilter { max_price: rub(89_999), ..free() },
        TeacherFilter { available_from: Some(instant("2026-06-10T07:00:01Z")), ..Default::default() },
        TeacherFilter { available_to: Some(instant("2026-06-01T16:30:00Z")), ..Default::default() },
        TeacherFilter { available_from: Some(instant("2026-06-02T00:00:00Z")), ..day(19, 20, None) },
        day(16, 17, None),
        day(18, 19, None),
        day(20, 24, None),
        day(19, 20, Some("UTC")),
        day(13, 24, Some("America/New_York")),
    ];
    for filter in misses {
        assert!(found(&pool, filter.clone()).await.is_empty(), "{filter:?}");
    }
    let without = TeacherFilter { has_free_slots: Some(false), ..TeacherFilter::default() };
    assert_eq!(found(&pool, without).await, ["olga", "pavel"]);
    let affordable = TeacherFilter { max_price: rub(100_000), ..TeacherFilter::default() };
    assert_eq!(found(&pool, affordable).await, ["olga", "vera"], "a slot's price, or that of an hour");
    let cheap = TeacherFilter { max_price: rub(89_999), ..TeacherFilter::default() };
    assert!(found(&pool, cheap).await.is_empty());
}

#[tokio::test]
async fn a_card_shows_the_cheapest_and_the_next_three_free_slots_as_time_goes_by() {
    let mut school = School::new(91);
    let vera = school.teacher("vera");
    let anna = school.student("anna");
    let cheap = school.offers(vera, &Offer { amount: 100_000, ..Offer::at("2026-06-01T10:00:00Z") });
    let taken = school.offers(vera, &Offer { amount: 50_000, ..Offer::at("2026-06-02T10:00:00Z") });
    let rest = ["2026-06-03T10:00:00Z", "2026-06-04T10:00:00Z", "2026-06-05T10:00:00Z"]
        .map(|at| school.offers(vera, &Offer { amount: 300_000, ..Offer::at(at) }));
    let booking = school.books(taken, anna);
    let tables = Tables::of(&school.history.events).await;
    let shown = async |pool: &PgPool, now: Timestamp| {
        let card = cards(pool, &TeacherFilter::default(), TeacherSort::CheapestSlot, now).await.remove(0).1;
        (card.min_price.map(|price| price.amount), card.next.iter().map(|slot| slot.id).collect::<Vec<_>>())
    };
    assert_eq!(shown(&tables.pool, now()).await, (Some(100_000), vec![cheap, rest[0], rest[1]]));
    // No event marks the end of a slot's time.
    let later = instant("2026-06-01T10:00:00Z");
    assert_eq!(shown(&tables.pool, later).await, (Some(300_000), rest.to_vec()));
    let affordable = TeacherFilter { max_price: rub(100_000), ..TeacherFilter::default() };
    assert_eq!(cards(&tables.pool, &affordable, TeacherSort::Newest, now()).await.len(), 1);
    assert!(cards(&tables.pool, &affordable, TeacherSort::Newest, later).await.is_empty());
    assert_eq!(shown(&tables.pool, instant("2026-06-06T00:00:00Z")).await, (None, vec![]));

    let seen = school.history.events.len();
    school.cancels(taken, booking, anna, Party::Student, None);
    school.says(cheap, SlotEvent::SlotWithdrawn { reason: None });
    tables.apply(&school.history.events[seen..]).await;
    assert_eq!(shown(&tables.pool, now()).await, (Some(50_000), vec![taken, rest[0], rest[1]]));
}

/// Figures from the slots themselves, without the summary.
async fn plainly(pool: &PgPool, now: Timestamp) -> Vec<(AccountId, Option<i64>, Option<Timestamp>)> {
    let rows: Vec<(uuid::Uuid, Option<i64>, Option<i64>)> = sqlx::query_as(
        "select account_id, min(price) filter (where slots.currency = 'RUB'),
                (extract(epoch from min(starts_at)) * 1000000)::bigint
         from app.teachers
         left join app.slots on teacher = account_id and free and starts_at > to_timestamp($1)
         group by account_id
         order by account_id",
    )
    .bind(now.as_second() as f64)
    .fetch_all(pool)
    .await
    .unwrap();
    let at = |micros| Timestamp::from_microsecond(micros).unwrap();
    rows.into_iter().map(|(id, price, next)| (AccountId(id), price, next.map(at))).collect()
}

#[tokio::test]
async fn the_summary_never_differs_from_the_slots_at_any_time() {
    const HOURS: [&str; 6] = [
        "2026-01-01T12:00:00Z",
        "2026-01-02T12:00:00Z",
        "2026-01-03T12:00:00Z",
        "2026-01-04T12:00:00Z",
        "2026-01-05T12:00:00Z",
        "2026-01-06T12:00:00Z",
    ];
    for seed in 92..96 {
        let mut random = StdRng::seed_from_u64(seed);
        let mut school = School::new(seed);
        let people: Vec<_> = (0..6).map(|n| school.teacher(&format!("t{n}"))).collect();
        let anna = school.student("anna");
        let mut booked = Vec::new();
        let tables = Tables::empty().await;
        let mut seen = 0;
        for step in 0..80 {
            let teacher = people[random.random_range(0..people.len())];
            match random.random_range(0..4) {
                0 | 1 => {
                    let amount = random.random_range(1..6) * 50_000;
                    let eur = Currency::parse("EUR").unwrap();
                    let currency = if random.random_bool(0.2) { eur } else { Currency::RUB };
                    let at = HOURS[random.random_range(0..HOURS.len())];
                    let slot = school.offers(teacher, &Offer { amount, currency, ..Offer::at(at) });
                    if random.random() {
                        booked.push((slot, school.books(slot, anna)));
                    }
                }
                2 if !booked.is_empty() => {
                    let (slot, booking) = booked.swap_remove(random.random_range(0..booked.len()));
                    school.cancels(slot, booking, anna, Party::Student, None);
                }
                _ => {}
            }
            if step % 7 == 0 {
                tables.apply(&school.history.events[seen..]).await;
                seen = school.history.events.len();
            }
        }
        tables.apply(&school.history.events[seen..]).await;
        let last = school.history.events.last().unwrap().recorded_at;
        for hours in [0, 20, 70, 100, 200] {
            let now = last + SignedDuration::from_hours(hours);
            let now = Timestamp::from_second(now.as_second() + 1).unwrap();
            let truth = plainly(&tables.pool, now).await;
            let mut by_price: Vec<_> = truth.clone();
            by_price.sort_by_key(|(id, price, _)| (price.unwrap_or(i64::MAX), *id));
            let mut by_time = truth.clone();
            by_time.sort_by_key(|(id, _, next)| (next.unwrap_or(Timestamp::MAX), *id));
            let order = async |sort| -> Vec<AccountId> {
                let all = cards(&tables.pool, &TeacherFilter::default(), sort, now).await;
                all.into_iter().map(|(row, _)| row.account_id).filter(|id| *id != anna).collect()
            };
            let ids = |rows: &[(AccountId, Option<i64>, Option<Timestamp>)]| -> Vec<AccountId> {
                rows.iter().map(|row| row.0).filter(|id| people.contains(id)).collect()
            };
            let when = format!("seed {seed}, {hours} hours later");
            assert_eq!(order(TeacherSort::CheapestSlot).await, ids(&by_price), "{when}");
            assert_eq!(order(TeacherSort::SoonestSlot).await, ids(&by_time), "{when}");
            let free = TeacherFilter { has_free_slots: Some(true), ..TeacherFilter::default() };
            let with = cards(&tables.pool, &free, TeacherSort::Newest, now).await.len();
            assert_eq!(with, truth.iter().filter(|row| row.2.is_some()).count(), "{when}");
            let cheap = TeacherFilter { max_price: rub(100_000), ..TeacherFilter::default() };
            let with = cards(&tables.pool, &cheap, TeacherSort::Newest, now).await.len();
            let expected = truth.iter().filter(|row| row.1.is_some_and(|price| price <= 100_000)).count();
            assert_eq!(with, expected, "{when}");
        }
    }
}

/// Pages in any order hold every teacher once, even if many have equal keys.
#[tokio::test]
async fn pages_by_price_and_time_hold_everybody_once() {
    let mut school = School::new(97);
    for n in 0..11 {
        let teacher = school.teacher(&format!("t{n}"));
        if n % 3 != 0 {
            let at = if n % 2 == 0 { "2026-06-01T10:00:00Z" } else { "2026-06-02T10:00:00Z" };
            school.offers(teacher, &Offer { amount: 100_000 + n % 2, ..Offer::at(at) });
        }
    }
    let pool = Tables::of(&school.history.events).await.pool;
    for sort in TeacherSort::ALL.iter().copied() {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = teachers(&pool, &TeacherFilter::default(), sort, now(), after, 2).await.unwrap();
            seen.extend(page.rows.into_iter().map(|(row, _)| row.account_id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let whole: Vec<_> = cards(&pool, &TeacherFilter::default(), sort, now()).await;
        assert_eq!(seen, whole.iter().map(|(row, _)| row.account_id).collect::<Vec<_>>(), "{sort:?}");
        assert_eq!(seen.len(), 11);
    }
}
