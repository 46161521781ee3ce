//! Rows of lessons after random commands, decided by the real aggregate.

use std::collections::HashMap;

use cqrs_es::Aggregate;
use domain::accounts::TimeZoneName;
use domain::scheduling::{
    BookedBy, Booker, HoldEnd, Initiator, LessonFormat, LessonType, MovedBooking, NewBooking, NewSlot,
    NoShow, Period, Slot, SlotChanges, SlotCommand, SlotTerms, WaitEnd,
};
use domain::{
    AccountId, Actor, BookingId, Currency, Decider, Event, HoldId, Money, Personal, ProposalId, Role, SlotId,
    StreamId, WaitlistEntryId,
};
use jiff::SignedDuration;
use projections::scheduling::build_lesson;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use crate::history::{History, MARK};
use crate::tables::Tables;

/// People who act at random on a few slots; a refused command has no effect.
pub struct Lives {
    pub history: History,
    random: StdRng,
    slots: HashMap<SlotId, Slot>,
    ids: Vec<SlotId>,
    teachers: Vec<AccountId>,
    students: Vec<AccountId>,
    happened: usize,
}

impl Lives {
    pub fn lived(seed: u64, steps: usize) -> Self {
        let mut history = History::new(seed);
        let mut registers = |role, n: usize| history.registers(role, "Имя", &format!("nick{n}"));
        let teachers = (0..2).map(|n| registers(Role::Teacher, n)).collect();
        let students = (2..7).map(|n| registers(Role::Student, n)).collect();
        let random = StdRng::seed_from_u64(seed);
        let (slots, ids) = (HashMap::new(), Vec::new());
        let mut lives = Self { history, random, slots, ids, teachers, students, happened: 0 };
        for step in 0..steps {
            lives.step();
            if step % 150 == 149 && lives.students.len() > 2 {
                let gone = lives.students.remove(0);
                lives.history.erases(gone);
            }
        }
        lives
    }

    fn id(&mut self) -> Uuid {
        Uuid::from_u128(self.random.random())
    }

    /// Carries out all commands or none.
    fn does(&mut self, commands: Vec<(SlotId, SlotCommand)>) {
        let now = self.history.now();
        let mut decided = Vec::new();
        for (id, command) in commands {
            match self.slots.entry(id).or_default().decide(&command, now) {
                Ok(events) => decided.push((id, events)),
                Err(_) => return,
            }
        }
        for (id, events) in decided {
            for event in events {
                self.happened += 1;
                self.slots.get_mut(&id).unwrap().apply(event.clone());
                self.history.record(StreamId::of::<Slot>(id), Actor::system("t"), Event::Slot(event));
            }
        }
    }

    fn period(&mut self) -> Period {
        let hours = SignedDuration::from_hours(self.random.random_range(1..40));
        Period::of_minutes(self.history.now() + hours, 60).unwrap()
    }

    fn opens(&mut self) {
        let teacher = *self.teachers.choose(&mut self.random).unwrap();
        let terms = SlotTerms {
            subject: "mathematics".into(),
            lesson_type: LessonType::Trial,
            format: LessonFormat::Online,
            price: Money { amount: self.random.random_range(0..9_999), currency: Currency::RUB },
            capacity: self.random.random_range(1..4),
            min_participants: None,
            goals: vec![],
            grades: vec![],
            place: Some(Personal::new(teacher, self.history.mark(teacher))),
        };
        let new = NewSlot {
            teacher,
            period: self.period(),
            zone: TimeZoneName::default(),
            tzdb: None,
            terms,
            series_id: None,
            class_id: None,
            request_id: None,
            members: vec![],
        };
        let id = SlotId(self.id());
        self.ids.push(id);
        self.does(vec![(id, SlotCommand::OpenSlot(Box::new(new)))]);
    }

