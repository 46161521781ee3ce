//! Slots, bookings and holds: counted from their events, moved with them, without data of erased people.

use domain::accounts::TimeZoneName;
use domain::scheduling::{
    BookedBy, CANCELLATION_POLICY, HoldEnd, LessonFormat, LessonType, NoShow, Party, Period, SlotChanges,
    SlotEvent, SlotTerms, WaitEnd,
};
use domain::{
    AccountId, Actor, BookingId, Currency, Event, HoldId, Money, Personal, ProposalId, Role, SlotId,
    StreamId, WaitlistEntryId,
};
use jiff::{SignedDuration, Timestamp};
use projections::scheduling::{LessonRow, build_lesson};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::history::{History, MARK};
use crate::tables::Tables;

const PRICE: Money = Money { amount: 150_000, currency: Currency::RUB };

/// Ids that are easy to tell apart.
fn slot(n: u128) -> SlotId {
    SlotId(Uuid::from_u128(0x510700 + n))
}

fn booking(n: u128) -> BookingId {
    BookingId(Uuid::from_u128(0xb00c00 + n))
}

fn hold(n: u128) -> HoldId {
    HoldId(Uuid::from_u128(0x401d00 + n))
}

fn at(hour: i64) -> Period {
    let midnight: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    Period::of_minutes(midnight + SignedDuration::from_hours(hour), 60).unwrap()
}

/// Every possible event of slots, for two teachers.
struct Story {
    history: History,
    teacher: AccountId,
    anna: AccountId,
    boris: AccountId,
}

impl Story {
    fn begins() -> Self {
        let mut history = History::new(60);
        let teacher = history.registers(Role::Teacher, "Вера", "vera");
        let anna = history.registers(Role::Student, "Анна", "anna");
        let boris = history.registers(Role::Student, "Борис", "boris");
        Self { history, teacher, anna, boris }
    }

    fn says(&mut self, slot: SlotId, event: SlotEvent) {
        self.history.record(
            StreamId::of::<domain::scheduling::Slot>(slot),
            Actor::system("t"),
            Event::Slot(event),
        );
    }

    fn text(&self, of: AccountId) -> Option<Personal<String>> {
        Some(Personal::new(of, self.history.mark(of)))
    }

    fn opens(&mut self, slot: SlotId, hour: i64, capacity: u16) {
        let terms = SlotTerms {
            subject: "mathematics".into(),
            lesson_type: LessonType::Regular,
            format: LessonFormat::Offline,
            price: PRICE,
            capacity,
            min_participants: None,
            goals: vec!["ege".into()],
            grades: vec!["9".into()],
            place: self.text(self.teacher),
        };
        let event = SlotEvent::SlotOpened {
            teacher: self.teacher,
            starts_at: at(hour).starts_at,
            ends_at: at(hour).ends_at,
            zone: TimeZoneName::default(),
            tzdb: None,
            terms,
            series_id: None,
            class_id: None,
            request_id: None,
        };
        self.says(slot, event);
    }

    fn books(
        &mut self,
        slot: SlotId,
        hour: i64,
        booking_id: BookingId,
        student: AccountId,
        hold_id: Option<HoldId>,
    ) {
        let event = SlotEvent::SeatBooked {
            booking_id,
            student,
            note: self.text(student),
            price: PRICE,
            booked_by: BookedBy::Student,
            hold_id,
            starts_at: at(hour).starts_at,
            ends_at: at(hour).ends_at,
            policy: CANCELLATION_POLICY,
        };
        self.says(slot, event);
    }

    fn cancels(
        &mut self,
        slot: SlotId,
        booking_id: BookingId,
        student: AccountId,
        by: Party,
        writer: AccountId,
    ) {
        let fee = Money { amount: 75_000, ..PRICE };
        let event = SlotEvent::BookingCancelled {
            booking_id,
            student,
            by,
            reason: self.text(writer),
            late: true,
            fee,
        };
        self.says(slot, event);
    }

