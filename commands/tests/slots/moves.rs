//! A move is whole or did not happen, also if its process dies in the middle.

use std::sync::Arc;
use std::time::Duration;

use commands::{Bus, LogSettings, compare_claims};
use domain::scheduling::Slot;
use domain::{AccountId, BookingId, Command, SlotId, SystemClock};
use fixtures::master_key;
use uuid::Uuid;

use crate::model::Model;
use crate::school::{School, ask, booking, moving};

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_in_one_slot_whenever_its_process_dies() {
    let school = School::new().await;
    let (bus, teacher) = (school.start_bus().await, AccountId(Uuid::now_v7()));
    let slots = [SlotId(Uuid::now_v7()), SlotId(Uuid::now_v7())];
    for (n, slot) in slots.iter().enumerate() {
        let opening = school.opening(teacher, i64::try_from(n).unwrap() * 120, 8);
        ask(&bus, vec![Command::Slot(*slot, opening)]).await.unwrap();
    }
    let people: Vec<_> = (0..8).map(|_| (BookingId(Uuid::now_v7()), AccountId(Uuid::now_v7()))).collect();
    for (booking_id, student) in &people {
        ask(&bus, vec![booking(slots[0], *booking_id, *student)]).await.unwrap();
    }

    for round in 0..6_u64 {
        // A separate async runtime, which is cut off while all students move to and fro.
        let victim =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (options, people) = (school.options.clone(), people.clone());
        victim.spawn(async move {
            let settings = LogSettings { max_connections: 4, ..LogSettings::default() };
            let bus: Arc<Bus> =
                Bus::start(options, &master_key(), Arc::new(SystemClock), settings).await.unwrap();
            let moves = people.into_iter().map(|person| {
                let bus = bus.clone();
                async move {
                    for n in 0_usize.. {
                        let (from, to) = (slots[n % 2], slots[(n + 1) % 2]);
                        // The move is refused if the booking has already moved.
                        let _ = ask(&bus, moving(person, teacher, from, to)).await;
                    }
                }
            });
            futures::future::join_all(moves).await;
        });
        let before = moved(&school).await;
        while moved(&school).await < before + 20 + i64::try_from(round).unwrap() {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        victim.shutdown_background();
    }

    // Commands in flight may still be committed: the test counts once nothing moves.
    let mut last = -1;
    while last != moved(&school).await {
        last = moved(&school).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let late = school.start_bus().await;
    let model = Model::of(&late).await;
    assert_eq!(model.events["BookingMovedOut"], model.events["BookingMovedIn"]);
    assert_eq!(model.bookings.len(), people.len());
    let mut seated = 0;
    for slot in slots {
        seated += late.load::<Slot>(slot).await.unwrap().state.lesson().unwrap().seats_taken();
    }
    assert_eq!(usize::from(seated), people.len());
    let differences = compare_claims(late.log(), &school.pool, &master_key()).await.unwrap();
    assert!(differences.is_empty(), "{differences:?}");
}

async fn moved(school: &School) -> i64 {
    sqlx::query_scalar("select count(*) from log.events where event_type = 'BookingMovedIn'")
        .fetch_one(&school.pool)
        .await
        .unwrap()
}
