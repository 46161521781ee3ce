//! Texts of notifications about messages, tickets, the CRM link and account security.

use domain::notifications::{SecurityStep, SyncTrouble};
use domain::{AccountId, Role};

use super::{TextBuilder, TitleAndBody};

impl TextBuilder<'_> {
    pub(super) fn message(&self, sender: AccountId) -> TitleAndBody {
        let title = self.pick("Новое сообщение", "New message");
        let from = self.pick("От кого", "From");
        (title.to_owned(), format!("{from}: {}", self.name_of(sender)))
    }

    pub(super) fn ticket_reply(&self, author: Option<AccountId>) -> TitleAndBody {
        let title = self.pick("Ответ на обращение", "A reply to your ticket");
        let body = match author {
            Some(author) => format!("{}: {}", self.pick("Отвечает", "By"), self.name_of(author)),
            None => self.pick("Откройте обращение, чтобы прочитать", "Open the ticket to read it").to_owned(),
        };
        (title.to_owned(), body)
    }

    pub(super) fn ticket_status(&self, status: &str) -> TitleAndBody {
        let title = self.pick("Статус обращения изменён", "The status of your ticket changed");
        let status = match status {
            "open" => self.pick("открыто", "open"),
            "in_progress" => self.pick("в работе", "in progress"),
            "waiting" => self.pick("ждёт вашего ответа", "waiting for your answer"),
            "resolved" => self.pick("решено", "resolved"),
            "closed" => self.pick("закрыто", "closed"),
            other => other,
        };
        (title.to_owned(), format!("{}: {status}", self.pick("Теперь", "Now")))
    }

    pub(super) fn crm_sync(&self, trouble: SyncTrouble, account: AccountId, is_ticket: bool) -> TitleAndBody {
        let title = match trouble {
            SyncTrouble::Abandoned => {
                self.pick("Передача в CRM прекращена", "A delivery to the CRM was abandoned")
            }
            SyncTrouble::Drift => self.pick("Расхождение с CRM", "The CRM differs from the log"),
        };
        let what = match is_ticket {
            true => self.pick("Обращение пользователя", "Ticket of"),
            false => self.pick("Пользователь", "User"),
        };
        (title.to_owned(), format!("{what}: {}", self.name_of(account)))
    }

    pub(super) fn security(&self, step: SecurityStep, role: Option<Role>) -> TitleAndBody {
        let (title, body) = match step {
            SecurityStep::SignedIn => (
                self.pick("Вход с нового устройства", "New sign-in to your account"),
                self.pick(
                    "Если это были не вы, смените пароль и завершите сеанс.",
                    "If this was not you, change your password and end the session.",
                ),
            ),
            SecurityStep::PasswordChanged => (
                self.pick("Пароль изменён", "Your password was changed"),
                self.pick(
                    "Если это были не вы, напишите в поддержку.",
                    "If this was not you, write to support.",
                ),
            ),
            SecurityStep::EmailChanged => (
                self.pick("Адрес почты изменён", "Your e-mail address was changed"),
                self.pick(
                    "Если это были не вы, напишите в поддержку.",
                    "If this was not you, write to support.",
                ),
            ),
            SecurityStep::RoleGranted => {
                let role = self.role_label(role);
                let title = self.pick("Вам назначена роль", "You were granted a role");
                return (title.to_owned(), format!("{}: {role}", self.pick("Роль", "Role")));
            }
        };
        (title.to_owned(), body.to_owned())
    }

    fn role_label(&self, role: Option<Role>) -> &'static str {
        match role {
            Some(Role::Student) => self.pick("ученик", "student"),
            Some(Role::Teacher) => self.pick("преподаватель", "teacher"),
            Some(Role::Support) => self.pick("поддержка", "support"),
            Some(Role::Analyst) => self.pick("аналитик", "analyst"),
            Some(Role::Admin) => self.pick("администратор", "admin"),
            Some(Role::Auditor) => self.pick("аудитор", "auditor"),
            None => self.pick("неизвестная", "unknown"),
        }
    }
}
