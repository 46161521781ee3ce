//! Who reads a page of the CRM, and what of a person's contacts they see.

use domain::accounts::Locale;

/// How much of a person's contacts a reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Support and admins.
    Full,
    /// Analysts: contacts are masked, and can not be searched for.
    Masked,
}

/// Who reads: what they may see, in which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    pub visibility: Visibility,
    pub locale: Locale,
}

impl Reader {
    pub(crate) fn email(self, email: String) -> String {
        match self.visibility {
            Visibility::Full => email,
            Visibility::Masked => mask_email(&email),
        }
    }

    pub(crate) fn phone(self, phone: String) -> String {
        match self.visibility {
            Visibility::Full => phone,
            Visibility::Masked => mask_phone(&phone),
        }
    }
}

/// `anna.petrova@example.com` → `a•••@e•••.com`: enough to tell addresses apart by eye, not to write
/// to one. The number of dots says nothing about the length.
pub fn mask_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!("{}•••@{}•••.{top}", first(local), first(domain))
}

/// `+79991234567` → `+7•••••67`: the beginning and the last two digits.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.as_slice() {
        [first, .., before, last] if digits.len() > 5 => format!("+{first}•••••{before}{last}"),
        _ => "•••••".to_owned(),
    }
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
    fn a_masked_number_can_not_be_called() {
        assert_eq!(mask_phone("+79991234567"), "+7•••••67");
        assert_eq!(mask_phone("+123"), "•••••");
    }
}