    fn holds(&mut self, slot: SlotId, hold_id: HoldId, student: AccountId) {
        let expires_at = at(0).starts_at;
        self.says(slot, SlotEvent::SeatHeld { hold_id, student, expires_at, offered_to: None });
    }

    fn proposes(&mut self, slot: SlotId, hour: i64) {
        let event = SlotEvent::RescheduleProposed {
            proposal_id: ProposalId(Uuid::from_u128(1)),
            by: Party::Teacher,
            proposer: self.teacher,
            starts_at: at(hour).starts_at,
            ends_at: at(hour).ends_at,
            expires_at: at(0).starts_at,
        };
        self.says(slot, event);
    }

    /// Builds a story with every event at least once, in several slots.
    fn of_everything() -> Self {
        let mut story = Self::begins();
        let (teacher, anna, boris) = (story.teacher, story.anna, story.boris);
        let entry_id = WaitlistEntryId(Uuid::from_u128(5));
        let proposal_id = ProposalId(Uuid::from_u128(1));
        for n in 0..5 {
            story.opens(slot(n), 10 + n as i64, 2);
        }
        story.holds(slot(0), hold(0), anna);
        story.books(slot(0), 10, booking(0), anna, Some(hold(0)));
        story.holds(slot(0), hold(1), boris);
        story.says(slot(0), SlotEvent::WaitlistEntered { entry_id, student: boris });
        story.says(slot(0), SlotEvent::HoldReleased { hold_id: hold(1), cause: HoldEnd::Expired });
        story.says(slot(0), SlotEvent::WaitlistRemoved { entry_id, cause: WaitEnd::Left });
        story.books(slot(0), 10, booking(1), boris, None);
        story.cancels(slot(0), booking(1), boris, Party::Student, boris);
        story.proposes(slot(0), 40);
        story.says(slot(0), SlotEvent::RescheduleAccepted { proposal_id, by: anna });
        let people = vec![teacher, anna];
        story.says(slot(0), SlotEvent::LessonMoved { from: at(10), to: at(40), people });
        story.says(slot(0), SlotEvent::LessonStarted { by: teacher });
        story.says(slot(0), SlotEvent::LessonCompleted { by: teacher });
        let text = Personal::new(teacher, story.history.mark(teacher));
        story.says(slot(0), SlotEvent::LessonReported { text });
        let text = story.text(anna);
        story.says(
            slot(0),
            SlotEvent::LessonReviewed { booking_id: booking(0), student: anna, teacher, rating: 5, text },
        );
        story.books(slot(1), 11, booking(2), anna, None);
        let (booking_id, student, from_slot) = (booking(2), anna, slot(1));
        story.says(slot(1), SlotEvent::BookingMovedOut { booking_id, student, to_slot: slot(2) });
        let moved = SlotEvent::BookingMovedIn {
            booking_id,
            student,
            from_slot,
            note: story.text(anna),
            price: PRICE,
            booked_by: BookedBy::Student,
            starts_at: at(12).starts_at,
            ends_at: at(12).ends_at,
            policy: CANCELLATION_POLICY,
        };
        story.says(slot(2), moved);
        let who = NoShow::Booking { booking_id, student };
        story.says(slot(2), SlotEvent::NoShowRecorded { who });
        let place = story.text(teacher);
        let changes =
            SlotChanges { period: Some(at(50)), capacity: Some(3), place, ..SlotChanges::default() };
        story.says(slot(1), SlotEvent::SlotChanged { teacher, changes: Box::new(changes) });
        story.says(slot(1), SlotEvent::SlotWithdrawn { reason: None });
        story.books(slot(3), 13, booking(3), boris, None);
        story.proposes(slot(3), 60);
        story.says(slot(3), SlotEvent::RescheduleDeclined { proposal_id, by: boris });
        story.cancels(slot(3), booking(3), boris, Party::Teacher, teacher);
        story.says(slot(3), SlotEvent::LessonCancelled { by: Party::Teacher, reason: None });
        story.books(slot(4), 14, booking(4), anna, None);
        story.says(slot(4), SlotEvent::NoShowRecorded { who: NoShow::Teacher { teacher } });
        story.holds(slot(4), hold(2), boris);
        story
    }

