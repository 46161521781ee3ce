//! Lessons of the demo school: what was offered, booked, held and told of it, by commands alone.
//!
//! A time can be offered only while it lies ahead. What lies behind was therefore offered and booked under
//! a clock of five weeks ago (`past`), and held, missed or reviewed under the present one; `recorded_at` of
//! all of it is the instant at which it was truly recorded.

use domain::accounts::TimeZoneName;
use domain::scheduling::{
    Agent, Booker, LessonFormat, LessonType, NewBooking, NewSlot, NoShow, Period, SlotCommand, Terms,
};
use domain::{AccountId, BookingId, Command, Currency, Dispatch, Money, Role, SlotId};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;
use uuid::Uuid;

use super::conversations::{Two, talk};
use super::rng::Dice;
use super::{DemoError, acting, happens, words};

/// The clock of the past stands so far back.
pub const PAST: SignedDuration = SignedDuration::from_hours(24 * 35);
/// Local hours at which lessons begin, one teacher's all different.
const HOURS: [i8; 6] = [10, 12, 14, 16, 18, 20];

/// A teacher of the demo school, with what they offer.
pub(super) struct Teacher {
    pub id: AccountId,
    pub time_zone: &'static str,
    pub subjects: Vec<String>,
    /// Of one hour.
    pub rate: i64,
    pub dice: Dice,
}

/// How many of what there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lessons {
    pub offered: u32,
    pub booked: u32,
    pub completed: u32,
    pub cancelled: u32,
    pub reviewed: u32,
}

impl Lessons {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            offered: self.offered + other.offered,
            booked: self.booked + other.booked,
            completed: self.completed + other.completed,
            cancelled: self.cancelled + other.cancelled,
            reviewed: self.reviewed + other.reviewed,
        }
    }
}

/// Where lessons are made: the log under the present clock, and under that of the past.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub bus: &'a dyn Dispatch,
    pub past: &'a dyn Dispatch,
    pub now: Timestamp,
}

impl Desk<'_> {
    /// Some weeks of a teacher: six days behind and eight ahead, with the students who come.
    ///
    /// # Errors
    /// The log is away. What a rule refuses (a student has another lesson then) does not happen.
    pub(super) async fn weeks(
        &self,
        teacher: &Teacher,
        students: &[AccountId],
    ) -> Result<Lessons, DemoError> {
        let mut dice = teacher.dice.clone();
        let mut sum = Lessons::default();
        for n in 0..6 {
            let day = -2 - 4 * i32::from(n) - dice.within(0, 3) as i32;
            let plan = Plan::of(teacher, n, (self.now, day), students, &mut dice);
            sum = sum.and(self.behind(teacher, &plan, &mut dice).await?);
        }
        for n in 6..14 {
            let day = 1 + 2 * (i32::from(n) - 6);
            let plan = Plan::of(teacher, n, (self.now, day), students, &mut dice);
            sum = sum.and(self.ahead(teacher, &plan, &mut dice).await?);
        }
        Ok(sum)
    }

    async fn behind(&self, teacher: &Teacher, plan: &Plan, dice: &mut Dice) -> Result<Lessons, DemoError> {
        let (fate, rating) = (dice.within(1, 10), dice.one_of(&[5, 5, 5, 4, 4, 3]));
        let mut made = Lessons::default();
        if !self.opens(self.past, teacher, plan).await? {
            return Ok(made);
        }
        made.offered = 1;
        let Some(student) = plan.student else { return Ok(made) };
        if !self.books(self.past, plan, student).await? {
            return Ok(made);
        }
        made.booked = 1;
        talk(self.bus, Two { teacher: teacher.id, student }).await?;
        if fate == 1 {
            made.cancelled = u32::from(self.cancels(self.past, plan, student).await?);
            return Ok(made);
        }
        let by = teacher.id;
        let held = self.does(self.bus, plan, by, "complete", SlotCommand::CompleteLesson { by }).await?;
        made.completed = u32::from(held);
        if held && fate == 2 {
            let who = NoShow::Booking { booking_id: plan.booking_id, student };
            self.does(self.bus, plan, by, "no-show", SlotCommand::RecordNoShow { by, who }).await?;
        } else if held && fate <= 8 {
            let text = dice.is_within_percent(60).then(|| dice.one_of(words::REVIEWS).to_owned());
            let command = SlotCommand::ReviewLesson { by: student, rating, text };
            made.reviewed = u32::from(self.does(self.bus, plan, student, "review", command).await?);
        }
        Ok(made)
    }

    async fn ahead(&self, teacher: &Teacher, plan: &Plan, dice: &mut Dice) -> Result<Lessons, DemoError> {
        let (is_booked, is_cancelled) = (dice.is_within_percent(40), dice.is_within_percent(15));
        let mut made = Lessons::default();
        if !self.opens(self.bus, teacher, plan).await? {
            return Ok(made);
        }
        made.offered = 1;
        if let Some(student) = plan.student.filter(|_| is_booked)
            && self.books(self.bus, plan, student).await?
        {
            made.booked = 1;
            talk(self.bus, Two { teacher: teacher.id, student }).await?;
            if is_cancelled {
                made.cancelled = u32::from(self.cancels(self.bus, plan, student).await?);
            }
        }
        Ok(made)
    }

    async fn opens(&self, bus: &dyn Dispatch, teacher: &Teacher, plan: &Plan) -> Result<bool, DemoError> {
        let Some(new) = plan.new_slot(teacher) else { return Ok(false) };
        self.does(bus, plan, teacher.id, "open", SlotCommand::OpenSlot(Box::new(new))).await
    }

    async fn books(&self, bus: &dyn Dispatch, plan: &Plan, student: AccountId) -> Result<bool, DemoError> {
        let booking = NewBooking {
            booking_id: plan.booking_id,
            booker: Booker::Student(student),
            note: None,
            hold_id: None,
        };
        self.does(bus, plan, student, "book", SlotCommand::BookSeat(Box::new(booking))).await
    }

    async fn cancels(&self, bus: &dyn Dispatch, plan: &Plan, student: AccountId) -> Result<bool, DemoError> {
        let (booking_id, by) = (plan.booking_id, Agent::Person(student));
        let command = SlotCommand::CancelBooking { booking_id, by, reason: None };
        self.does(bus, plan, student, "cancel", command).await
    }

    /// Whether it happened, now or when the same command came first; what is refused does not.
    async fn does(
        &self,
        bus: &dyn Dispatch,
        plan: &Plan,
        person: AccountId,
        purpose: &str,
        command: SlotCommand,
    ) -> Result<bool, DemoError> {
        let role = if person == plan.teacher { Role::Teacher } else { Role::Student };
        let context = acting(person, role, plan.slot_id.uuid(), purpose);
        happens(bus, Command::Slot(plan.slot_id, command), context).await
    }
}

