//! A log, the process manager of series, and a clock that moves only on request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use commands::{Bus, LogSettings, MasterKey};
use domain::accounts::TimeZoneName;
use domain::scheduling::{
    AvailabilitySeries, Booker, LessonFormat, LessonType, NewBooking, NewSeries, NewSlot, Party, Period,
    SeriesChange, SeriesCommand, SeriesEvent, SeriesState, SlotCommand, SlotEvent, SlotTerms, local_of,
};
use domain::{
    AccountId, Actor, BookingId, Clock, Command, CommandContext, CommandId, Currency, Dispatch,
    DispatchError, Event, EventLog, FixedClock, Ids, Money, Position, RandomIds, Receipt, RecordedEvent,
    Role, SeriesId, SlotId, Source,
};
use jiff::{SignedDuration, Timestamp};
use migrations::throwaway_database;
use projection_runtime::{Components, ProjectionRuntime, Roles, RuntimeSettings};
use projections::HandlerContext;
use projections::scheduling::{SeriesSlots, SeriesSlotsHandler};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

/// A Monday; Berlin changes its clocks on the 28th.
pub const NOW: &str = "2027-03-01T09:00:00Z";

pub struct World {
    pub bus: Arc<Bus>,
    pub clock: Arc<FixedClock>,
    pub pool: PgPool,
    cancel: CancellationToken,
    projections: Option<Arc<ProjectionRuntime>>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// A slot as its events describe it.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    pub teacher: AccountId,
    pub period: Period,
    pub tzdb: Option<String>,
    pub minutes: i64,
    pub open: bool,
    pub opened: u32,
    pub booked: Vec<AccountId>,
}

impl World {
    /// Starts with the process manager.
    pub async fn start() -> Self {
        let mut world = Self::asleep().await;
        world.wakes().await;
        world
    }

