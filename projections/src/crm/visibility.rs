//! Reader of a CRM page, and which contacts the reader sees.

use domain::accounts::Locale;

/// Extent to which a reader sees contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// For support and admins.
    Full,
    /// For analysts: contacts are masked and cannot be searched.
    Masked,
}

/// Reader: visibility of contacts, and language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactView {
    pub visibility: Visibility,
    pub locale: Locale,
}

impl ContactView {
    pub(crate) fn show_email(self, email: String) -> String {
        match self.visibility {
            Visibility::Full => email,
            Visibility::Masked => mask_email(&email),
        }
    }

    /// Returns a free text. For analysts, contacts in it are masked.
    pub fn show_text(self, text: String) -> String {
        match self.visibility {
            Visibility::Full => text,
            Visibility::Masked => mask_contacts(&text),
        }
    }

    pub(crate) fn show_phone(self, phone: String) -> String {
        match self.visibility {
            Visibility::Full => phone,
            Visibility::Masked => mask_phone(&phone),
        }
    }
}

/// Masks an e-mail address: `anna.petrova@example.com` → `a•••@e•••.com`. A reader can tell addresses apart,
/// but cannot write to one. The number of dots does not show the length.
pub fn mask_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!("{}•••@{}•••.{top}", first(local), first(domain))
}

/// Masks a phone number: `+79991234567` → `+7•••••67`. The beginning and the last two digits stay.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.as_slice() {
        [first, .., before, last] if digits.len() > 5 => format!("+{first}•••••{before}{last}"),
        _ => "•••••".to_owned(),
    }
}

/// Masks e-mail addresses and phone numbers in a text. An address has an `@` between other characters. A
/// phone number has at least seven digits, with only grouping characters between them.
pub fn mask_contacts(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let body = word.trim_end();
        let rest = &word[body.len()..];
        match body.find('@') {
            Some(at) if at > 0 && at + 1 < body.len() => format!("{}{rest}", mask_email(body)),
            Some(_) | None => word.to_owned(),
        }
    });
    mask_numbers(&words.collect::<String>())
}

fn mask_numbers(text: &str) -> String {
    let belongs = |c: char| c.is_ascii_digit() || "+-() .\u{a0}".contains(c);
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        masked.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !belongs(c)).unwrap_or(rest.len());
        let run = rest[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
        let run = if run.is_empty() { &rest[..end] } else { run };
        if run.chars().filter(char::is_ascii_digit).count() >= 7 {
            masked.push_str(&mask_phone(run));
        } else {
            masked.push_str(run);
        }
        rest = &rest[run.len()..];
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_can_not_be_written_to() {
        assert_eq!(mask_email("anna.petrova@example.com"), "a•••@e•••.com");
        assert_eq!(mask_email("я@почта.рф"), "я•••@п•••.рф");
        assert_eq!(mask_email("broken"), "b•••@•••.");
    }

    #[test]
    fn a_text_keeps_everything_but_the_contacts_in_it() {
        let text =
            "Пишите на anna.petrova@example.com\nили звоните: +7 (999) 123-45-67, после 18.30, заказ 4512";
        let masked = "Пишите на a•••@e•••.com\nили звоните: +7•••••67, после 18.30, заказ 4512";
        assert_eq!(mask_contacts(text), masked);
        for text in ["", "@", "a @ b", "+", "++ 12", "2026-11-25 10:00"] {
            assert_eq!(mask_contacts(text).contains('•'), text.starts_with("2026"), "{text}");
        }
    }

    #[test]
    fn a_masked_number_can_not_be_called() {
        assert_eq!(mask_phone("+79991234567"), "+7•••••67");
        assert_eq!(mask_phone("+123"), "•••••");
    }
}