/// One lesson as it is meant; its ids are the same whenever it is planned again.
struct Plan {
    slot_id: SlotId,
    booking_id: BookingId,
    teacher: AccountId,
    starts_at: Option<Timestamp>,
    minutes: u16,
    subject: String,
    student: Option<AccountId>,
}

impl Plan {
    fn of(
        teacher: &Teacher,
        n: u8,
        (now, day): (Timestamp, i32),
        students: &[AccountId],
        dice: &mut Dice,
    ) -> Self {
        let slot_id = SlotId(Uuid::new_v5(&teacher.id.uuid(), format!("demo-slot-{n}").as_bytes()));
        Self {
            slot_id,
            booking_id: BookingId(Uuid::new_v5(&slot_id.uuid(), b"demo-booking")),
            teacher: teacher.id,
            starts_at: local_hour(now, day, dice.one_of(&HOURS), teacher.time_zone),
            minutes: dice.one_of(&[60, 60, 90]),
            subject: match teacher.subjects.len() as u64 {
                0 => "mathematics".to_owned(),
                known => teacher.subjects[dice.within(0, known - 1) as usize].clone(),
            },
            student: (!students.is_empty()).then(|| dice.one_of(students)),
        }
    }

    fn new_slot(&self, teacher: &Teacher) -> Option<NewSlot> {
        let price = Money { amount: teacher.rate * i64::from(self.minutes) / 60, currency: Currency::RUB };
        new_slot(teacher.id, self.starts_at?, self.minutes, teacher.time_zone, &self.subject, price)
    }
}

/// What the demo teacher offers, so that somebody who looks for the first time sees something: two lessons on
/// each of the next seven days, the first of which the demo student has booked. Asked again, the next days are
/// added.
///
/// # Errors
/// The log is away.
pub(super) async fn next_days(
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
            let opened = happens(bus, open, acting(teacher, Role::Teacher, slot_id.uuid(), "open")).await?;
            if opened && day == 2 && hour == 11 {
                let booking = NewBooking {
                    booking_id: BookingId(Uuid::new_v5(&slot_id.uuid(), b"demo-booking")),
                    booker: Booker::Student(student),
                    note: None,
                    hold_id: None,
                };
                let book = Command::Slot(slot_id, SlotCommand::BookSeat(Box::new(booking)));
                happens(bus, book, acting(student, Role::Student, slot_id.uuid(), "book")).await?;
                talk(bus, Two { teacher, student }).await?;
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

fn new_slot(
    teacher: AccountId,
    starts_at: Timestamp,
    minutes: u16,
    zone: &str,
    subject: &str,
    price: Money,
) -> Option<NewSlot> {
    let terms = Terms {
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
