//! The welcome ticket, which the registration of a student or teacher opens.

use uuid::Uuid;

use super::ticket::NewTicket;
use super::values::{Channel, Priority};
use crate::actor::Role;
use crate::ids::{AccountId, TicketId};

/// Returns the id of an account's welcome ticket (UUIDv5 of the account id); an account has only one.
pub fn welcome_ticket_id(account_id: AccountId) -> TicketId {
    TicketId(Uuid::new_v5(&account_id.uuid(), b"welcome-ticket"))
}

/// Returns the command that opens the welcome ticket; `None` for roles that do not register themselves.
pub fn welcome_ticket(account_id: AccountId, role: Role, name: &str) -> Option<NewTicket> {
    let kind = match role {
        Role::Teacher => "преподавателя",
        Role::Student => "ученика",
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
        category: "Новые пользователи".to_owned(),
        tags: vec!["регистрация".to_owned(), "новый пользователь".to_owned(), kind.to_owned()],
        channel: Channel::System,
    })
}
