//! An installation with inboxes and a mail server.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use domain::accounts::{AccountCommand, Locale, Registration, TimeZoneName};
use domain::messaging::{
    ConversationCommand, ConversationKind, NewConversation, NewMessage, direct_conversation_id, message_id,
};
use domain::notifications::{Inbox, InboxCommand, InboxEvent, LocalTime, QuietHours};
use domain::{AccountId, Command, Event, EventLog, Role, StreamId, StreamVersion, TicketId};
use fixtures::{Installation, Listeners, Running, person, registration};
use jiff::{SignedDuration, Timestamp};
use projections::HandlerContext;
use projections::accounts::DirectoryReadModel;
use projections::notifications::{
    AccountLinkIssuer, Mailer, NewAccountLink, NotificationSettings, RatingLinks, Smtp as SmtpServer,
    Transport, notification_handlers, notification_process_managers,
};
use projections::notifications::{ConversationMembersReadModel, NotificationsReadModel};
use projections::scheduling::{SlotsReadModel, WaitlistReadModel};
use projections::scheduling::{lesson_handlers, lesson_process_managers};

use crate::smtp::Smtp;

pub const DIGEST: i64 = 15;

pub struct World {
    installation: Installation,
    pub smtp: Smtp,
}

impl Deref for World {
    type Target = Installation;

    fn deref(&self) -> &Installation {
        &self.installation
    }
}

/// Links that show what they were made from.
struct PlainLinks;

impl RatingLinks for PlainLinks {
    fn address(&self, ticket_id: TicketId, requester: AccountId, resolved_at: Timestamp) -> String {
        format!("https://school.example/rate/{ticket_id}/{requester}/{}", resolved_at.as_second())
    }
}

#[async_trait::async_trait]
impl AccountLinkIssuer for PlainLinks {
    async fn issue(&self, link: NewAccountLink<'_>) -> Result<String, sqlx::Error> {
        Ok(format!("https://school.example/{}/{}", link.purpose, link.id))
    }
}

impl World {
    pub async fn new() -> Self {
        Self { installation: Installation::at_present().await, smtp: Smtp::start().await }
    }

    pub async fn start(&self) -> Running {
        let context =
            HandlerContext { log: self.log(), dispatch: self.bus.clone(), clock: self.clock.clone() };
        let server = SmtpServer { url: self.smtp.url().into(), timeout: Duration::from_millis(300) };
        let mailer = Mailer::new(
            "Kafedra <school@kafedra.example>",
            "https://school.example",
            Transport::Smtp(server),
        );
        let settings = NotificationSettings {
            mailer: mailer.unwrap(),
            rating_links: Arc::new(PlainLinks),
            account_links: Arc::new(PlainLinks),
            digest: SignedDuration::from_mins(DIGEST),
            max_attempts: 3,
            pause: SignedDuration::from_secs(10),
            longest_pause: SignedDuration::from_mins(1),
        };
        let mut task_handlers = lesson_handlers(&context, &self.pool);
        task_handlers.extend(notification_handlers(&context, &self.pool, &settings));
        let process_managers = lesson_process_managers().into_iter().chain(notification_process_managers());
        let listeners = Listeners {
            read_models: vec![
                Arc::new(DirectoryReadModel),
                Arc::new(SlotsReadModel),
                Arc::new(WaitlistReadModel),
                Arc::new(ConversationMembersReadModel),
                Arc::new(NotificationsReadModel),
            ],
            process_managers: process_managers.collect(),
            task_handlers,
        };
        let running = self.runs(listeners).await;
        self.is_quiet().await;
        running
    }

    /// Registers a person who reads English.
    pub async fn registers(&self, role: Role) -> AccountId {
        let registration = Registration {
            by_admin: true,
            locale: Locale::En,
            time_zone: TimeZoneName::parse("UTC").or_else(|_| TimeZoneName::parse("Etc/UTC")).unwrap(),
            ..registration(person(), role)
        };
        let person = self.registers_as(registration).await;
        self.does(person, Command::Account(person, AccountCommand::VerifyEmail)).await;
        person
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
        let events = self.bus.log().decode(&sealed).await.unwrap();
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
}