    fn step(&mut self) {
        if self.ids.len() < 4 || self.random.random_bool(0.05) {
            return self.opens();
        }
        // Mostly the late slots, because the early ones are over.
        let late = self.ids.len().saturating_sub(6);
        let id = *self.ids[late..].choose(&mut self.random).unwrap();
        let Some(lesson) = self.slots[&id].lesson().cloned() else { return };
        let student = *self.students.choose(&mut self.random).unwrap();
        let (teacher, fresh) = (lesson.teacher, self.id());
        let reason = |person| Some(self.history.mark(person));
        let booking = lesson.bookings.choose(&mut self.random).map(|booking| booking.booking_id);
        let hold = lesson.holds.choose(&mut self.random).cloned();
        let by = Initiator::Person(student);
        let new = |booking_id, note| NewBooking {
            booking_id,
            booker: Booker::Student(student),
            note,
            hold_id: None,
        };
        let command = match self.random.random_range(0..26) {
            0..5 => SlotCommand::BookSeat(Box::new(new(BookingId(fresh), reason(student)))),
            5 | 6 => SlotCommand::HoldSeat { hold_id: HoldId(fresh), student },
            7 => match hold {
                Some(hold) if hold.offered_to.is_some() => {
                    SlotCommand::EndOffer { hold_id: hold.hold_id, cause: HoldEnd::Cancelled }
                }
                Some(hold) => SlotCommand::ReleaseHold { hold_id: hold.hold_id, by: hold.student },
                None => return,
            },
            8 | 9 => {
                let Some(own) = lesson.booking_of(student) else { return };
                SlotCommand::CancelBooking { booking_id: own.booking_id, by, reason: reason(student) }
            }
            10 => {
                let Some(booking_id) = booking else { return };
                let by = Initiator::Person(teacher);
                SlotCommand::CancelBooking { booking_id, by, reason: reason(teacher) }
            }
            11 => SlotCommand::CancelLesson { by: Initiator::Person(teacher), reason: reason(teacher) },
            12 => SlotCommand::WithdrawSlot { by: Initiator::Person(teacher), reason: None },
            13 => {
                let proposal_id = ProposalId(fresh);
                let starts_at = self.period().starts_at;
                SlotCommand::ProposeReschedule { proposal_id, by: teacher, starts_at }
            }
            14 | 15 => SlotCommand::AcceptReschedule { by: student },
            16 => SlotCommand::DeclineReschedule { by: student },
            17 => {
                let to = *self.ids.choose(&mut self.random).unwrap();
                let Some(own) = lesson.booking_of(student) else { return };
                let booking = Box::new(MovedBooking {
                    booking_id: own.booking_id,
                    student,
                    note: own.note.clone().and_then(Personal::into_known),
                    booked_by: BookedBy::Student,
                });
                let out = SlotCommand::MoveOut { booking_id: own.booking_id, by: student, to_slot: to };
                let into = SlotCommand::MoveIn { from_slot: id, teacher, booking, policy: own.policy };
                if to != id {
                    self.does(vec![(id, out), (to, into)]);
                }
                return;
            }
            18 => SlotCommand::StartLesson { by: teacher },
            19 => SlotCommand::CompleteLesson { by: teacher },
            20 => SlotCommand::ReportLesson { by: teacher, text: self.history.mark(teacher) },
            21 => SlotCommand::ReviewLesson { by: student, rating: 4, text: reason(student) },
            22 => match lesson.booking_of(student) {
                Some(own) => {
                    let who = NoShow::Booking { booking_id: own.booking_id, student };
                    SlotCommand::RecordNoShow { by: teacher, who }
                }
                None => return,
            },
            23 => {
                let position = u32::try_from(lesson.waitlist.len()).unwrap() + 1;
                SlotCommand::EnterWaitlist { entry_id: WaitlistEntryId(fresh), student, position }
            }
            24 => match lesson.waitlist.first() {
                Some(first) if self.random.random() => {
                    SlotCommand::LeaveWaitlist { entry_id: first.entry_id, cause: WaitEnd::Left }
                }
                Some(first) => {
                    let expires_at = self.history.now() + SignedDuration::from_mins(30);
                    SlotCommand::OfferSeat { entry_id: first.entry_id, hold_id: HoldId(fresh), expires_at }
                }
                None => return,
            },
            _ => {
                let period = self.random.random_bool(0.5).then(|| self.period());
                let capacity = Some(self.random.random_range(1..4));
                let changes = Box::new(SlotChanges { period, capacity, ..SlotChanges::default() });
                SlotCommand::ChangeSlot { by: teacher, changes }
            }
        };
        self.does(vec![(id, command)]);
    }
}

/// Live, in batches, and rebuilt after erasures: the rows are the same, and their counts are the aggregate's.
#[tokio::test]
async fn rows_are_what_the_slots_are_whatever_people_do() {
    for seed in 0..4 {
        let lives = Lives::lived(seed, 900);
        assert!(lives.happened > 150, "seed {seed}: too little happened");
        let events = &lives.history.events;
        let live = Tables::empty().await;
        let mut random = StdRng::seed_from_u64(seed);
        let mut rest = &events[..];
        while !rest.is_empty() {
            let (batch, behind) = rest.split_at(random.random_range(1..=rest.len().min(40)));
            live.apply(batch).await;
            rest = behind;
        }
        let rows = live.dump().await;
        assert_eq!(Tables::of(events).await.dump().await, rows, "in one batch, seed {seed}");
        let rebuilt = Tables::of(&lives.history.reopened()).await;
        assert_eq!(rebuilt.dump().await, rows, "rebuilt, seed {seed}");
        for gone in lives.history.erased() {
            let mark = format!("\"{MARK}{gone}\"");
            assert!(!rows.iter().any(|row| row.contains(&mark)), "person {gone}, seed {seed}");
        }
        for (id, slot) in &lives.slots {
            let lesson = slot.lesson().unwrap();
            let stream = StreamId::of::<Slot>(id);
            let own: Vec<_> = events.iter().filter(|event| event.stream == stream).cloned().collect();
            let row = build_lesson(*id, &own).unwrap();
            let offered = lesson.holds.iter().filter(|hold| hold.offered_to.is_some()).count();
            let counts = [row.slot.seats_taken, row.slot.seats_held, row.slot.waiting].map(usize::try_from);
            let expected =
                [usize::from(lesson.seats_taken()), lesson.holds.len(), lesson.waitlist.len() - offered];
            assert_eq!(counts.map(Result::unwrap), expected, "{id}, seed {seed}");
            assert_eq!(
                (row.slot.status, row.slot.period()),
                (lesson.status, lesson.period),
                "{id}, seed {seed}"
            );
        }
    }
}
