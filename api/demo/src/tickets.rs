//! What demo students ask the support, and how far each of it has come: by commands alone.

use domain::support::{Channel, NewTicket, Priority, Status, TicketCommand};
use domain::{AccountId, Command, NoteId, ReplyId, Role, TicketId};
use serde::Serialize;
use uuid::Uuid;

use super::lessons::Desk;
use super::{DemoError, acting, happens};

/// One student of so many asks something.
const ONE_OF: usize = 10;

/// A question, and what becomes of it.
struct Story {
    title: &'static str,
    description: &'static str,
    category: &'static str,
    tags: &'static [&'static str],
    priority: Priority,
    steps: &'static [Step],
}

/// What happens in a ticket.
enum Step {
    /// By the agent.
    Taken,
    Answered(&'static str),
    Noted(&'static str),
    Led(Status),
    /// By the requester.
    Added(&'static str),
    Rated(u8, Option<&'static str>),
}

use Step::{Added, Answered, Led, Noted, Rated, Taken};

const STORIES: &[Story] = &[
    Story {
        title: "Не вижу оплаченный урок",
        description: "Деньги списаны вчера вечером, а урока в расписании нет.",
        category: "Оплата",
        tags: &["оплата", "расписание"],
        priority: Priority::High,
        steps: &[
            Taken,
            Led(Status::InProgress),
            Answered("Здравствуйте! Проверяем платёж, это займёт до часа."),
            Noted("Платёж завис у банка, подтвердили вручную."),
            Answered("Готово: урок снова в расписании. Извините за беспокойство!"),
            Led(Status::Resolved),
            Rated(5, Some("Быстро и вежливо, спасибо!")),
        ],
    },
    Story {
        title: "Не открывается видеосвязь",
        description: "Урок через час, а вместо комнаты белая страница. Браузер обновил.",
        category: "Техника",
        tags: &["видео"],
        priority: Priority::Urgent,
        // Nobody answers: after half an hour of the desk the school itself says that it is late.
        steps: &[],
    },
    Story {
        title: "Как сменить преподавателя?",
        description: "Хотим попробовать другого преподавателя по физике, оставшиеся уроки перенести.",
        category: "Уроки",
        tags: &[],
        priority: Priority::Medium,
        steps: &[
            Taken,
            Answered("Добрый день! Подскажите, какие дни вам удобны, предложим троих преподавателей."),
            Led(Status::Waiting),
        ],
    },
    Story {
        title: "Тёмная тема",
        description: "Вечером экран слишком яркий. Будет ли тёмная тема?",
        category: "Пожелания",
        tags: &["сайт"],
        priority: Priority::Low,
        steps: &[],
    },
    Story {
        title: "Справка для налогового вычета",
        description: "Нужна справка об оплате уроков за прошлый год.",
        category: "Документы",
        tags: &["документы"],
        priority: Priority::Medium,
        steps: &[
            Taken,
            Answered("Справку подготовили, она придёт на вашу почту сегодня."),
            Added("Получила, спасибо."),
            Led(Status::Resolved),
            Rated(4, None),
            Led(Status::Closed),
        ],
    },
    Story {
        title: "Лишнее списание за отменённый урок",
        description: "Отменил за два дня, но деньги не вернулись.",
        category: "Оплата",
        tags: &["возврат"],
        priority: Priority::High,
        steps: &[
            Taken,
            Answered("Возврат отправлен, банк зачислит его в течение трёх дней."),
            Led(Status::Resolved),
            Added("Прошло четыре дня, денег нет."),
            Led(Status::InProgress),
            Noted("Запросили у банка номер операции."),
        ],
    },
    Story {
        title: "I cannot change my time zone",
        description: "I have moved to Berlin, and lessons are still shown in Moscow time.",
        category: "Profile",
        tags: &["profile"],
        priority: Priority::Medium,
        steps: &[
            Taken,
            Answered("Please choose it under Profile, Time zone; lessons move with it at once."),
            Led(Status::Resolved),
            Rated(2, Some("It took a while to find.")),
        ],
    },
    Story {
        title: "Сертификат об окончании курса",
        description: "Курс закончен, где скачать сертификат?",
        category: "Документы",
        tags: &[],
        priority: Priority::Low,
        steps: &[Taken, Answered("Сертификат появится в профиле в течение дня."), Led(Status::Resolved)],
    },
];

/// How many of what there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tickets {
    pub tickets: u32,
    pub resolved: u32,
    pub rated: u32,
}

impl Tickets {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            tickets: self.tickets + other.tickets,
            resolved: self.resolved + other.resolved,
            rated: self.rated + other.rated,
        }
    }
}

/// Lets some of the students ask, and the agent answer; repeated, nothing is asked again.
///
/// # Errors
/// The log is away.
pub(super) async fn answer(
    desk: Desk<'_>,
    agent: AccountId,
    students: &[AccountId],
) -> Result<Tickets, DemoError> {
    let mut made = Tickets::default();
    for (requester, story) in students.iter().step_by(ONE_OF).zip(STORIES.iter().cycle()) {
        let ticket_id = TicketId(Uuid::new_v5(&requester.uuid(), b"demo-ticket"));
        let asked = Asked { desk, ticket_id, requester: *requester, agent };
        made = made.and(asked.goes(story).await?);
    }
    Ok(made)
}

struct Asked<'a> {
    desk: Desk<'a>,
    ticket_id: TicketId,
    requester: AccountId,
    agent: AccountId,
}

