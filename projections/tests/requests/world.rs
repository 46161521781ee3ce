//! An installation with its log, its read models and the process manager of lesson requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use commands::{Bus, LogSettings, MasterKey};
use domain::accounts::{
    AccountCommand, Email, Locale, Nickname, PersonName, ProfileChanges, Registration, TimeZoneName,
};
use domain::scheduling::{
    Booker, LessonFormat, LessonRequest, LessonRequestCommand, LessonType, NewBooking, NewRequest, NewSlot,
    OpenRequest, Period, REQUESTS_OPEN_MAX, RequestTerms, SlotCommand, SlotTerms,
};
use domain::{
    AccountId, Actor, BookingId, Clock, Command, CommandContext, CommandId, Currency, Dispatch,
    DispatchError, EventLog, Ids, Money, Personal, RandomIds, Receipt, RequestId, Role, SlotId, Source,
    SystemClock,
};
use jiff::{SignedDuration, Timestamp};
use migrations::throwaway_database;
use projection_runtime::{Components, ProjectionRuntime, Roles, RuntimeSettings};
use projections::HandlerContext;
use projections::read_models;
use projections::scheduling::{RequestHandlers, RequestMatching};
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub struct World {
    pub pool: PgPool,
    pub bus: Arc<Bus>,
    options: PgConnectOptions,
    /// Counter that assigns the places of requests in turn.
    places: AtomicU8,
    listening: Option<(Arc<ProjectionRuntime>, CancellationToken)>,
}

impl World {
    /// Starts with the runtime.
    pub async fn start() -> Self {
        let mut world = Self::deaf().await;
        world.listens().await;
        world
    }