    /// Starts without the process manager.
    #[expect(clippy::disallowed_methods, reason = "the environment names the server of the tests")]
    pub async fn asleep() -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres server");
        let database = throwaway_database(&server).await.unwrap();
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        let clock = Arc::new(FixedClock::at(NOW.parse().unwrap()));
        let settings = LogSettings { max_connections: 4, ..LogSettings::default() };
        let master = MasterKey::new([7; 32]);
        let bus = Bus::start(database.options, &master, clock.clone(), settings).await.unwrap();
        Self { bus, clock, pool, cancel: CancellationToken::new(), projections: None }
    }

    /// Starts the process manager; also after [`World::sleeps`].
    pub async fn wakes(&mut self) {
        self.cancel = CancellationToken::new();
        let parts = Components {
            pool: self.pool.clone(),
            log: self.log(),
            committed: self.bus.committed(),
            clock: self.clock.clone(),
            read_models: vec![],
            process_managers: vec![Arc::new(SeriesSlots)],
            task_handlers: vec![Arc::new(self.handler(self.bus.clone()))],
        };
        let settings =
            RuntimeSettings { task_poll_interval: Duration::from_millis(100), ..RuntimeSettings::default() };
        let started = ProjectionRuntime::start(parts, settings, Roles::ALL, self.cancel.clone());
        self.projections = Some(started.await.unwrap());
    }

    pub async fn sleeps(&mut self) {
        self.cancel.cancel();
        if let Some(projections) = self.projections.take() {
            projections.wait_until_ended().await;
        }
    }

    pub fn handler(&self, dispatch: Arc<dyn Dispatch>) -> SeriesSlotsHandler {
        SeriesSlotsHandler(HandlerContext { log: self.log(), dispatch, clock: self.clock.clone() })
    }

    fn log(&self) -> Arc<dyn EventLog> {
        Arc::new(self.bus.log().clone())
    }

    pub fn days_pass(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    pub async fn asks(&self, command: Command) -> Result<Receipt, DispatchError> {
        self.bus.dispatch(command, asked()).await
    }

    /// Defines a series.
    pub async fn defines(&self, new: NewSeries) -> SeriesId {
        let id = SeriesId(RandomIds.next());
        self.asks(Command::Series(id, SeriesCommand::DefineSeries(Box::new(new)))).await.unwrap();
        id
    }

    pub async fn changes(&self, id: SeriesId, by: AccountId, from: &str, change: SeriesChange) {
        let change = Box::new(change);
        let command = SeriesCommand::ChangeSeries { by, from: from.parse().unwrap(), change };
        self.asks(Command::Series(id, command)).await.unwrap();
    }

    pub async fn opens(&self, teacher: AccountId, starts_at: &str) -> SlotId {
        let id = SlotId(RandomIds.next());
        let slot = NewSlot {
            teacher,
            period: Period::of_minutes(starts_at.parse().unwrap(), 60).unwrap(),
            zone: TimeZoneName::default(),
            tzdb: None,
            terms: terms(),
            series_id: None,
            class_id: None,
            request_id: None,
            members: vec![],
        };
        self.asks(Command::Slot(id, SlotCommand::OpenSlot(Box::new(slot)))).await.unwrap();
        id
    }

    pub async fn books(&self, slot: SlotId, student: AccountId) {
        let booking = NewBooking {
            booking_id: BookingId(RandomIds.next()),
            booker: Booker::Student(student),
            note: None,
            hold_id: None,
        };
        self.asks(Command::Slot(slot, SlotCommand::BookSeat(Box::new(booking)))).await.unwrap();
    }

    pub async fn series(&self, id: SeriesId) -> SeriesState {
        let loaded = self.bus.load::<AvailabilitySeries>(id).await.unwrap();
        loaded.state.state().unwrap().clone()
    }

    /// Waits until slots are open up to and including this date.
    pub async fn extended(&self, id: SeriesId, through: &str) {
        let through = Some(through.parse().unwrap());
        eventually(&format!("slots up to {through:?}"), || async {
            self.series(id).await.extended_through == through
        })
        .await;
    }

    /// Waits until no task is due and no event is unhandled.
    pub async fn settles(&self) {
        let head = EventLog::head(self.bus.log()).await.unwrap();
        eventually("nothing is left to do", || async {
            let reacted: Option<i64> =
                sqlx::query_scalar("select position from process.checkpoints where name = 'series_slots'")
                    .fetch_optional(&self.pool)
                    .await
                    .unwrap();
            let now = jiff_sqlx::ToSqlx::to_sqlx(self.clock.now());
            let due: i64 = sqlx::query_scalar(
                "select count(*) from process.tasks
                 where state = 'running' or (state = 'waiting' and due_at <= $1)",
            )
            .bind(now)
            .fetch_one(&self.pool)
            .await
            .unwrap();
            reacted.is_some_and(|position| Position::from(position) >= head) && due == 0
        })
        .await;
    }

    pub async fn events(&self) -> Vec<RecordedEvent> {
        let log = self.bus.log();
        let sealed = log.read(Position::START, 100_000).await.unwrap();
        log.open(&sealed).await.unwrap()
    }

    /// Each extension of the series: its date, its number of opened slots, and its skipped dates.
    pub async fn extensions(&self) -> Vec<(String, u32, Vec<String>)> {
        let events = self.events().await;
        events
            .into_iter()
            .filter_map(|recorded| match recorded.event {
                Event::Series(SeriesEvent::SeriesExtended { through, opened, skipped }) => {
                    let skipped = skipped.iter().map(ToString::to_string).collect();
                    Some((through.to_string(), opened, skipped))
                }
                _ => None,
            })
            .collect()
    }

    /// Every slot that was ever opened.
    pub async fn slots(&self) -> BTreeMap<SlotId, Offered> {
        let mut slots: BTreeMap<SlotId, Offered> = BTreeMap::new();
        for recorded in self.events().await {
            let Event::Slot(event) = recorded.event else { continue };
            let id: SlotId = recorded.stream.aggregate_id.parse().unwrap();
            match event {
                SlotEvent::SlotOpened { teacher, starts_at, ends_at, tzdb, .. } => {
                    let period = Period { starts_at, ends_at };
                    let fresh = Offered {
                        teacher,
                        period,
                        tzdb,
                        minutes: period.minutes(),
                        open: true,
                        opened: 0,
                        booked: vec![],
                    };
                    slots.entry(id).or_insert(fresh).opened += 1;
                }
                SlotEvent::SlotWithdrawn { .. } | SlotEvent::LessonCancelled { .. } => {
                    slots.get_mut(&id).unwrap().open = false
                }
                SlotEvent::SeatBooked { student, .. } => slots.get_mut(&id).unwrap().booked.push(student),
                _ => {}
            }
        }
        assert!(slots.values().all(|slot| slot.opened == 1), "a slot was opened twice: {slots:#?}");
        slots
    }

    /// Party, fee and presence of a cause, for every cancelled booking.
    pub async fn cancellations(&self) -> Vec<(Party, i64, bool)> {
        let events = self.events().await;
        let told = events.into_iter().filter_map(|recorded| match recorded.event {
            Event::Slot(SlotEvent::BookingCancelled { by, fee, .. }) => {
                Some((by, fee.amount, recorded.metadata.causation_id.is_some()))
            }
            _ => None,
        });
        told.collect()
    }

    /// Local times in Berlin of a teacher's open slots, in order.
    pub async fn open_times(&self, teacher: AccountId) -> Vec<String> {
        let slots = self.slots().await;
        let open = slots.values().filter(|slot| slot.open && slot.teacher == teacher);
        let mut periods: Vec<Period> = open.map(|slot| slot.period).collect();
        periods.sort();
        let shown =
            |period: &Period| local_of(period.starts_at, &berlin()).strftime("%m-%d %H:%M").to_string();
        periods.iter().map(shown).collect()
    }

    /// The slot that begins at a local time in Berlin.
    pub async fn slot_at(&self, starts_at: &str) -> SlotId {
        let starts_at: Timestamp = starts_at.parse().unwrap();
        let slots = self.slots().await;
        *slots.iter().find(|(_, slot)| slot.open && slot.period.starts_at == starts_at).unwrap().0
    }
}

