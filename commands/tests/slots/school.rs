//! A log for one test, processes on it, and commands on slots.

use std::sync::Arc;

use commands::{Bus, LogSettings, MasterKey};
use domain::accounts::TimeZoneName;
use domain::scheduling::*;
use domain::*;
use jiff::{SignedDuration, Timestamp};
use migrations::{ThrowawayDatabase, throwaway_database};
use sqlx::PgPool;
use uuid::Uuid;

pub struct School {
    pub database: ThrowawayDatabase,
    pub pool: PgPool,
    /// Hour at which the day of all lessons begins.
    pub day: Timestamp,
}

impl School {
    pub async fn new() -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL: see `make test`");
        let database = throwaway_database(&server).await.unwrap();
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        Self { database, pool, day: SystemClock.now() + SignedDuration::from_hours(72) }
    }

    /// The bus of another process: its own cached states, appender and keys.
    pub async fn process(&self) -> Arc<Bus> {
        let settings = LogSettings { max_connections: 4, ..LogSettings::default() };
        Bus::start(self.database.options.clone(), &master(), Arc::new(SystemClock), settings).await.unwrap()
    }

    pub fn opening(&self, teacher: AccountId, minutes: i64, capacity: u16) -> SlotCommand {
        let starts_at = self.day + SignedDuration::from_mins(minutes);
        SlotCommand::OpenSlot(Box::new(NewSlot {
            teacher,
            period: Period::of_minutes(starts_at, 60).unwrap(),
            zone: TimeZoneName::default(),
            tzdb: None,
            terms: SlotTerms {
                subject: "mathematics".to_owned(),
                lesson_type: LessonType::Regular,
                format: LessonFormat::Online,
                price: Money { amount: 100_000, currency: Currency::RUB },
                capacity,
                min_participants: None,
                goals: vec![],
                grades: vec![],
                place: None,
            },
            series_id: None,
            class_id: None,
            request_id: None,
            members: vec![],
        }))
    }
}

pub fn master() -> MasterKey {
    MasterKey::new([7; 32])
}

pub fn wish(booking_id: BookingId, student: AccountId) -> NewBooking {
    NewBooking { booking_id, booker: Booker::Student(student), note: None, hold_id: None }
}

pub fn booking(booking_id: BookingId, student: AccountId) -> SlotCommand {
    SlotCommand::BookSeat(Box::new(wish(booking_id, student)))
}

/// Commands that move a booking to another slot of a teacher, in one append.
pub fn moving(
    (booking_id, student): (BookingId, AccountId),
    teacher: AccountId,
    from: SlotId,
    to: SlotId,
) -> Vec<Command> {
    let booked_by = BookedBy::Student;
    let booking = Box::new(MovedBooking { booking_id, student, note: None, booked_by });
    let policy = CANCELLATION_POLICY;
    vec![
        Command::Slot(from, SlotCommand::MoveOut { booking_id, by: student, to_slot: to }),
        Command::Slot(to, SlotCommand::MoveIn { from_slot: from, teacher, booking, policy }),
    ]
}

/// `Ok`, or the code of the refusal; any other error fails the test.
pub async fn ask(bus: &Bus, commands: Vec<Command>) -> Result<Receipt, &'static str> {
    for _ in 0..50 {
        match bus.dispatch_atomically(commands.clone(), context()).await {
            Ok(receipt) => return Ok(receipt),
            Err(DispatchError::Refused(refusal)) => return Err(refusal.code),
            // Nothing was committed: retries under a new id.
            Err(DispatchError::Contended) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("contended for ever")
}

pub fn context() -> CommandContext {
    let id = Uuid::now_v7();
    CommandContext {
        actor: Actor::system("test"),
        role: None,
        source: Source::Cli,
        correlation_id: id,
        causation_id: None,
        command_id: CommandId(id),
        traceparent: None,
        expected_version: None,
    }
}
