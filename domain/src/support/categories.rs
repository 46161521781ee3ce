//! Categories of tickets: what a ticket is about.

use crate::dictionary::Vocabulary;

/// Names of the categories, in the order of their codes in [`Vocabulary::TicketCategories`]. A ticket has the
/// name, as the external CRM expects it.
const NAMES: [&str; 11] = [
    "Новые пользователи",
    "Оплата",
    "Уроки",
    "Документы",
    "Сайт",
    "Техника",
    "Звонки",
    "Пожелания",
    "Техническая поддержка",
    "Профиль",
    "Прочее",
];

/// Category of the welcome ticket.
pub const NEW_USERS: &str = NAMES[0];

/// Category of what fits no other one.
pub const OTHER: &str = NAMES[10];

/// Returns the name of a category, by its code or its name in any case.
pub fn find_category(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    let codes = Vocabulary::TicketCategories.codes();
    let mut known = codes.iter().zip(NAMES);
    known.find(|(code, name)| **code == text || name.to_lowercase() == text).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_found_by_code_and_by_name() {
        assert_eq!(Vocabulary::TicketCategories.codes().len(), NAMES.len());
        assert_eq!(find_category("payment"), Some("Оплата"));
        assert_eq!(find_category(" оплата "), Some("Оплата"));
        assert_eq!(find_category("other"), Some(OTHER));
        assert_eq!(find_category("позвоните мне"), None);
    }
}
