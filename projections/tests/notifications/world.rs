//! An installation whose clock jumps, with inboxes and a mail server.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use commands::{Bus, LogSettings, MasterKey};
use domain::accounts::{AccountCommand, Email, Locale, Nickname, PersonName, Registration, TimeZoneName};
use domain::messaging::{
    ConversationCommand, ConversationKind, NewConversation, NewMessage, direct_conversation_id, message_id,
};
use domain::notifications::{Inbox, InboxCommand, InboxEvent, LocalTime, QuietHours};
use domain::scheduling::{
    Booker, LessonFormat, LessonType, NewBooking, NewSlot, Period, SlotCommand, SlotTerms,
};
use domain::{
    AccountId, Actor, BookingId, Clock, Command, CommandContext, CommandId, Currency, Dispatch, Event,
    EventLog, FixedClock, Ids, Money, RandomIds, Role, SlotId, Source, StreamId, StreamVersion, SystemClock,
    TicketId,
};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use migrations::throwaway_database;
use projection_runtime::{Components, ProjectionRuntime, Roles, RuntimeSettings};
use projections::HandlerContext;
use projections::accounts::DirectoryReadModel;
use projections::notifications::{ConversationMembersReadModel, NotificationsReadModel};
use projections::notifications::{
    Mailer, NotificationSettings, RatingLinks, Smtp as SmtpServer, Transport, notification_handlers,
    notification_process_managers,
};
use projections::scheduling::{SlotsReadModel, WaitlistReadModel};
use projections::scheduling::{lesson_handlers, lesson_process_managers};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::smtp::Smtp;

pub const DIGEST: i64 = 15;

pub struct World {
    pub pool: PgPool,
    pub bus: Arc<Bus>,
    pub clock: Arc<FixedClock>,
    pub smtp: Smtp,
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

/// Links that show what they were made from.
struct PlainLinks;

impl RatingLinks for PlainLinks {
    fn address(&self, ticket_id: TicketId, requester: AccountId, resolved_at: Timestamp) -> String {
        format!("https://school.example/rate/{ticket_id}/{requester}/{}", resolved_at.as_second())
    }
}

impl World {
    pub async fn new() -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres server");
        let database = throwaway_database(&server).await.unwrap();
        let pool = PgPool::connect_with(database.options.clone()).await.unwrap();
        let clock = Arc::new(FixedClock::at(SystemClock.now()));
        let settings = LogSettings { max_connections: 4, ..LogSettings::default() };
        let bus =
            Bus::start(database.options, &MasterKey::new([7; 32]), clock.clone(), settings).await.unwrap();
        Self { pool, bus, clock, smtp: Smtp::start().await }
    }

    pub async fn start(&self) -> Running {
        let log: Arc<dyn EventLog> = Arc::new(self.bus.log().clone());
        let context =
            HandlerContext { log: log.clone(), dispatch: self.bus.clone(), clock: self.clock.clone() };
        let server = SmtpServer { url: self.smtp.url().into(), timeout: Duration::from_millis(300) };
        let mailer = Mailer::new(
            "Kafedra <school@kafedra.example>",
            "https://school.example",
            Transport::Smtp(server),
        );
        let settings = NotificationSettings {
            mailer: mailer.unwrap(),
            rating_links: Arc::new(PlainLinks),
            digest: SignedDuration::from_mins(DIGEST),
            max_attempts: 3,
            pause: SignedDuration::from_secs(10),
            longest_pause: SignedDuration::from_mins(1),
        };
        let mut task_handlers = lesson_handlers(&context, &self.pool);
        task_handlers.extend(notification_handlers(&context, &self.pool, &settings));
        let parts = Components {
            pool: self.pool.clone(),
            log,
            committed: self.bus.committed(),
            clock: self.clock.clone(),
            read_models: vec![
                Arc::new(DirectoryReadModel),
                Arc::new(SlotsReadModel),
                Arc::new(WaitlistReadModel),
                Arc::new(ConversationMembersReadModel),
                Arc::new(NotificationsReadModel),
            ],
            process_managers: lesson_process_managers()
                .into_iter()
                .chain(notification_process_managers())
                .collect(),
            task_handlers,
        };
        let settings =
            RuntimeSettings { task_poll_interval: Duration::from_millis(50), ..RuntimeSettings::default() };
        let cancel = CancellationToken::new();
        let projections =
            ProjectionRuntime::start(parts, settings, Roles::ALL, cancel.clone()).await.unwrap();
        let running = Running { projections, cancel };
        self.is_quiet().await;
        running
    }

    pub fn in_minutes(&self, minutes: i64) -> Timestamp {
        self.clock.now() + SignedDuration::from_mins(minutes)
    }

