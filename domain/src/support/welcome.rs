//! The welcome ticket, which the registration of a student or teacher opens.

use uuid::Uuid;

use super::categories::NEW_USERS;
use super::ticket::NewTicket;
use super::values::{Channel, Priority};
use crate::actor::Role;
use crate::ids::{AccountId, TicketId};

/// Tags that only the system gives: of a registration, of a new user, and of a teacher or a student.
pub(crate) const SYSTEM_TAGS: [&str; 4] = ["регистрация", "новый пользователь", "преподавателя", "ученика"];

/// Returns the id of an account's welcome ticket (UUIDv5 of the account id); an account has only one.
pub fn welcome_ticket_id(account_id: AccountId) -> TicketId {
    TicketId(Uuid::new_v5(&account_id.uuid(), b"welcome-ticket"))
}

/// Returns the command that opens the welcome ticket; `None` for roles that do not register themselves.
pub fn welcome_ticket(account_id: AccountId, role: Role, name: &str) -> Option<NewTicket> {
    let kind = match role {
        Role::Teacher => SYSTEM_TAGS[2],
        Role::Student => SYSTEM_TAGS[3],
        Role::Support | Role::Analyst | Role::Admin | Role::Auditor => return None,
    };
    Some(NewTicket {
        requester: account_id,
        title: format!("Добро пожаловать, {name}!"),
        description: format!(
            "Новый пользователь {kind} зарегистрировался на платформе. Необходимо проверить профиль \
             и при необходимости связаться для уточнения деталей."
        ),
        priority: Priority::Medium,
        category: NEW_USERS.to_owned(),
        tags: vec![SYSTEM_TAGS[0].to_owned(), SYSTEM_TAGS[1].to_owned(), kind.to_owned()],
        channel: Channel::System,
    })
}
