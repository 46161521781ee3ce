//! Tickets of demo students in all statuses, by commands only.

use domain::support::{Channel, Classification, NewTicket, Priority, Status, TicketCommand};
use domain::{AccountId, Command, CommandContext, Dispatch, NoteId, ReplyId, Role, TicketId};
use serde::Serialize;
use uuid::Uuid;

use super::lessons::LessonDemo;
use super::{DemoError, dispatch_if_allowed, person_context};

/// Number of students per ticket.
const STUDENTS_PER_TICKET: usize = 10;

/// A ticket and the steps that follow.
struct TicketScenario {
    title: &'static str,
    description: &'static str,
    category: &'static str,
    tags: &'static [&'static str],
    priority: Priority,
    steps: &'static [TicketStep],
}

/// A step in a ticket.
enum TicketStep {
    /// Steps of the agent.
    Assign,
    Reply(&'static str),
    AddNote(&'static str),
    SetStatus(Status),
    /// Steps of the requester.
    Comment(&'static str),
    Rate(u8, Option<&'static str>),
}

use TicketStep::{AddNote, Assign, Comment, Rate, Reply, SetStatus};

const SCENARIOS: &[TicketScenario] = &[
    TicketScenario {
        title: "Не вижу оплаченный урок",
        description: "Деньги списаны вчера вечером, а урока в расписании нет.",
        category: "Оплата",
        tags: &["оплата", "расписание"],
        priority: Priority::High,
        steps: &[
            Assign,
            SetStatus(Status::InProgress),
            Reply("Здравствуйте! Проверяем платёж, это займёт до часа."),
            AddNote("Платёж завис у банка, подтвердили вручную."),
            Reply("Готово: урок снова в расписании. Извините за беспокойство!"),
            SetStatus(Status::Resolved),
            Rate(5, Some("Быстро и вежливо, спасибо!")),
        ],
    },
    TicketScenario {
        title: "Не открывается видеосвязь",
        description: "Урок через час, а вместо комнаты белая страница. Браузер обновил.",
        category: "Техника",
        tags: &["видео"],
        priority: Priority::Urgent,
        // No agent answers: after half an hour of business time the SLA is breached.
        steps: &[],
    },
    TicketScenario {
        title: "Как сменить преподавателя?",
        description: "Хотим попробовать другого преподавателя по физике, оставшиеся уроки перенести.",
        category: "Уроки",
        tags: &[],
        priority: Priority::Medium,
        steps: &[
            Assign,
            Reply("Добрый день! Подскажите, какие дни вам удобны, предложим троих преподавателей."),
            SetStatus(Status::Waiting),
        ],
    },
    TicketScenario {
        title: "Тёмная тема",
        description: "Вечером экран слишком яркий. Будет ли тёмная тема?",
        category: "Пожелания",
        tags: &["сайт"],
        priority: Priority::Low,
        steps: &[],
    },
    TicketScenario {
        title: "Справка для налогового вычета",
        description: "Нужна справка об оплате уроков за прошлый год.",
        category: "Документы",
        tags: &["документы"],
        priority: Priority::Medium,
        steps: &[
            Assign,
            Reply("Справку подготовили, она придёт на вашу почту сегодня."),
            Comment("Получила, спасибо."),
            SetStatus(Status::Resolved),
            Rate(4, None),
            SetStatus(Status::Closed),
        ],
    },
    TicketScenario {
        title: "Лишнее списание за отменённый урок",
        description: "Отменил за два дня, но деньги не вернулись.",
        category: "Оплата",
        tags: &["возврат"],
        priority: Priority::High,
        steps: &[
            Assign,
            Reply("Возврат отправлен, банк зачислит его в течение трёх дней."),
            SetStatus(Status::Resolved),
            Comment("Прошло четыре дня, денег нет."),
            SetStatus(Status::InProgress),
            AddNote("Запросили у банка номер операции."),
        ],
    },
    TicketScenario {
        title: "I cannot change my time zone",
        description: "I have moved to Berlin, and lessons are still shown in Moscow time.",
        category: "Профиль",
        tags: &["profile"],
        priority: Priority::Medium,
        steps: &[
            Assign,
            Reply("Please choose it under Profile, Time zone; lessons move with it at once."),
            SetStatus(Status::Resolved),
            Rate(2, Some("It took a while to find.")),
        ],
    },
    TicketScenario {
        title: "Сертификат об окончании курса",
        description: "Курс закончен, где скачать сертификат?",
        category: "Документы",
        tags: &[],
        priority: Priority::Low,
        steps: &[Assign, Reply("Сертификат появится в профиле в течение дня."), SetStatus(Status::Resolved)],
    },
];

/// Numbers of tickets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tickets {
    pub tickets: u32,
    pub resolved: u32,
    pub rated: u32,
}

impl Tickets {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            tickets: self.tickets + other.tickets,
            resolved: self.resolved + other.resolved,
            rated: self.rated + other.rated,
        }
    }
}

/// Seeds tickets of some students, with answers of the agent. A repetition opens no ticket again.
///
/// # Errors
/// [`DemoError`] if the log is unavailable.
pub(super) async fn seed_tickets(
    lesson_demo: LessonDemo<'_>,
    agent: AccountId,
    students: &[AccountId],
) -> Result<Tickets, DemoError> {
    let mut made = Tickets::default();
    for (requester, scenario) in students.iter().step_by(STUDENTS_PER_TICKET).zip(SCENARIOS.iter().cycle()) {
        let ticket_id = TicketId(Uuid::new_v5(&requester.uuid(), b"demo-ticket"));
        let demo = TicketDemo { ticket_id, requester: *requester, agent };
        made = made.plus(demo.seed(lesson_demo.bus, scenario).await?);
    }
    Ok(made)
}

/// A ticket of a student, which the agent answers.
pub(super) struct TicketDemo {
    pub ticket_id: TicketId,
    pub requester: AccountId,
    pub agent: AccountId,
}

/// A command with its context.
type Prepared = (Command, CommandContext);

/// Returns the largest number of steps of a scenario.
pub(super) fn most_steps() -> usize {
    SCENARIOS.iter().map(|scenario| scenario.steps.len()).max().unwrap_or_default()
}

impl TicketDemo {
    /// Returns the commands that open the ticket of the scenario with this number, in a cycle.
    pub(super) fn open_commands(&self, scenario: usize) -> Vec<Prepared> {
        let scenario = &SCENARIOS[scenario % SCENARIOS.len()];
        std::iter::once(self.open(scenario)).chain(self.tag(scenario.tags)).collect()
    }

