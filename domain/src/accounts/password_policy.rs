//! Password policy: length and a block list, no rules of composition
//! (NIST SP 800-63B, 5.1.1.2).

use std::collections::HashSet;
use std::sync::LazyLock;

use super::values::fold_case;

/// Shortest and longest password, in characters.
pub const PASSWORD_MIN: usize = 10;
pub const PASSWORD_MAX: usize = 128;

/// Reason why a password is too weak; `code` is stable and is part of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least {PASSWORD_MIN} characters")]
    TooShort,
    #[error("a password has at most {PASSWORD_MAX} characters")]
    TooLong,
    #[error("many people use this password")]
    Common,
    #[error("a password must not be the person's own name or address")]
    OwnName,
}

impl WeakPassword {
    pub fn code(self) -> &'static str {
        match self {
            WeakPassword::TooShort => "too_short",
            WeakPassword::TooLong => "too_long",
            WeakPassword::Common => "common_password",
            WeakPassword::OwnName => "password_is_own_name",
        }
    }
}

/// Checks a new password against the policy; `own` are the person's e-mail, nickname and name.
///
/// # Errors
/// [`WeakPassword`] for the first rule that the password breaks.
pub fn check_password(password: &str, own: &[&str]) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(WeakPassword::TooShort);
    }
    if length > PASSWORD_MAX {
        return Err(WeakPassword::TooLong);
    }
    let password = fold_case(password);
    if COMMON.contains(password.as_str()) {
        return Err(WeakPassword::Common);
    }
    let is_own = own.iter().map(|own| fold_case(own)).any(|own| {
        let mailbox = own.split_once('@').map(|(mailbox, _)| mailbox);
        password == own || mailbox == Some(password.as_str())
    });
    if is_own { Err(WeakPassword::OwnName) } else { Ok(()) }
}

/// One password per line, folded, in order.
const COMMON_TEXT: &str = include_str!("common_passwords.txt");

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| COMMON_TEXT.lines().collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_list_is_folded_ordered_and_only_holds_what_is_long_enough() {
        let lines: Vec<_> = COMMON_TEXT.lines().collect();
        assert!(lines.len() >= 300, "{}", lines.len());
        assert!(lines.is_sorted_by(|a, b| a < b));
        for line in lines {
            assert_eq!(line, fold_case(line));
            assert!(line.chars().count() >= PASSWORD_MIN, "{line} is too short anyway");
        }
    }

    #[test]
    fn a_common_password_is_refused_in_any_case_and_layout() {
        for password in
            ["password123", "PassWord123", "1234567890", "йцукенгшщз", "ЙЦУКЕНГШЩЗ", "gfhjkm12345"]
        {
            assert_eq!(check_password(password, &[]), Err(WeakPassword::Common), "{password}");
        }
    }

    #[test]
    fn only_the_length_is_asked_for_no_composition() {
        assert_eq!(check_password("зелёный чай", &[]), Ok(()));
        assert_eq!(check_password("девятьбук", &[]), Err(WeakPassword::TooShort));
        assert_eq!(check_password(&"ы ".repeat(64), &[]), Ok(()));
        assert_eq!(check_password(&"ы ".repeat(65), &[]), Err(WeakPassword::TooLong));
    }

    #[test]
    fn ones_own_name_or_address_is_no_password() {
        let own = ["Anna.Petrova@example.org", "anna_petrova_99", "Анна Петрова"];
        for password in ["anna.petrova@EXAMPLE.org", "Anna.Petrova", "ANNA_petrova_99", "анна петрова"]
        {
            assert_eq!(check_password(password, &own), Err(WeakPassword::OwnName), "{password}");
        }
        assert_eq!(check_password("анна петрова пьёт чай", &own), Ok(()));
    }
}
