//! Lessons of the demo school: offered, booked, held and reviewed, by commands only.
//!
//! A slot can be opened only for a future time. In a log that has events, past lessons are therefore opened and booked
//! with a clock of five weeks ago (`past`), and held, missed or reviewed with the present clock; `recorded_at` of their
//! events is the present. In an empty log `past.rs` has recorded them before, as of their instants.

use domain::accounts::TimeZoneName;
use domain::scheduling::{
    Booker, Initiator, LessonFormat, LessonType, NewBooking, NewSlot, Period, SlotCommand, SlotTerms,
};
use domain::{AccountId, BookingId, Command, CommandContext, Currency, Dispatch, Money, Role, SlotId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;
use uuid::Uuid;

use super::conversations::{LessonPair, send_conversation};
use super::rng::SeededRng;
use super::{DemoError, dispatch_if_allowed, person_context};

/// Offset of the past clock from the present.
pub const PAST: SignedDuration = SignedDuration::from_hours(24 * 35);
/// Number of past lessons of a teacher.
pub(super) const PAST_LESSONS: u8 = 6;
/// Local hours at which lessons begin.
const HOURS: [i8; 6] = [10, 12, 14, 16, 18, 20];

/// A teacher of the demo school, with subjects and rate.
pub(super) struct Teacher {
    pub id: AccountId,
    pub time_zone: &'static str,
    pub subjects: Vec<String>,
    /// Price of one hour, in kopecks.
    pub rate: i64,
    pub rng: SeededRng,
}

/// Numbers of lessons by what happened to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lessons {
    pub offered: u32,
    pub booked: u32,
    pub completed: u32,
    pub cancelled: u32,
    pub reviewed: u32,
}

impl Lessons {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            offered: self.offered + other.offered,
            booked: self.booked + other.booked,
            completed: self.completed + other.completed,
            cancelled: self.cancelled + other.cancelled,
            reviewed: self.reviewed + other.reviewed,
        }
    }
}

/// Seeds lessons: through the log with the present clock, and with the past one.
#[derive(Clone, Copy)]
pub struct LessonDemo<'a> {
    pub bus: &'a dyn Dispatch,
    pub past: &'a dyn Dispatch,
    pub now: Timestamp,
}

impl LessonDemo<'_> {
    /// Seeds some weeks of a teacher: six past lessons and eight upcoming ones.
    ///
    /// A command that a rule refuses is skipped, for example if the student has another lesson at the time.
    ///
    /// # Errors
    /// [`DemoError`] if the log is unavailable.
    pub(super) async fn seed_weeks(
        &self,
        teacher: &Teacher,
        students: &[AccountId],
    ) -> Result<Lessons, DemoError> {
        let mut rng = teacher.rng.clone();
        let mut sum = Lessons::default();
        for n in 0..PAST_LESSONS {
            let plan = LessonPlan::past(teacher, n, self.now, students, &mut rng);
            sum = sum.plus(self.seed_past(teacher, &plan, &mut rng).await?);
        }
        for n in PAST_LESSONS..PAST_LESSONS + 8 {
            let day = 1 + 2 * i32::from(n - PAST_LESSONS);
            let plan = LessonPlan::new(teacher, n, (self.now, day), students, &mut rng);
            sum = sum.plus(self.seed_upcoming(teacher, &plan, &mut rng).await?);
        }
        Ok(sum)
    }

    async fn seed_upcoming(
        &self,
        teacher: &Teacher,
        plan: &LessonPlan,
        rng: &mut SeededRng,
    ) -> Result<Lessons, DemoError> {
        let (is_booked, is_cancelled) = (rng.chance_of(40), rng.chance_of(15));
        let mut made = Lessons::default();
        if !self.open_slot(self.bus, teacher, plan).await? {
            return Ok(made);
        }
        made.offered = 1;
        if let Some(student) = plan.student.filter(|_| is_booked)
            && self.book_seat(self.bus, plan, student).await?
        {
            made.booked = 1;
            send_conversation(self.bus, LessonPair { teacher: teacher.id, student }).await?;
            if is_cancelled {
                made.cancelled = u32::from(self.cancel_booking(self.bus, plan, student).await?);
            }
        }
        Ok(made)
    }

    async fn open_slot(
        &self,
        bus: &dyn Dispatch,
        teacher: &Teacher,
        plan: &LessonPlan,
    ) -> Result<bool, DemoError> {
        let Some(new) = plan.new_slot(teacher) else { return Ok(false) };
        self.dispatch(bus, plan, teacher.id, "open", SlotCommand::OpenSlot(Box::new(new))).await
    }

    async fn book_seat(
        &self,
        bus: &dyn Dispatch,
        plan: &LessonPlan,
        student: AccountId,
    ) -> Result<bool, DemoError> {
        self.dispatch(bus, plan, student, "book", plan.booking(student)).await
    }

    async fn cancel_booking(
        &self,
        bus: &dyn Dispatch,
        plan: &LessonPlan,
        student: AccountId,
    ) -> Result<bool, DemoError> {
        self.dispatch(bus, plan, student, "cancel", plan.cancellation(student)).await
    }

    /// Dispatches a slot command. Returns `false` if a rule refuses it.
    async fn dispatch(
        &self,
        bus: &dyn Dispatch,
        plan: &LessonPlan,
        person: AccountId,
        purpose: &str,
        command: SlotCommand,
    ) -> Result<bool, DemoError> {
        let context = plan.context(person, purpose);
        dispatch_if_allowed(bus, Command::Slot(plan.slot_id, command), context).await
    }
}