    /// Returns one step of the scenario; `None` if it has fewer.
    pub(super) fn answer_command(&self, scenario: usize, number: usize) -> Option<Prepared> {
        SCENARIOS[scenario % SCENARIOS.len()].steps.get(number).map(|step| self.step(number, step))
    }

    /// Returns the commands by which the agent settles a ticket that is still open.
    pub(super) fn settle_commands(&self) -> [Prepared; 2] {
        let reply = Reply("Спасибо, что написали. Мы всё проверили; если вопрос остался, ответьте здесь.");
        [self.step(most_steps(), &reply), self.step(most_steps() + 1, &SetStatus(Status::Resolved))]
    }

    async fn seed(&self, bus: &dyn Dispatch, scenario: &TicketScenario) -> Result<Tickets, DemoError> {
        let mut made = Tickets::default();
        let (open, context) = self.open(scenario);
        if !dispatch_if_allowed(bus, open, context).await? {
            return Ok(made);
        }
        made.tickets = 1;
        if let Some((tag, context)) = self.tag(scenario.tags) {
            dispatch_if_allowed(bus, tag, context).await?;
        }
        for (number, step) in scenario.steps.iter().enumerate() {
            let (command, context) = self.step(number, step);
            let happened = u32::from(dispatch_if_allowed(bus, command, context).await?);
            match step {
                SetStatus(Status::Resolved) => made.resolved += happened,
                Rate(..) => made.rated += happened,
                Assign | Reply(_) | AddNote(_) | SetStatus(_) | Comment(_) => {}
            }
        }
        Ok(made)
    }

    fn open(&self, scenario: &TicketScenario) -> Prepared {
        let new = NewTicket {
            requester: self.requester,
            title: scenario.title.to_owned(),
            description: scenario.description.to_owned(),
            priority: scenario.priority,
            category: scenario.category.to_owned(),
            tags: Vec::new(),
            channel: Channel::Web,
        };
        let context = person_context(self.requester, Role::Student, self.ticket_id.uuid(), "open");
        (Command::Ticket(self.ticket_id, TicketCommand::OpenTicket(new)), context)
    }

    /// Gives the ticket tags, which only staff can.
    fn tag(&self, tags: &[&str]) -> Option<Prepared> {
        if tags.is_empty() {
            return None;
        }
        let tags = Some(tags.iter().map(|tag| (*tag).to_owned()).collect());
        let tagging = Classification { priority: None, category: None, tags };
        let command = Command::Ticket(self.ticket_id, TicketCommand::ClassifyTicket(tagging));
        Some((command, person_context(self.agent, Role::Support, self.ticket_id.uuid(), "tag")))
    }

    fn step(&self, number: usize, step: &TicketStep) -> Prepared {
        let (ticket, agent, requester) = (self.ticket_id.uuid(), self.agent, self.requester);
        let purpose = format!("step-{number}");
        let id = Uuid::new_v5(&ticket, purpose.as_bytes());
        let body = |text: &str| text.to_owned();
        let command = match step {
            Assign => TicketCommand::AssignTicket { agent },
            Reply(text) => TicketCommand::ReplyAsAgent { reply_id: ReplyId(id), by: agent, body: body(text) },
            AddNote(text) => TicketCommand::AddNote { note_id: NoteId(id), by: agent, body: body(text) },
            SetStatus(to) => TicketCommand::ChangeStatus { to: *to },
            Comment(text) => {
                TicketCommand::ReplyAsRequester { reply_id: ReplyId(id), by: requester, body: body(text) }
            }
            Rate(rating, comment) => {
                TicketCommand::RateSatisfaction { by: requester, rating: *rating, comment: comment.map(body) }
            }
        };
        let context = match step {
            Assign | Reply(_) | AddNote(_) | SetStatus(_) => {
                person_context(agent, Role::Support, ticket, &purpose)
            }
            Comment(_) | Rate(..) => person_context(requester, Role::Student, ticket, &purpose),
        };
        (Command::Ticket(self.ticket_id, command), context)
    }
}
