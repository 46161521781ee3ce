//! An installation with its log and the process managers of scheduling; its clock moves only on request.

mod line;

use std::sync::Arc;
use std::time::Duration;

use commands::{Bus, LogSettings, MasterKey};
use domain::accounts::{AccountCommand, Email, Locale, Nickname, PersonName, Registration, TimeZoneName};
use domain::scheduling::{
    Booker, Class, ClassCommand, ClassState, ClassTerms, HoldEnd, Initiator, Lesson, LessonFormat,
    LessonType, NewBooking, NewSlot, Period, Slot, SlotCommand, SlotTerms, WaitlistCommand, WaitlistEntry,
    WaitlistStatus,
};
use domain::{
    AccountId, Actor, BookingId, ClassId, Clock, Command, CommandContext, CommandId, Currency, Dispatch,
    DispatchError, EventLog, FixedClock, HoldId, Ids, Money, RandomIds, Role, SlotId, Source,
    WaitlistEntryId,
};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use migrations::throwaway_database;
use projection_runtime::{
    Components, Differences, ProcessManager, ProjectionRuntime, ReadModel, Roles, RuntimeSettings,
    TaskHandler,
};
use projections::HandlerContext;
use projections::messaging::ConversationsReadModel;
use projections::messaging::{ConversationMembership, ConversationMembershipHandler};
use projections::scheduling::{
    ClassMembershipCleanup, ClassMembershipCleanupHandler, ClassSeats, ClassSeatsHandler, WaitlistOffers,
    WaitlistOffersHandler, lesson_handlers, lesson_process_managers,
};
use projections::scheduling::{ClassesReadModel, SlotsReadModel, WaitlistReadModel};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

pub const TEACHER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
pub const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
pub const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000003"));
pub const VERA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000004"));
pub const PASSER_BY: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000009"));

/// `Ok`, or the code of the refusal.
pub type Answer = Result<(), &'static str>;

pub struct World {
    pub pool: PgPool,
    pub bus: Arc<Bus>,
    pub clock: Arc<FixedClock>,
    listening: Vec<(Arc<ProjectionRuntime>, CancellationToken)>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.listening.iter().for_each(|(_, cancel)| cancel.cancel());
    }
}

impl World {
    pub async fn start() -> Self {
        let mut world = Self::asleep().await;
        world.wakes().await;
        world
    }