/// A planned lesson. Its ids are the same in every repetition.
pub(super) struct LessonPlan {
    pub slot_id: SlotId,
    pub booking_id: BookingId,
    pub teacher: AccountId,
    pub starts_at: Option<Timestamp>,
    pub minutes: u16,
    pub subject: String,
    pub student: Option<AccountId>,
}

impl LessonPlan {
    pub(super) fn booking(&self, student: AccountId) -> SlotCommand {
        SlotCommand::BookSeat(Box::new(NewBooking {
            booking_id: self.booking_id,
            booker: Booker::Student(student),
            note: None,
            hold_id: None,
        }))
    }

    pub(super) fn cancellation(&self, student: AccountId) -> SlotCommand {
        let (booking_id, by) = (self.booking_id, Initiator::Person(student));
        SlotCommand::CancelBooking { booking_id, by, reason: None }
    }

    pub(super) fn context(&self, person: AccountId, purpose: &str) -> CommandContext {
        let role = if person == self.teacher { Role::Teacher } else { Role::Student };
        person_context(person, role, self.slot_id.uuid(), purpose)
    }

    pub(super) fn new(
        teacher: &Teacher,
        n: u8,
        (now, day): (Timestamp, i32),
        students: &[AccountId],
        rng: &mut SeededRng,
    ) -> Self {
        let slot_id = SlotId(Uuid::new_v5(&teacher.id.uuid(), format!("demo-slot-{n}").as_bytes()));
        Self {
            slot_id,
            booking_id: BookingId(Uuid::new_v5(&slot_id.uuid(), b"demo-booking")),
            teacher: teacher.id,
            starts_at: local_hour(now, day, rng.choose(&HOURS), teacher.time_zone),
            minutes: rng.choose(&[60, 60, 90]),
            subject: match teacher.subjects.len() as u64 {
                0 => "mathematics".to_owned(),
                known => teacher.subjects[rng.number_between(0, known - 1) as usize].clone(),
            },
            student: (!students.is_empty()).then(|| rng.choose(students)),
        }
    }

    pub(super) fn new_slot(&self, teacher: &Teacher) -> Option<NewSlot> {
        let price = Money { amount: teacher.rate * i64::from(self.minutes) / 60, currency: Currency::RUB };
        new_slot(teacher.id, self.starts_at?, self.minutes, teacher.time_zone, &self.subject, price)
    }
}

/// Opens slots of the demo teacher: two on each of the next seven days. The demo student books one of them.
/// A repetition on a later day adds the further days.
///
/// # Errors
/// [`DemoError`] if the log is unavailable.
pub(super) async fn seed_next_days(
    bus: &dyn Dispatch,
    teacher: AccountId,
    student: AccountId,
    now: Timestamp,
) -> Result<(), DemoError> {
    const ZONE: &str = "Europe/Moscow";
    for day in 1..=7 {
        for (hour, subject, amount) in [(11, "mathematics", 150_000), (17, "physics", 180_000)] {
            let Some(starts_at) = local_hour(now, day, hour, ZONE) else { continue };
            let price = Money { amount, currency: Currency::RUB };
            let Some(new) = new_slot(teacher, starts_at, 60, ZONE, subject, price) else { continue };
            let slot_id = SlotId(Uuid::new_v5(&teacher.uuid(), format!("demo-slot-{starts_at}").as_bytes()));
            let open = Command::Slot(slot_id, SlotCommand::OpenSlot(Box::new(new)));
            let opened = dispatch_if_allowed(
                bus,
                open,
                person_context(teacher, Role::Teacher, slot_id.uuid(), "open"),
            )
            .await?;
            if opened && day == 2 && hour == 11 {
                let booking = NewBooking {
                    booking_id: BookingId(Uuid::new_v5(&slot_id.uuid(), b"demo-booking")),
                    booker: Booker::Student(student),
                    note: None,
                    hold_id: None,
                };
                let book = Command::Slot(slot_id, SlotCommand::BookSeat(Box::new(booking)));
                dispatch_if_allowed(
                    bus,
                    book,
                    person_context(student, Role::Student, slot_id.uuid(), "book"),
                )
                .await?;
                send_conversation(bus, LessonPair { teacher, student }).await?;
            }
        }
    }
    Ok(())
}

fn local_hour(now: Timestamp, day: i32, hour: i8, zone: &str) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).ok()?;
    let date = now.to_zoned(zone.clone()).date().checked_add(day.days()).ok()?;
    Some(date.at(hour, 0, 0, 0).to_zoned(zone).ok()?.timestamp())
}

pub(super) fn new_slot(
    teacher: AccountId,
    starts_at: Timestamp,
    minutes: u16,
    zone: &str,
    subject: &str,
    price: Money,
) -> Option<NewSlot> {
    let terms = SlotTerms {
        subject: subject.to_owned(),
        lesson_type: LessonType::Regular,
        format: LessonFormat::Online,
        price,
        capacity: 1,
        min_participants: None,
        goals: Vec::new(),
        grades: Vec::new(),
        place: None,
    };
    Some(NewSlot {
        teacher,
        period: Period::of_minutes(starts_at, minutes)?,
        zone: TimeZoneName::parse(zone).ok()?,
        tzdb: None,
        terms,
        series_id: None,
        class_id: None,
        request_id: None,
        members: Vec::new(),
    })
}
