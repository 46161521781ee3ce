//! Many students want one seat.

use domain::scheduling::Slot;
use domain::{AccountId, BookingId, Command, SlotId};
use futures::future::join_all;
use uuid::Uuid;

use crate::school::{School, ask, booking};

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_one_seat_exactly_one_gets_it() {
    let school = School::new().await;
    let processes = [school.start_bus().await, school.start_bus().await, school.start_bus().await];
    for round in 0..10 {
        let slot = SlotId(Uuid::now_v7());
        let teacher = AccountId(Uuid::now_v7());
        let opening = school.opening(teacher, round * 60, 1);
        ask(&processes[0], vec![Command::Slot(slot, opening)]).await.unwrap();
        let wants = (0..24).map(|n: usize| {
            let bus = &processes[n % 3];
            let seat = booking(slot, BookingId(Uuid::now_v7()), AccountId(Uuid::now_v7()));
            async move { ask(bus, vec![seat]).await.err().unwrap_or("ok") }
        });
        let answers = join_all(wants).await;
        assert_eq!(answers.iter().filter(|answer| **answer == "ok").count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| **answer == "slot_taken").count(), 23, "{answers:?}");
        let loaded = processes[1].load::<Slot>(slot).await.unwrap();
        assert_eq!(loaded.state.lesson().unwrap().seats_taken(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_student_who_books_two_lessons_of_one_hour_gets_one() {
    let school = School::new().await;
    let processes = [school.start_bus().await, school.start_bus().await];
    for round in 0..10 {
        let student = AccountId(Uuid::now_v7());
        let mut slots = Vec::new();
        for n in 0..4 {
            let slot = SlotId(Uuid::now_v7());
            let opening = school.opening(AccountId(Uuid::now_v7()), round * 200 + n * 15, 1);
            ask(&processes[0], vec![Command::Slot(slot, opening)]).await.unwrap();
            slots.push(slot);
        }
        let wants = slots.iter().enumerate().map(|(n, slot)| {
            let seat = booking(*slot, BookingId(Uuid::now_v7()), student);
            let bus = &processes[n % 2];
            async move { ask(bus, vec![seat]).await.err().unwrap_or("ok") }
        });
        let answers = join_all(wants).await;
        assert_eq!(answers.iter().filter(|answer| **answer == "ok").count(), 1, "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| **answer == "time_conflict").count(), 3, "{answers:?}");
    }
}
