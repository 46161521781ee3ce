//! Checked texts of an account: each parses once, at the edge, and is right from then on.

use std::fmt;
use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::code_enum;

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

/// How many lines a text may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lines {
    /// No line breaks and no tabs.
    Single,
    /// Line breaks and tabs are allowed.
    Multi,
}

/// Returns a text of 1..=`max` characters after trimming and composing (NFC), without invisible
/// characters: control characters (except those that `lines` allows), bidirectional controls, blank
/// fillers, noncharacters.
pub fn bounded_text(text: &str, max: usize, lines: Lines) -> Result<String, ValueError> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(ValueError::Empty);
    }
    if text.chars().any(|c| is_forbidden(c) && !(lines == Lines::Multi && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(ValueError::ForbiddenCharacter);
    }
    if text.chars().count() > max {
        return Err(ValueError::TooLong { max });
    }
    Ok(text)
}

/// What hides, turns round or ends a text: U+0000 is an error in Postgres, a bidirectional control
/// makes a name read as another, a filler makes it look empty. Joiners stay: scripts and emoji
/// need them.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || matches!(
            c,
            '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        )
        || matches!(c, '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}')
        || matches!(c, '\u{FDD0}'..='\u{FDEF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The form under which texts are compared: trimmed, compatibility-composed, case folded
/// (Unicode 3.13, D146, composed again).
pub(super) fn folded(text: &str) -> String {
    let decomposed: String = text.trim().nfd().collect();
    let once: String = caseless::default_case_fold_str(&decomposed).nfkd().collect();
    let folded: String = caseless::default_case_fold_str(&once).nfkc().collect();
    // Compatibility forms may bring spaces of their own to the ends.
    folded.trim().to_owned()
}

/// Declares a text newtype that serialises as its text.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// Declares a text newtype that belongs to a person: its `Debug` hides it, because commands are
/// logged and panics are read by others.
macro_rules! personal_text {
    ($(#[$doc:meta])* $name:ident) => {
        text!($(#[$doc])* $name);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

personal_text!(
    /// An e-mail address as the person wrote it (RFC 5321 with RFC 6531; no quoted local part, no
    /// address literal).
    Email
);

impl Email {
    /// Octets: the local part 64, the whole with the domain in ASCII form 254 (RFC 5321, 4.5.3.1).
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 254, Lines::Single)?;
        let (local, domain) = text.rsplit_once('@').ok_or(ValueError::Malformed)?;
        let local_is_sound = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        let ascii_domain = ascii_domain(domain).ok_or(ValueError::Malformed)?;
        if !local_is_sound {
            return Err(ValueError::Malformed);
        }
        if local.len() + 1 + ascii_domain.len() > 254 {
            return Err(ValueError::TooLong { max: 254 });
        }
        Ok(Self(text))
    }

    /// The form under which addresses are compared: the local part folded, the domain in ASCII, so
    /// that `Ученик@Школа.рф` and `ученик@xn--80atdl2c.xn--p1ai` are one.
    pub fn normalized(&self) -> String {
        match self.0.rsplit_once('@') {
            Some((local, domain)) => {
                let domain = ascii_domain(domain).unwrap_or_else(|| folded(domain));
                format!("{}@{domain}", folded(local))
            }
            None => folded(&self.0),
        }
    }
}

/// A host name of two labels or more in its ASCII form (UTS 46 with the host name rules), lower
/// case; `None` when it is none.
fn ascii_domain(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, top) = ascii.rsplit_once('.')?;
    top.bytes().any(|b| b.is_ascii_alphabetic()).then_some(ascii)
}

personal_text!(
    /// A unique name of 2 to 32 letters, digits, dots, underscores or hyphens.
    Nickname
);

impl Nickname {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 32, Lines::Single)?;
        if text.chars().count() < 2 {
            return Err(ValueError::TooShort { min: 2 });
        }
        if !text.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)) {
            return Err(ValueError::ForbiddenCharacter);
        }
        if text.chars().any(char::is_alphanumeric) { Ok(Self(text)) } else { Err(ValueError::Malformed) }
    }

    /// The form under which nicknames are compared.
    pub fn normalized(&self) -> String {
        folded(&self.0)
    }
}

personal_text!(
    /// A person's name as they write it, up to 100 characters with a letter among them.
    PersonName
);

impl PersonName {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 100, Lines::Single)?;
        if text.chars().any(char::is_alphabetic) { Ok(Self(text)) } else { Err(ValueError::Malformed) }
    }
}

personal_text!(
    /// A telephone number in E.164 form: `+` and 7 to 15 digits.
    Phone
);

impl Phone {
    /// Accepts the usual separators and drops them.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 32, Lines::Single)?;
        let compact: String = text.chars().filter(|c| !" -().".contains(*c)).collect();
        let digits = compact.strip_prefix('+').ok_or(ValueError::Malformed)?;
        let sound = (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if sound { Ok(Self(compact)) } else { Err(ValueError::Malformed) }
    }
}

code_enum!(
    /// The language in which the platform speaks to a person.
    #[derive(Default)]
    Locale {
        #[default]
        Ru = "ru",
        En = "en",
    }
);

/// The zones that come with the program: the same on every machine, whatever is installed there.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

text!(
    /// The name of an IANA time zone, such as `Europe/Moscow`.
    TimeZoneName
);

impl TimeZoneName {
    /// Accepts any case and keeps the database's own spelling, so that one zone has one name.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 64, Lines::Single)?;
        let zone = ZONES.get(&text).map_err(|_| ValueError::Unknown)?;
        if zone.is_unknown() {
            return Err(ValueError::Unknown);
        }
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or(ValueError::Unknown)
    }

    /// The zone's rules: the machine's, which are updated with it, else those of the program.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.0).or_else(|_| ZONES.get(&self.0)).unwrap_or(TimeZone::UTC)
    }
}

impl fmt::Debug for TimeZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeZoneName({})", self.0)
    }
}

impl Default for TimeZoneName {
    fn default() -> Self {
        Self("Europe/Moscow".to_owned())
    }
}

#[cfg(test)]
mod tests;
