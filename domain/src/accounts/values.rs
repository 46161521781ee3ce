//! Checked texts of an account: each parses once, at the edge, and is right from then on.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Why a text is not acceptable; `code` is stable and goes into the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("must not be empty")]
    Empty,
    #[error("is longer than {max} characters")]
    TooLong { max: usize },
    #[error("is shorter than {min} characters")]
    TooShort { min: usize },
    #[error("holds a character that is not allowed")]
    ForbiddenCharacter,
    #[error("has not the required form")]
    Malformed,
    #[error("is not in the list of known values")]
    Unknown,
    #[error("is outside the allowed range")]
    OutOfRange,
}

impl ValueError {
    pub fn code(self) -> &'static str {
        match self {
            ValueError::Empty => "empty",
            ValueError::TooLong { .. } => "too_long",
            ValueError::TooShort { .. } => "too_short",
            ValueError::ForbiddenCharacter => "forbidden_character",
            ValueError::Malformed => "malformed",
            ValueError::Unknown => "unknown_value",
            ValueError::OutOfRange => "out_of_range",
        }
    }
}

/// Text of 1..=`max` characters after trimming, without control characters (line breaks allowed
/// when `multiline`).
pub fn bounded_text(text: &str, max: usize, multiline: bool) -> Result<String, ValueError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(ValueError::Empty);
    }
    if text.chars().any(|c| c.is_control() && !(multiline && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(ValueError::ForbiddenCharacter);
    }
    if text.chars().count() > max {
        return Err(ValueError::TooLong { max });
    }
    Ok(text.to_owned())
}

/// The form under which texts are compared: trimmed, NFKC, case folded (Unicode 3.13, D145).
fn folded(text: &str) -> String {
    let nfkc: String = text.trim().nfkc().collect();
    caseless::default_case_fold_str(&nfkc).nfkc().collect()
}

/// Declares a text newtype that serialises as its text.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }
    };
}

text!(
    /// An e-mail address as the person wrote it (at most 254 characters, RFC 5321 with RFC 6531).
    Email
);

impl Email {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 254, false)?;
        let (local, domain) = text.rsplit_once('@').ok_or(ValueError::Malformed)?;
        let label_is_sound = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let local_is_sound = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        if local_is_sound && domain.contains('.') && domain.split('.').all(label_is_sound) {
            Ok(Self(text))
        } else {
            Err(ValueError::Malformed)
        }
    }

    /// The form under which addresses are compared.
    pub fn normalized(&self) -> String {
        folded(&self.0)
    }
}

text!(
    /// A unique public name of 2 to 32 letters, digits, dots, underscores or hyphens.
    Nickname
);

impl Nickname {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 32, false)?;
        if text.chars().count() < 2 {
            return Err(ValueError::TooShort { min: 2 });
        }
        if text.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) {
            Ok(Self(text))
        } else {
            Err(ValueError::ForbiddenCharacter)
        }
    }

    /// The form under which nicknames are compared.
    pub fn normalized(&self) -> String {
        folded(&self.0)
    }
}

text!(
    /// A person's name as they write it, up to 100 characters.
    PersonName
);

impl PersonName {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        bounded_text(text, 100, false).map(Self)
    }
}

text!(
    /// A telephone number in E.164 form: `+` and 7 to 15 digits.
    Phone
);

impl Phone {
    /// Accepts the usual separators and drops them.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 32, false)?;
        let compact: String = text.chars().filter(|c| !" -().".contains(*c)).collect();
        let digits = compact.strip_prefix('+').ok_or(ValueError::Malformed)?;
        let sound = (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if sound { Ok(Self(compact)) } else { Err(ValueError::Malformed) }
    }
}

/// The language in which the platform speaks to a person.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    #[default]
    Ru,
    En,
}

impl Locale {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "ru" => Ok(Locale::Ru),
            "en" => Ok(Locale::En),
            _ => Err(ValueError::Unknown),
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Locale::Ru => "ru",
            Locale::En => "en",
        }
    }
}

text!(
    /// The name of an IANA time zone, such as `Europe/Moscow`.
    TimeZoneName
);

impl TimeZoneName {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 64, false)?;
        let zone = TimeZone::get(&text).map_err(|_| ValueError::Unknown)?;
        // The database's own spelling, so that one zone has one name.
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or(ValueError::Unknown)
    }

    /// The zone's rules.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl Default for TimeZoneName {
    fn default() -> Self {
        Self("Europe/Moscow".to_owned())
    }
}