impl Asked<'_> {
    async fn goes(&self, story: &Story) -> Result<Tickets, DemoError> {
        let new = NewTicket {
            requester: self.requester,
            title: story.title.to_owned(),
            description: story.description.to_owned(),
            priority: story.priority,
            category: story.category.to_owned(),
            tags: story.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            channel: Channel::Web,
        };
        let open = Command::Ticket(self.ticket_id, TicketCommand::OpenTicket(new));
        let context = acting(self.requester, Role::Student, self.ticket_id.uuid(), "open");
        let mut made = Tickets::default();
        if !happens(self.desk.bus, open, context).await? {
            return Ok(made);
        }
        made.tickets = 1;
        for (number, step) in story.steps.iter().enumerate() {
            let happened = u32::from(self.happens(number, step).await?);
            match step {
                Led(Status::Resolved) => made.resolved += happened,
                Rated(..) => made.rated += happened,
                Taken | Answered(_) | Noted(_) | Led(_) | Added(_) => {}
            }
        }
        Ok(made)
    }

    async fn happens(&self, number: usize, step: &Step) -> Result<bool, DemoError> {
        let (ticket, agent, requester) = (self.ticket_id.uuid(), self.agent, self.requester);
        let purpose = format!("step-{number}");
        let said = Uuid::new_v5(&ticket, purpose.as_bytes());
        let body = |text: &str| text.to_owned();
        let command = match step {
            Taken => TicketCommand::AssignTicket { agent },
            Answered(text) => {
                TicketCommand::ReplyAsAgent { reply_id: ReplyId(said), by: agent, body: body(text) }
            }
            Noted(text) => TicketCommand::AddNote { note_id: NoteId(said), by: agent, body: body(text) },
            Led(to) => TicketCommand::ChangeStatus { to: *to },
            Added(text) => {
                TicketCommand::ReplyAsRequester { reply_id: ReplyId(said), by: requester, body: body(text) }
            }
            Rated(rating, comment) => {
                TicketCommand::RateSatisfaction { by: requester, rating: *rating, comment: comment.map(body) }
            }
        };
        let context = match step {
            Taken | Answered(_) | Noted(_) | Led(_) => acting(agent, Role::Support, ticket, &purpose),
            Added(_) | Rated(..) => acting(requester, Role::Student, ticket, &purpose),
        };
        happens(self.desk.bus, Command::Ticket(self.ticket_id, command), context).await
    }
}