    /// Starts without the runtime.
    pub async fn deaf() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the environment names the server of the tests")]
        let server = std::env::var("DATABASE_URL").expect("run me through `kafedra exec --throwaway`");
        let database = throwaway_database(&server).await.unwrap();
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        let bus = bus(&database.options).await;
        Self { pool, bus, options: database.options, places: AtomicU8::new(0), listening: None }
    }

    /// The bus of another process on the same log.
    pub async fn another_bus(&self) -> Arc<Bus> {
        bus(&self.options).await
    }

    pub async fn listens(&mut self) {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let log: Arc<dyn EventLog> = Arc::new(self.bus.log().clone());
        let context = HandlerContext { log: log.clone(), dispatch: self.bus.clone(), clock: clock.clone() };
        let handlers = RequestHandlers { context, pool: self.pool.clone() };
        let parts = Components {
            pool: self.pool.clone(),
            log,
            committed: self.bus.committed(),
            clock,
            read_models: read_models(),
            process_managers: vec![Arc::new(RequestMatching)],
            task_handlers: handlers.handlers(),
        };
        let cancel = CancellationToken::new();
        let settings = RuntimeSettings {
            poll_interval: Duration::from_millis(100),
            task_poll_interval: Duration::from_millis(100),
            ..RuntimeSettings::default()
        };
        let projections =
            ProjectionRuntime::start(parts, settings, Roles::ALL, cancel.clone()).await.unwrap();
        self.listening = Some((projections, cancel));
    }

    pub async fn goes_deaf(&mut self) {
        let (projections, cancel) = self.listening.take().unwrap();
        cancel.cancel();
        projections.wait_until_ended().await;
    }

    pub async fn does(&self, command: Command) -> Result<Receipt, DispatchError> {
        self.bus.dispatch(command, asked()).await
    }

    pub async fn registers(&self, role: Role) -> AccountId {
        let id = AccountId(RandomIds.next());
        let handle = id.to_string().replace('-', "");
        let registration = Registration {
            account_id: id,
            role,
            by_admin: false,
            email: Email::parse(&format!("p{handle}@example.com")).unwrap(),
            name: PersonName::parse("Некто Некий").unwrap(),
            nickname: Nickname::parse(&handle[..30]).unwrap(),
            phone: None,
            locale: Locale::Ru,
            time_zone: TimeZoneName::default(),
            terms_version: "1".to_owned(),
        };
        self.does(Command::Account(id, AccountCommand::RegisterAccount(registration))).await.unwrap();
        id
    }

    /// A teacher who matches the request of [`wish`].
    pub async fn willing_teacher(&self) -> AccountId {
        let id = self.registers(Role::Teacher).await;
        self.tells(id, willing()).await;
        id
    }

    pub async fn tells(&self, id: AccountId, changes: ProfileChanges) {
        let command = AccountCommand::UpdateProfile { changes: Box::new(changes), cleared: Vec::new() };
        self.does(Command::Account(id, command)).await.unwrap();
    }

    /// Makes the request of [`wish`].
    pub async fn requests(&self, student: AccountId, starts_at: Timestamp) -> RequestId {
        let id = RequestId(RandomIds.next());
        let place = self.places.fetch_add(1, Ordering::Relaxed) % REQUESTS_OPEN_MAX;
        let new = Box::new(NewRequest { place, ..wish(student, starts_at) });
        self.does(Command::Request(id, LessonRequestCommand::RequestLesson(new))).await.unwrap();
        id
    }

    pub async fn request(&self, id: RequestId) -> OpenRequest {
        self.bus.load::<LessonRequest>(id).await.unwrap().state.made().unwrap().clone()
    }

    /// The request after its search has ended, with the searches for teachers who changed just before.
    /// Those may come first and know only some of the teachers.
    pub async fn searched(&self, id: RequestId) -> OpenRequest {
        self.eventually("a search has ended", id, |request| request.matched).await;
        self.is_quiet().await;
        self.request(id).await
    }

    pub async fn eventually(
        &self,
        what: &str,
        id: RequestId,
        enough: impl Fn(&OpenRequest) -> bool,
    ) -> OpenRequest {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let request = self.request(id).await;
            if enough(&request) {
                return request;
            }
            assert!(Instant::now() < deadline, "not in time: {what}; {request:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Number of events of this type in the log.
    pub async fn events(&self, event_type: &str) -> i64 {
        sqlx::query_scalar("select count(*) from log.events where event_type = $1")
            .bind(event_type)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// Waits until every task is done.
    pub async fn is_quiet(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let quiet: bool = sqlx::query_scalar(
                "select not exists (
                     select from process.tasks
                     where state = 'running' or (state = 'waiting' and due_at <= now()))
                   and (select min(position) from process.checkpoints) = (select position from log.head)
                   and (select min(position) from projection.checkpoints) = (select position from log.head)",
            )
            .fetch_one(&self.pool)
            .await
            .unwrap();
            if quiet {
                return;
            }
            assert!(Instant::now() < deadline, "something is left to do");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn books(&self, slot: SlotId, student: AccountId) {
        let booking = NewBooking {
            booking_id: BookingId(RandomIds.next()),
            booker: Booker::Student(student),
            note: None,
            hold_id: None,
        };
        self.does(Command::Slot(slot, SlotCommand::BookSeat(Box::new(booking)))).await.unwrap();
    }

    /// Opens a lesson of one hour.
    pub async fn opens(&self, teacher: AccountId, starts_at: Timestamp) -> SlotId {
        let id = SlotId(RandomIds.next());
        let slot = Box::new(slot(teacher, starts_at, None));
        self.does(Command::Slot(id, SlotCommand::OpenSlot(slot))).await.unwrap();
        id
    }
}

async fn bus(options: &PgConnectOptions) -> Arc<Bus> {
    let settings = LogSettings { max_connections: 4, ..LogSettings::default() };
    Bus::start(options.clone(), &MasterKey::new([7; 32]), Arc::new(SystemClock), settings).await.unwrap()
}

pub fn asked() -> CommandContext {
    let id = RandomIds.next();
    CommandContext {
        actor: Actor::system("test"),
        role: None,
        source: Source::Api,
        correlation_id: id,
        causation_id: None,
        command_id: CommandId(id),
        traceparent: None,
        expected_version: None,
    }
}

/// Instant so many hours from now, on a whole second.
pub fn in_hours(hours: i64) -> Timestamp {
    let then = SystemClock.now() + SignedDuration::from_hours(hours);
    Timestamp::from_second(then.as_second()).unwrap()
}

pub fn rub(amount: i64) -> Money {
    Money { amount, currency: Currency::RUB }
}

fn one(code: &str) -> Vec<String> {
    vec![code.to_owned()]
}

pub fn wish(student: AccountId, starts_at: Timestamp) -> NewRequest {
    NewRequest {
        student,
        terms: RequestTerms {
            grade: "11".to_owned(),
            subject: "physics".to_owned(),
            goals: one("ege"),
            experience: None,
            duration_minutes: 60,
            format: LessonFormat::Online,
            city: None,
            starts_at,
            max_price: Some(rub(200_000)),
        },
        comment: Some("Оптика".to_owned()),
        place: 0,
    }
}

pub fn willing() -> ProfileChanges {
    ProfileChanges {
        subjects: Some(one("physics")),
        grades: Some(one("11")),
        goals: Some(one("ege")),
        formats: Some(one("online")),
        durations: Some(vec![60]),
        takes_requests: Some(true),
        ..ProfileChanges::default()
    }
}

pub fn slot(teacher: AccountId, starts_at: Timestamp, request_id: Option<RequestId>) -> NewSlot {
    NewSlot {
        teacher,
        period: Period::of_minutes(starts_at, 60).unwrap(),
        zone: TimeZoneName::default(),
        tzdb: None,
        terms: SlotTerms {
            subject: "physics".to_owned(),
            lesson_type: LessonType::Regular,
            format: LessonFormat::Online,
            price: rub(150_000),
            capacity: 1,
            min_participants: None,
            goals: one("ege"),
            grades: one("11"),
            place: None::<Personal<String>>,
        },
        series_id: None,
        class_id: None,
        request_id,
        members: Vec::new(),
    }
}

/// Id of the lesson that a teacher's acceptance would open.
pub fn build_lesson(request: RequestId, teacher: AccountId) -> SlotId {
    SlotId(Uuid::new_v5(&request.uuid(), teacher.uuid().as_bytes()))
}