    async fn rows(&self) -> Rows {
        Rows { pool: Tables::of(&self.history.events).await.pool }
    }
}

struct Rows {
    pool: sqlx::PgPool,
}

impl Rows {
    async fn one(&self, table: &str, key: &str, id: Uuid) -> Value {
        let sql = format!("select to_jsonb(t) from app.{table} t where {key} = $1");
        let row: Option<Value> = sqlx::query_scalar(&sql).bind(id).fetch_optional(&self.pool).await.unwrap();
        row.unwrap_or(Value::Null)
    }

    async fn slot(&self, n: u128) -> Value {
        self.one("slots", "slot_id", slot(n).uuid()).await
    }

    async fn booking(&self, n: u128) -> Value {
        self.one("bookings", "booking_id", booking(n).uuid()).await
    }
}

/// The named fields of a row.
fn some(row: &Value, fields: &[&str]) -> Value {
    fields.iter().map(|field| row[field].clone()).collect()
}

#[tokio::test]
async fn seats_are_counted_from_what_happened() {
    let mut story = Story::begins();
    let (anna, boris) = (story.anna, story.boris);
    let counts = ["seats_taken", "seats_held", "waiting", "free"];
    story.opens(slot(0), 10, 2);
    assert_eq!(some(&story.rows().await.slot(0).await, &counts), json!([0, 0, 0, true]));
    story.holds(slot(0), hold(0), anna);
    story.books(slot(0), 10, booking(0), anna, None);
    assert_eq!(some(&story.rows().await.slot(0).await, &counts), json!([1, 1, 0, false]));
    story.says(slot(0), SlotEvent::HoldReleased { hold_id: hold(0), cause: HoldEnd::Cancelled });
    let entry_id = WaitlistEntryId(Uuid::from_u128(5));
    story.says(slot(0), SlotEvent::WaitlistEntered { entry_id, student: boris });
    assert_eq!(some(&story.rows().await.slot(0).await, &counts), json!([1, 0, 1, false]));
    let offered_to = Some(entry_id);
    let expires_at = at(0).starts_at;
    story.says(slot(0), SlotEvent::SeatHeld { hold_id: hold(1), student: boris, expires_at, offered_to });
    assert_eq!(some(&story.rows().await.slot(0).await, &counts), json!([1, 1, 0, false]));
    story.says(slot(0), SlotEvent::HoldReleased { hold_id: hold(1), cause: HoldEnd::Expired });
    story.says(slot(0), SlotEvent::WaitlistRemoved { entry_id, cause: WaitEnd::Expired });
    story.cancels(slot(0), booking(0), anna, Party::Student, anna);
    let rows = story.rows().await;
    assert_eq!(some(&rows.slot(0).await, &counts), json!([0, 0, 0, true]));
    let cancelled = some(&rows.booking(0).await, &["status", "cancelled_by", "late", "fee"]);
    assert_eq!(cancelled, json!(["cancelled", "student", true, 75_000]));
}

#[tokio::test]
async fn a_hold_is_a_row_until_it_ends_or_becomes_a_booking() {
    let story = Story::of_everything();
    let rows = story.rows().await;
    for (n, there) in [(0, false), (1, false), (2, true)] {
        let row = rows.one("seat_holds", "hold_id", hold(n).uuid()).await;
        assert_eq!(row.is_object(), there, "hold {n}");
    }
}