    /// Starts without a process manager.
    pub async fn asleep() -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres server");
        let database = throwaway_database(&server).await.unwrap();
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        let clock = Arc::new(FixedClock::at("2026-11-24T09:00:00Z".parse().unwrap()));
        let settings = LogSettings { max_connections: 4, ..LogSettings::default() };
        let bus =
            Bus::start(database.options, &MasterKey::new([7; 32]), clock.clone(), settings).await.unwrap();
        Self { pool, bus, clock, listening: Vec::new() }
    }

    /// Starts a runtime, beside those that already run.
    pub async fn wakes(&mut self) {
        let log: Arc<dyn EventLog> = Arc::new(self.bus.log().clone());
        let clock: Arc<dyn Clock> = self.clock.clone();
        let context = HandlerContext { log: log.clone(), dispatch: self.bus.clone(), clock: clock.clone() };
        let mut task_handlers: Vec<Arc<dyn TaskHandler>> = WaitlistOffersHandler::all(&context).collect();
        let pool = self.pool.clone();
        task_handlers.extend(ClassSeatsHandler::all(&context, &pool));
        task_handlers.extend(lesson_handlers(&context, &pool));
        task_handlers.push(Arc::new(ConversationMembershipHandler { context: context.clone() }));
        task_handlers.push(Arc::new(ClassMembershipCleanupHandler { context, pool }));
        let mut process_managers: Vec<Arc<dyn ProcessManager>> = vec![
            Arc::new(WaitlistOffers),
            Arc::new(ClassSeats),
            Arc::new(ClassMembershipCleanup),
            Arc::new(ConversationMembership),
        ];
        process_managers.extend(lesson_process_managers());
        let parts = Components {
            pool: self.pool.clone(),
            log,
            committed: self.bus.committed(),
            clock,
            read_models: vec![
                Arc::new(SlotsReadModel),
                Arc::new(WaitlistReadModel),
                Arc::new(ClassesReadModel),
                Arc::new(ConversationsReadModel),
            ],
            process_managers,
            task_handlers,
        };
        let (poll, cancel) = (Duration::from_millis(20), CancellationToken::new());
        let settings =
            RuntimeSettings { poll_interval: poll, task_poll_interval: poll, ..RuntimeSettings::default() };
        let projections =
            ProjectionRuntime::start(parts, settings, Roles::ALL, cancel.clone()).await.unwrap();
        self.listening.push((projections, cancel));
    }

    /// Ends all runtimes.
    pub async fn sleeps(&mut self) {
        for (projections, cancel) in self.listening.drain(..) {
            cancel.cancel();
            projections.wait_until_ended().await;
        }
    }

    pub fn waits(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    pub async fn does(&self, commands: Vec<Command>) -> Answer {
        let id = RandomIds.next();
        let context = CommandContext {
            actor: Actor::system("test"),
            role: None,
            source: Source::Cli,
            correlation_id: id,
            causation_id: None,
            command_id: CommandId(id),
            traceparent: None,
            expected_version: None,
        };
        match self.bus.dispatch_atomically(commands, context).await {
            Ok(_) => Ok(()),
            Err(DispatchError::Refused(refusal)) => Err(refusal.code),
            Err(error) => panic!("{error}"),
        }
    }

    pub async fn registers(&self, account_id: AccountId, role: Role, nickname: &str) {
        let registration = Registration {
            account_id,
            role,
            by_admin: false,
            email: Email::parse(&format!("{nickname}@school.example")).unwrap(),
            name: PersonName::parse("Вера Лебедева").unwrap(),
            nickname: Nickname::parse(nickname).unwrap(),
            phone: None,
            locale: Locale::Ru,
            time_zone: TimeZoneName::default(),
            terms_version: "1".to_owned(),
        };
        let register = AccountCommand::RegisterAccount(registration);
        self.does(vec![Command::Account(account_id, register)]).await.unwrap();
    }

    pub async fn suspends(&self, account_id: AccountId) {
        let suspend = AccountCommand::SuspendAccount { reason: "looked into".to_owned() };
        self.does(vec![Command::Account(account_id, suspend)]).await.unwrap();
    }

    pub async fn reinstates(&self, account_id: AccountId) {
        let reinstate = AccountCommand::ReinstateAccount { reason: "looked into".to_owned() };
        self.does(vec![Command::Account(account_id, reinstate)]).await.unwrap();
    }

    pub async fn erases(&self, account_id: AccountId) {
        let erase = AccountCommand::EraseAccount { reason: "asked for it".to_owned() };
        self.does(vec![Command::Account(account_id, erase)]).await.unwrap();
    }

    /// Opens a lesson of one hour with so many seats that begins after this time.
    pub async fn opens(&self, capacity: u16, begins_in: SignedDuration) -> SlotId {
        self.opens_for(None, capacity, begins_in).await
    }

    pub async fn opens_for(
        &self,
        class_id: Option<ClassId>,
        capacity: u16,
        begins_in: SignedDuration,
    ) -> SlotId {
        self.opens_of(TEACHER, class_id, capacity, begins_in).await
    }

    /// Opens a lesson of another teacher.
    pub async fn opens_elsewhere(&self, begins_in: SignedDuration) -> SlotId {
        self.opens_of(PASSER_BY, None, 1, begins_in).await
    }

    async fn opens_of(
        &self,
        teacher: AccountId,
        class_id: Option<ClassId>,
        capacity: u16,
        begins_in: SignedDuration,
    ) -> SlotId {
        let slot_id = SlotId(RandomIds.next());
        let new = NewSlot {
            teacher,
            period: Period::of_minutes(self.clock.now() + begins_in, 60).unwrap(),
            zone: TimeZoneName::default(),
            tzdb: None,
            terms: SlotTerms {
                subject: "algebra".to_owned(),
                lesson_type: LessonType::Regular,
                format: LessonFormat::Online,
                price: Money { amount: 150_000, currency: Currency::RUB },
                capacity,
                min_participants: None,
                goals: vec![],
                grades: vec![],
                place: None,
            },
            series_id: None,
            class_id,
            request_id: None,
            members: vec![],
        };
        self.does(vec![Command::Slot(slot_id, SlotCommand::OpenSlot(Box::new(new)))]).await.unwrap();
        slot_id
    }

    pub async fn books(&self, slot_id: SlotId, student: AccountId) -> Result<BookingId, &'static str> {
        let booking_id = BookingId(RandomIds.next());
        let book = booked(slot_id, Booker::Student(student), booking_id, None);
        self.does(vec![book]).await.map(|()| booking_id)
    }

    pub async fn cancels(&self, slot_id: SlotId, booking_id: BookingId) {
        let by = Initiator::System;
        let cancel = SlotCommand::CancelBooking { booking_id, by, reason: None };
        self.does(vec![Command::Slot(slot_id, cancel)]).await.unwrap();
    }

    pub async fn lesson(&self, slot_id: SlotId) -> Lesson {
        self.bus.load::<Slot>(slot_id).await.unwrap().state.lesson().unwrap().clone()
    }

    /// Students with a seat, sorted.
    pub async fn seated(&self, slot_id: SlotId) -> Vec<AccountId> {
        let mut students: Vec<_> = self.lesson(slot_id).await.seated().map(|seat| seat.student).collect();
        students.sort();
        students
    }

    pub async fn seats(&self, slot_id: SlotId, students: &[AccountId]) {
        eventually(&format!("{students:?} have the seats"), async || {
            (self.seated(slot_id).await == students).then_some(())
        })
        .await;
    }

    pub async fn makes_class(&self, students: &[AccountId]) -> ClassId {
        let class_id = ClassId(RandomIds.next());
        let terms = ClassTerms {
            name: "Алгебра".to_owned(),
            description: None,
            subject: "algebra".to_owned(),
            grade: "9".to_owned(),
            colour: "#3366cc".to_owned(),
            capacity: 10,
        };
        self.class(class_id, ClassCommand::CreateClass { teacher: TEACHER, terms: Box::new(terms) }).await;
        for student in students {
            self.adds(class_id, *student).await;
        }
        class_id
    }

    pub async fn adds(&self, class_id: ClassId, student: AccountId) {
        self.class(class_id, ClassCommand::AddStudent { by: TEACHER, student }).await;
    }

    pub async fn removes(&self, class_id: ClassId, student: AccountId) {
        self.class(class_id, ClassCommand::RemoveStudent { by: Initiator::Person(student), student }).await;
    }

    pub async fn class(&self, class_id: ClassId, command: ClassCommand) {
        self.does(vec![Command::Class(class_id, command)]).await.unwrap();
    }

    pub async fn group(&self, class_id: ClassId) -> ClassState {
        self.bus.load::<Class>(class_id).await.unwrap().state.group().unwrap().clone()
    }

    /// Waits until every task is done.
    pub async fn is_quiet(&self) {
        eventually("nothing is left to do", async || {
            let quiet: bool = sqlx::query_scalar(
                "select not exists (
                     select from process.tasks
                     where state = 'running' or (state = 'waiting' and due_at <= $1))
                   and (select min(position) from process.checkpoints) = (select position from log.head)
                   and (select min(position) from projection.checkpoints) = (select position from log.head)",
            )
            .bind(self.clock.now().to_sqlx())
            .fetch_one(&self.pool)
            .await
            .unwrap_or(false);
            quiet.then_some(())
        })
        .await;
    }

    /// Compares the live tables with the tables that the log gives.
    pub async fn compare(&self, model: Arc<dyn ReadModel>) -> Differences {
        let (projections, _) = self.listening.first().expect("a runtime is started");
        projections.compare(model).await.unwrap()
    }

    /// Number of events of this type in the log.
    pub async fn events(&self, event_type: &str) -> i64 {
        sqlx::query_scalar("select count(*) from log.events where event_type = $1")
            .bind(event_type)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }
}

fn booked(slot_id: SlotId, booker: Booker, booking_id: BookingId, hold_id: Option<HoldId>) -> Command {
    let new = NewBooking { booking_id, booker, note: None, hold_id };
    Command::Slot(slot_id, SlotCommand::BookSeat(Box::new(new)))
}

pub fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

pub fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..1_500 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not in half a minute: {what}");
}
