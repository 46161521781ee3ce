//! An installation with slots, and a clock that jumps.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use commands::{Bus, LogSettings, MasterKey};
use domain::accounts::{AccountCommand, Email, Locale, Nickname, PersonName, Registration, TimeZoneName};
use domain::scheduling::{
    Booker, LessonFormat, LessonType, NewBooking, NewSlot, Period, Slot, SlotCommand, SlotTerms,
};
use domain::{
    AccountId, Actor, BookingId, Clock, Command, CommandContext, CommandId, Currency, Dispatch, EventLog,
    FixedClock, HoldId, Ids, Money, RandomIds, Role, SlotId, Source, SystemClock,
};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use migrations::throwaway_database;
use projection_runtime::{Components, ProjectionRuntime, Roles, RuntimeSettings};
use projections::HandlerContext;
use projections::scheduling::{SlotsReadModel, WaitlistReadModel};
use projections::scheduling::{lesson_handlers, lesson_process_managers};
use projections::support::{SlaTimers, SlaTimersHandler};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

pub struct World {
    pub pool: PgPool,
    pub bus: Arc<Bus>,
    pub clock: Arc<FixedClock>,
}

/// A process of the installation; it ends when this value is dropped.
pub struct Running {
    projections: Arc<ProjectionRuntime>,
    cancel: CancellationToken,
}

impl Running {
    pub async fn ends(self) {
        self.cancel.cancel();
        self.projections.wait_until_ended().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

impl World {
    pub async fn new() -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres server");
        let database = throwaway_database(&server).await.unwrap();
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        // The log has the clock of the database; this clock starts with it and moves separately.
        let clock = Arc::new(FixedClock::at(SystemClock.now()));
        let settings = LogSettings { max_connections: 4, ..LogSettings::default() };
        let bus =
            Bus::start(database.options, &MasterKey::new([7; 32]), clock.clone(), settings).await.unwrap();
        Self { pool, bus, clock }
    }

    pub async fn start(&self) -> Running {
        let log: Arc<dyn EventLog> = Arc::new(self.bus.log().clone());
        let context =
            HandlerContext { log: log.clone(), dispatch: self.bus.clone(), clock: self.clock.clone() };
        let mut process_managers = lesson_process_managers();
        process_managers.push(Arc::new(SlaTimers));
        let mut task_handlers = lesson_handlers(&context, &self.pool);
        task_handlers.push(Arc::new(SlaTimersHandler(context)));
        let parts = Components {
            pool: self.pool.clone(),
            log,
            committed: self.bus.committed(),
            clock: self.clock.clone(),
            read_models: vec![Arc::new(SlotsReadModel), Arc::new(WaitlistReadModel)],
            process_managers,
            task_handlers,
        };
        let settings =
            RuntimeSettings { task_poll_interval: Duration::from_millis(50), ..RuntimeSettings::default() };
        let cancel = CancellationToken::new();
        let projections =
            ProjectionRuntime::start(parts, settings, Roles::ALL, cancel.clone()).await.unwrap();
        Running { projections, cancel }
    }

    pub fn in_minutes(&self, minutes: i64) -> Timestamp {
        self.clock.now() + SignedDuration::from_mins(minutes)
    }

    pub fn passes(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub async fn asks(&self, command: Command) {
        self.bus.dispatch(command, asked()).await.unwrap();
    }

    pub async fn of(&self, slot_id: SlotId, command: SlotCommand) {
        self.asks(Command::Slot(slot_id, command)).await;
    }

    pub async fn opens(&self, teacher: AccountId, minutes: i64, capacity: u16) -> SlotId {
        let slot_id = SlotId(RandomIds.next());
        let new = NewSlot {
            teacher,
            period: Period::of_minutes(self.in_minutes(minutes), 60).unwrap(),
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
        };
        self.of(slot_id, SlotCommand::OpenSlot(Box::new(new))).await;
        slot_id
    }

    pub async fn books(&self, slot_id: SlotId, student: AccountId) -> BookingId {
        let booking_id = BookingId(RandomIds.next());
        let new = NewBooking { booking_id, booker: Booker::Student(student), note: None, hold_id: None };
        self.of(slot_id, SlotCommand::BookSeat(Box::new(new))).await;
        booking_id
    }

    pub async fn holds(&self, slot_id: SlotId, student: AccountId) {
        self.of(slot_id, SlotCommand::HoldSeat { hold_id: HoldId(RandomIds.next()), student }).await;
    }

    pub async fn registers(&self, role: Role) -> AccountId {
        let account_id = person();
        let handle = account_id.to_string().replace('-', "");
        let registration = Registration {
            account_id,
            role,
            by_admin: false,
            email: Email::parse(&format!("{handle}@school.example")).unwrap(),
            name: PersonName::parse("Анна").unwrap(),
            nickname: Nickname::parse(&handle[..30]).unwrap(),
            phone: None,
            locale: Locale::Ru,
            time_zone: TimeZoneName::default(),
            terms_version: "1".to_owned(),
        };
        self.asks(Command::Account(account_id, AccountCommand::RegisterAccount(registration))).await;
        account_id
    }

    pub async fn slot(&self, slot_id: SlotId) -> domain::scheduling::Lesson {
        let slot = self.bus.load::<Slot>(slot_id).await.unwrap();
        slot.state.lesson().unwrap().clone()
    }

    /// Number of events of this type in the log.
    pub async fn count(&self, event_type: &str) -> i64 {
        sqlx::query_scalar("select count(*) from log.events where event_type = $1")
            .bind(event_type)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// Waits until every event is handled and no task is due at this time.
    pub async fn is_quiet(&self) {
        eventually("everything is heard and nothing is due", || async {
            let quiet: bool = sqlx::query_scalar(
                "select not exists (
                     select from process.tasks
                     where state = 'running' or (state = 'waiting' and due_at <= $1))
                   and (select count(*) from process.checkpoints) = 5
                   and (select min(position) from process.checkpoints) = (select position from log.head)
                   and (select min(position) from projection.checkpoints) = (select position from log.head)",
            )
            .bind(self.clock.now().to_sqlx())
            .fetch_one(&self.pool)
            .await
            .unwrap_or(false);
            quiet
        })
        .await;
    }
}

pub fn person() -> AccountId {
    AccountId(RandomIds.next())
}

pub fn asked() -> CommandContext {
    let id = RandomIds.next();
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

/// Waits until the condition holds, at most half a minute.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    for _ in 0..1_500 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never came true: {what}");
}