#[tokio::test]
async fn a_booking_that_moves_keeps_its_id_and_its_day_of_booking() {
    let story = Story::of_everything();
    let rows = story.rows().await;
    let moved = rows.booking(2).await;
    assert_eq!((&moved["slot_id"], &moved["status"]), (&json!(slot(2)), &json!("no_show")));
    let booked = story.history.events.iter().find(|recorded| {
        matches!(&recorded.event, Event::Slot(SlotEvent::SeatBooked { booking_id, .. }) if *booking_id == booking(2))
    });
    let booked_at: Timestamp = moved["booked_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(booked_at.as_microsecond(), booked.unwrap().recorded_at.as_microsecond());
    assert_eq!(
        (&rows.slot(1).await["seats_taken"], &rows.slot(2).await["seats_taken"]),
        (&json!(0), &json!(1))
    );
}

#[tokio::test]
async fn bookings_move_in_time_with_their_lesson() {
    let rows = Story::of_everything().rows().await;
    let (lesson, booking) = (rows.slot(0).await, rows.booking(0).await);
    for row in [&lesson, &booking] {
        let starts_at: Timestamp = row["starts_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(starts_at, at(40).starts_at);
    }
    assert_eq!(lesson["proposal_id"], Value::Null);
    assert_eq!(rows.slot(3).await["status"], "cancelled");
    assert_eq!(rows.slot(3).await["proposal_id"], Value::Null);
}

/// This holds as well if the two halves of a move come in different batches, in either order.
#[tokio::test]
async fn lessons_do_not_depend_on_how_their_events_are_batched() {
    let story = Story::of_everything();
    let whole = Tables::of(&story.history.events).await.dump().await;
    for size in [1, 2, 3, 7] {
        let tables = Tables::empty().await;
        for batch in story.history.events.chunks(size) {
            tables.apply(batch).await;
        }
        assert_eq!(tables.dump().await, whole, "batches of {size}");
    }
}

#[tokio::test]
async fn what_the_erased_wrote_in_their_lessons_is_gone_and_stays_gone() {
    for erased in 0..3 {
        let mut story = Story::of_everything();
        let person = story.history.people[erased];
        let before = story.rows().await;
        assert!(texts(&before).await.contains(&format!("{MARK}{erased}")));
        story.history.erases(person);
        let live = Tables::of(&story.history.events).await;
        let rebuilt = Tables::of(&story.history.reopened()).await;
        assert_eq!(rebuilt.dump().await, live.dump().await);
        let left = texts(&Rows { pool: live.pool }).await;
        for n in 0..3 {
            assert_eq!(left.contains(&format!("{MARK}{n}")), n != erased, "person {n} of {left}");
        }
    }
}

async fn texts(rows: &Rows) -> String {
    let mut all = String::new();
    for table in ["slots", "bookings"] {
        let sql = format!("select coalesce(string_agg(to_jsonb(t)::text, ' '), '') from app.{table} t");
        all += &sqlx::query_scalar::<_, String>(&sql).fetch_one(&rows.pool).await.unwrap();
    }
    all
}

/// The API builds the answers of mutations from the stream; they must equal the rows of the lists.
#[tokio::test]
async fn a_lesson_folded_from_its_stream_is_the_row() {
    let story = Story::of_everything();
    let rows = story.rows().await;
    for n in 0..5 {
        let stream = StreamId::of::<domain::scheduling::Slot>(slot(n));
        let events: Vec<_> =
            story.history.events.iter().filter(|event| event.stream == stream).cloned().collect();
        let LessonRow { slot: folded, bookings } = build_lesson(slot(n), &events).unwrap();
        let mut row = rows.slot(n).await;
        for column in ["free", "local_minute"] {
            row.as_object_mut().unwrap().remove(column);
        }
        assert_eq!(micros(json!(folded)), micros(row), "slot {n}");
        for booking in bookings {
            let mut row = rows.one("bookings", "booking_id", booking.booking_id.uuid()).await;
            let mut folded = json!(booking);
            if booking.slot_id == slot(2) {
                // Another stream holds the instant of the booking.
                row["booked_at"].take();
                folded["booked_at"].take();
            }
            assert_eq!(micros(folded), micros(row), "slot {n}");
        }
    }
}

/// Instants with the precision of Postgres.
fn micros(mut row: Value) -> Value {
    for (name, value) in row.as_object_mut().unwrap() {
        if name.ends_with("_at")
            && let Some(instant) = value.as_str().and_then(|text| text.parse::<Timestamp>().ok())
        {
            *value = json!(instant.as_microsecond());
        }
    }
    row
}