pub fn somebody() -> AccountId {
    AccountId(RandomIds.next())
}

pub fn berlin() -> TimeZoneName {
    TimeZoneName::parse("Europe/Berlin").unwrap()
}

pub fn terms() -> SlotTerms {
    SlotTerms {
        subject: "mathematics".to_owned(),
        lesson_type: LessonType::Regular,
        format: LessonFormat::Online,
        price: Money { amount: 200_000, currency: Currency::RUB },
        capacity: 1,
        min_participants: None,
        goals: vec![],
        grades: vec![],
        place: None,
    }
}

/// Tuesdays at 16:00 in Berlin, from the second of March on.
pub fn tuesdays(teacher: AccountId) -> NewSeries {
    NewSeries {
        teacher,
        rrule: "FREQ=WEEKLY;BYDAY=TU".to_owned(),
        local_start: "2027-03-02T16:00".parse().unwrap(),
        zone: berlin(),
        duration_minutes: 60,
        template: terms(),
        class_id: None,
    }
}

pub fn asked() -> CommandContext {
    CommandContext {
        actor: Actor::Account(somebody()),
        role: Some(Role::Teacher),
        source: Source::Api,
        correlation_id: RandomIds.next(),
        causation_id: None,
        command_id: CommandId(RandomIds.next()),
        traceparent: None,
        expected_version: None,
    }
}

pub async fn eventually<F: Future<Output = bool>>(what: &str, mut look: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !look().await {
        assert!(Instant::now() < deadline, "not within half a minute: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
