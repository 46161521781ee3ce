//! The words for messages, tickets, the link to the CRM, and the safety of an account.

use domain::notifications::{SecurityStep, SyncTrouble};
use domain::{AccountId, Role};

use super::{Telling, Told};

impl Telling<'_> {
    pub(super) fn message(&self, sender: AccountId) -> Told {
        let title = self.say("Новое сообщение", "New message");
        let from = self.say("От кого", "From");
        (title.to_owned(), format!("{from}: {}", self.name(sender)))
    }

    pub(super) fn ticket_reply(&self, author: Option<AccountId>) -> Told {
        let title = self.say("Ответ на обращение", "A reply to your ticket");
        let body = match author {
            Some(author) => format!("{}: {}", self.say("Отвечает", "By"), self.name(author)),
            None => self.say("Откройте обращение, чтобы прочитать", "Open the ticket to read it").to_owned(),
        };
        (title.to_owned(), body)
    }

    pub(super) fn ticket_status(&self, status: &str) -> Told {
        let title = self.say("Статус обращения изменён", "The status of your ticket changed");
        let status = match status {
            "open" => self.say("открыто", "open"),
            "in_progress" => self.say("в работе", "in progress"),
            "waiting" => self.say("ждёт вашего ответа", "waiting for your answer"),
            "resolved" => self.say("решено", "resolved"),
            "closed" => self.say("закрыто", "closed"),
            other => other,
        };
        (title.to_owned(), format!("{}: {status}", self.say("Теперь", "Now")))
    }

    pub(super) fn crm_sync(&self, trouble: SyncTrouble, account: AccountId, is_ticket: bool) -> Told {
        let title = match trouble {
            SyncTrouble::Abandoned => {
                self.say("Передача в CRM прекращена", "A delivery to the CRM was abandoned")
            }
            SyncTrouble::Drift => self.say("Расхождение с CRM", "The CRM differs from the log"),
        };
        let what = match is_ticket {
            true => self.say("Обращение пользователя", "Ticket of"),
            false => self.say("Пользователь", "User"),
        };
        (title.to_owned(), format!("{what}: {}", self.name(account)))
    }

    pub(super) fn security(&self, step: SecurityStep, role: Option<Role>) -> Told {
        let (title, body) = match step {
            SecurityStep::SignedIn => (
                self.say("Вход с нового устройства", "New sign-in to your account"),
                self.say(
                    "Если это были не вы, смените пароль и завершите сеанс.",
                    "If this was not you, change your password and end the session.",
                ),
            ),
            SecurityStep::PasswordChanged => (
                self.say("Пароль изменён", "Your password was changed"),
                self.say(
                    "Если это были не вы, напишите в поддержку.",
                    "If this was not you, write to support.",
                ),
            ),
            SecurityStep::EmailChanged => (
                self.say("Адрес почты изменён", "Your e-mail address was changed"),
                self.say(
                    "Если это были не вы, напишите в поддержку.",
                    "If this was not you, write to support.",
                ),
            ),
            SecurityStep::RoleGranted => {
                let role = self.role(role);
                let title = self.say("Вам назначена роль", "You were granted a role");
                return (title.to_owned(), format!("{}: {role}", self.say("Роль", "Role")));
            }
        };
        (title.to_owned(), body.to_owned())
    }

    fn role(&self, role: Option<Role>) -> &'static str {
        match role {
            Some(Role::Student) => self.say("ученик", "student"),
            Some(Role::Teacher) => self.say("преподаватель", "teacher"),
            Some(Role::Support) => self.say("поддержка", "support"),
            Some(Role::Analyst) => self.say("аналитик", "analyst"),
            Some(Role::Admin) => self.say("администратор", "admin"),
            Some(Role::Auditor) => self.say("аудитор", "auditor"),
            None => self.say("неизвестная", "unknown"),
        }
    }
}