    pub fn passes(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub async fn asks(&self, command: Command) {
        self.bus.dispatch(command, asked(Actor::system("test"))).await.unwrap();
    }

    /// Carries out a command of the person on their own account.
    pub async fn does(&self, person: AccountId, command: Command) {
        self.bus.dispatch(command, asked(Actor::Account(person))).await.unwrap();
    }

    pub async fn registers(&self, role: Role) -> AccountId {
        let account_id = AccountId(RandomIds.next());
        let handle = account_id.to_string().replace('-', "");
        let registration = Registration {
            account_id,
            role,
            by_admin: true,
            email: Email::parse(&format!("{handle}@school.example")).unwrap(),
            name: PersonName::parse("Анна").unwrap(),
            nickname: Nickname::parse(&handle[..30]).unwrap(),
            phone: None,
            locale: Locale::En,
            time_zone: TimeZoneName::parse("UTC").or_else(|_| TimeZoneName::parse("Etc/UTC")).unwrap(),
            terms_version: "1".to_owned(),
        };
        self.asks(Command::Account(account_id, AccountCommand::RegisterAccount(registration))).await;
        account_id
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
        self.does(teacher, Command::Slot(slot_id, SlotCommand::OpenSlot(Box::new(new)))).await;
        slot_id
    }

    pub async fn books(&self, slot_id: SlotId, student: AccountId) -> BookingId {
        let booking_id = BookingId(RandomIds.next());
        let new = NewBooking { booking_id, booker: Booker::Student(student), note: None, hold_id: None };
        self.does(student, Command::Slot(slot_id, SlotCommand::BookSeat(Box::new(new)))).await;
        booking_id
    }

    /// Sends a direct message; `n` tells the messages of one sender apart.
    pub async fn writes(&self, sender: AccountId, to: AccountId, n: u128) {
        let id = direct_conversation_id(sender, to);
        let start =
            NewConversation { kind: ConversationKind::Direct, participants: vec![sender, to], context: None };
        self.does(sender, Command::Conversation(id, ConversationCommand::StartConversation(start))).await;
        let client_id = uuid::Uuid::from_u128(n);
        let draft = NewMessage {
            message_id: message_id(id, sender, client_id),
            sender,
            body: "секретный текст".to_owned(),
            attachments: vec![],
            client_id,
        };
        let send = ConversationCommand::SendMessage(Box::new(draft));
        self.does(sender, Command::Conversation(id, send)).await;
    }

    pub async fn reads(&self, reader: AccountId, other: AccountId, up_to: u64) {
        let id = direct_conversation_id(reader, other);
        self.does(reader, Command::Conversation(id, ConversationCommand::MarkRead { by: reader, up_to }))
            .await;
    }

    /// Sets quiet hours from now for an hour and a half, in UTC.
    pub async fn wants_quiet(&self, person: AccountId) {
        let at = |minutes| {
            let local = self.in_minutes(minutes).to_zoned(jiff::tz::TimeZone::UTC);
            LocalTime::parse(&local.strftime("%H:%M").to_string()).unwrap()
        };
        let hours = QuietHours::between(at(-1), at(90)).unwrap();
        self.does(person, Command::Inbox(person, InboxCommand::ChangeQuietHours(Some(hours)))).await;
    }

    /// Kinds of the person's notifications, in order.
    pub async fn told(&self, person: AccountId) -> Vec<&'static str> {
        self.is_quiet().await;
        let kind = |event: &InboxEvent| match event {
            InboxEvent::NotificationRaised { notice, .. } => Some(notice.kind().as_str()),
            _ => None,
        };
        self.inbox(person).await.iter().filter_map(kind).collect()
    }

    /// Events of the person's inbox.
    pub async fn inbox(&self, person: AccountId) -> Vec<InboxEvent> {
        let sealed =
            self.bus.log().read_stream(&StreamId::of::<Inbox>(person), StreamVersion::START).await.unwrap();
        let events = self.bus.log().open(&sealed).await.unwrap();
        let inbox = |recorded: domain::RecordedEvent| match recorded.event {
            Event::Inbox(event) => Some(event),
            _ => None,
        };
        events.into_iter().filter_map(inbox).collect()
    }

    /// Outcome of each mail of the person, or what it waits for: the rows of the read model.
    pub async fn mails_of(&self, person: AccountId) -> Vec<(String, Option<String>)> {
        self.is_quiet().await;
        sqlx::query_as(
            "select email_state, email_reason from app.notifications where account_id = $1 order by number",
        )
        .bind(person.uuid())
        .fetch_all(&self.pool)
        .await
        .unwrap()
    }

    /// Waits until every event is handled and no task is due at this time.
    pub async fn is_quiet(&self) {
        eventually("everything is heard and nothing is due", || async {
            sqlx::query_scalar(
                "select not exists (
                     select from process.tasks
                     where state = 'running' or (state = 'waiting' and due_at <= $1))
                   and (select count(*) from process.checkpoints) = 6
                   and (select count(*) from projection.checkpoints) = 5
                   and (select min(position) from process.checkpoints) = (select position from log.head)
                   and (select min(position) from projection.checkpoints) = (select position from log.head)",
            )
            .bind(self.clock.now().to_sqlx())
            .fetch_one(&self.pool)
            .await
            .unwrap_or(false)
        })
        .await;
    }
}

pub fn asked(actor: Actor) -> CommandContext {
    let id = RandomIds.next();
    CommandContext {
        actor,
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
