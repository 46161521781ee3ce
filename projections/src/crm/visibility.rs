//! Reader of a CRM page, and which contacts the reader sees.

use domain::accounts::Locale;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

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

/// Text that a person wrote. It leaves only through a reader, so an analyst never sees contacts in it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct FreeText(String);

impl FreeText {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the text as the reader sees it.
    pub fn show(self, reader: ContactView) -> String {
        reader.show_text(self.0)
    }
}

impl std::fmt::Debug for FreeText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FreeText(…)")
    }
}

/// Top-level domains that a masked address shows. Another one could be a secret of its own.
const SHOWN_TOP_DOMAINS: [&str; 24] = [
    "com",
    "net",
    "org",
    "info",
    "biz",
    "edu",
    "ru",
    "su",
    "by",
    "kz",
    "ua",
    "de",
    "fr",
    "uk",
    "eu",
    "io",
    "me",
    "online",
    "site",
    "pro",
    "example",
    "test",
    "рф",
    "москва",
];

/// Fewest digits of a phone number, and most characters between two of its digits.
const NUMBER_DIGITS: usize = 7;
const NUMBER_GAP: usize = 5;

/// Masks an e-mail address: `anna.petrova@example.com` → `a•••@e•••.com`. A reader can tell addresses apart,
/// but cannot write to one. The number of dots does not show the length.
pub fn mask_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let top =
        domain.rsplit_once('.').map_or("", |(_, top)| top).trim_end_matches(|c: char| !c.is_alphanumeric());
    let top = if top.is_empty() || SHOWN_TOP_DOMAINS.contains(&top.to_lowercase().as_str()) {
        top
    } else {
        "•••"
    };
    let first = |text: &str| text.trim().chars().next().map(String::from).unwrap_or_default();
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

/// Masks e-mail addresses, handles and phone numbers in a text, as a person reads them: after compatibility
/// normalisation (NFKC) and without invisible characters.
///
/// An address is what surrounds an `@`, also with a space on each side. A phone number has at least seven
/// digits, with a few characters between them that are not letters.
pub fn mask_contacts(text: &str) -> String {
    let is_visible = |c: &char| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let text: String = text.nfkc().filter(is_visible).collect();
    mask_numbers(&mask_addresses(&text))
}

fn mask_addresses(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        // One space may stand on each side of the sign.
        let start = before.strip_suffix(char::is_whitespace).unwrap_or(before);
        let start = start.rfind(char::is_whitespace).map_or(0, |space| space + width(&start[space..]));
        let lead = after.chars().next().filter(|c| c.is_whitespace()).map_or(0, char::len_utf8);
        let end = lead + after[lead..].find(char::is_whitespace).unwrap_or(after.len() - lead);
        let (local, domain) = (&before[start..], &after[..end]);
        masked.push_str(&before[..start]);
        if local.trim().is_empty() && domain.trim().is_empty() {
            masked.push_str(local);
            masked.push('@');
            masked.push_str(domain);
        } else {
            masked.push_str(&mask_email(&format!("{local}@{}", domain.replace('@', "."))));
        }
        rest = &after[end..];
    }
    masked + rest
}

/// Returns the length of the first character in bytes.
fn width(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn mask_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (mut end, mut digits, mut gap) = (start, 0, 0);
        for (index, c) in rest[start..].char_indices() {
            if c.is_ascii_digit() {
                (end, digits, gap) = (start + index + 1, digits + 1, 0);
            } else if c.is_alphabetic() || gap == NUMBER_GAP {
                break;
            } else {
                gap += 1;
            }
        }
        let number = &rest[start..end];
        if digits >= NUMBER_DIGITS {
            let before = &rest[..start];
            masked.push_str(before.strip_suffix('+').unwrap_or(before));
            masked.push_str(&mask_phone(number));
        } else {
            masked.push_str(&rest[..end]);
        }
        rest = &rest[end..];
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
        for text in ["", "@", " @ ", "+", "++ 12", "2026-11-25 10:00"] {
            assert_eq!(mask_contacts(text).contains('•'), text.starts_with("2026"), "{text}");
        }
    }

    /// Numbers and addresses are masked in every spelling that a person can read.
    #[test]
    fn no_spelling_of_a_contact_passes() {
        for text in [
            "8–999–123–45–67",
            "8\u{2011}999\u{2011}123\u{2011}45\u{2011}67",
            "8/999/123/45/67",
            "8_999_123_45_67",
            "８９９９１２３４５６７",
            "8\u{2009}999\u{2009}123\u{2009}45\u{2009}67",
            "8 999\n123 45 67",
            "8 (999) — 123, 45; 67",
            "8\u{200b}999\u{200b}1234567",
            "nadya @ mail",
            "nadya＠mail.ru",
            "nadya@\u{200b}mail.ru",
            "пишите @nadya_secret",
            "nadya@mail.ru@mail.ru",
            "x@y.secret-1234",
        ] {
            let masked = mask_contacts(text);
            for part in ["999", "123", "45", "nadya", "mail", "secret", "９９９"] {
                assert!(!masked.contains(part), "{text:?} → {masked:?}");
            }
        }
    }

    #[test]
    fn a_masked_number_can_not_be_called() {
        assert_eq!(mask_phone("+79991234567"), "+7•••••67");
        assert_eq!(mask_phone("+123"), "•••••");
    }
}
