//! Checked texts of an account: the HTTP layer parses each once, and the type keeps it valid.

use std::fmt;
use std::sync::LazyLock;

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::code_enum;

/// Reason why a text is invalid; `code` is stable and is part of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("must not be empty")]
    Empty,
    #[error("is longer than {max} characters")]
    TooLong { max: usize },
    #[error("is shorter than {min} characters")]
    TooShort { min: usize },
    #[error("contains a character that is not allowed")]
    ForbiddenCharacter,
    #[error("does not have the required form")]
    Malformed,
    #[error("is not in the list of known values")]
    Unknown,
    #[error("is outside the allowed range")]
    OutOfRange,
    #[error("is kept for staff")]
    Reserved,
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
            ValueError::Reserved => "reserved",
            ValueError::OutOfRange => "out_of_range",
        }
    }
}

/// Kinds of line breaks that a text may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lines {
    /// No line breaks and no tabs.
    Single,
    /// Line breaks and tabs are allowed.
    Multi,
}

/// Returns a text of 1..=`max` characters after trimming and composing (NFC), without invisible
/// characters: control characters (except those that `lines` allows), bidirectional controls, blank
/// fillers, noncharacters. A text without any visible character is empty.
pub fn bounded_text(text: &str, max: usize, lines: Lines) -> Result<String, ValueError> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(ValueError::Empty);
    }
    if text.chars().any(|c| is_forbidden(c) && !(lines == Lines::Multi && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(ValueError::ForbiddenCharacter);
    }
    if text.chars().all(is_invisible) {
        return Err(ValueError::Empty);
    }
    if text.chars().count() > max {
        return Err(ValueError::TooLong { max });
    }
    Ok(text)
}

/// Returns whether a character shows nothing by itself. Variation selectors, joiners and soft hyphens are
/// such characters; they are allowed beside visible ones.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || is_default_ignorable(c)
}

fn is_default_ignorable(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// Returns whether a character hides, reverses or ends a text. U+0000 is an error in Postgres, a
/// bidirectional control makes a name read as another, and a filler makes it look empty. Joiners are
/// allowed, because scripts and emoji need them.
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

/// Returns the form in which texts are compared: trimmed, compatibility-composed, case folded
/// (Unicode 3.13, D146, composed again).
pub fn fold_case(text: &str) -> String {
    let decomposed: String = text.trim().nfd().collect();
    let once: String = caseless::default_case_fold_str(&decomposed).nfkd().collect();
    let folded: String = caseless::default_case_fold_str(&once).nfkc().collect();
    // Compatibility forms may add spaces at the ends.
    folded.trim().to_owned()
}

/// Returns a label in the form in which it is stored and compared: composed (NFC) and case folded. Letters of
/// other forms stay what they are.
pub fn fold_label(label: &str) -> String {
    let decomposed: String = label.trim().nfd().collect();
    caseless::default_case_fold_str(&decomposed).nfc().collect()
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

/// Declares a text newtype for personal data. Its `Debug` hides the text, because commands are logged and
/// operators read panics.
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
    /// Parses an address of at most 254 octets with the domain in ASCII form; its local part has at most 64
    /// (RFC 5321, 4.5.3.1).
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 254, Lines::Single)?;
        let (local, domain) = text.rsplit_once('@').ok_or(ValueError::Malformed)?;
        let local_is_sound = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(is_local_character);
        let ascii_domain = ascii_domain(domain).ok_or(ValueError::Malformed)?;
        if !local_is_sound {
            return Err(ValueError::Malformed);
        }
        if local.len() + 1 + ascii_domain.len() > 254 {
            return Err(ValueError::TooLong { max: 254 });
        }
        Ok(Self(text))
    }

    /// Returns the address with the domain in ASCII, as mail servers take it.
    pub fn with_ascii_domain(&self) -> String {
        match self.0.rsplit_once('@') {
            Some((local, domain)) => {
                format!("{local}@{}", ascii_domain(domain).unwrap_or_else(|| domain.to_owned()))
            }
            None => self.0.clone(),
        }
    }

    /// Returns the form in which addresses are compared: the local part folded, the domain in ASCII. So
    /// `Ученик@Школа.рф` and `ученик@xn--80atdl2c.xn--p1ai` are equal.
    pub fn normalized(&self) -> String {
        match self.0.rsplit_once('@') {
            Some((local, domain)) => {
                let domain = ascii_domain(domain).unwrap_or_else(|| fold_case(domain));
                format!("{}@{domain}", fold_case(local))
            }
            None => fold_case(&self.0),
        }
    }
}

/// Returns whether a local part may have the character: atoms of RFC 5322, and any visible character beyond
/// ASCII with its marks and joiners (RFC 6531, 3.3).
fn is_local_character(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
    } else {
        !is_invisible(c) || matches!(c, '\u{200C}' | '\u{200D}')
    }
}

/// Returns a host name of two or more labels in its ASCII form (UTS 46 with the host name rules), in lower
/// case; `None` if it is not a host name.
fn ascii_domain(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, top) = ascii.rsplit_once('.')?;
    top.bytes().any(|b| b.is_ascii_alphabetic()).then_some(ascii)
}

personal_text!(
    /// A unique name of 2 to 32 letters with their marks, digits, dots, underscores or hyphens.
    Nickname
);

impl Nickname {
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 32, Lines::Single)?;
        if text.chars().count() < 2 {
            return Err(ValueError::TooShort { min: 2 });
        }
        let is_allowed = |c: char| c.is_alphanumeric() || (is_combining_mark(c) && !is_invisible(c));
        if !text.chars().all(|c| is_allowed(c) || "._-".contains(c)) {
            return Err(ValueError::ForbiddenCharacter);
        }
        if text.starts_with(|c: char| !is_combining_mark(c)) && text.chars().any(char::is_alphanumeric) {
            Ok(Self(text))
        } else {
            Err(ValueError::Malformed)
        }
    }

    /// Returns the form in which nicknames are compared.
    pub fn normalized(&self) -> String {
        fold_case(&self.0)
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
    /// Parses a number; accepts the usual separators and drops them.
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
    /// Language of the texts for a person.
    #[derive(Default)]
    Locale {
        #[default]
        Ru = "ru",
        En = "en",
    }
);

/// Time zones bundled with the program; they are the same on every machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

text!(
    /// The name of an IANA time zone, such as `Europe/Moscow`.
    TimeZoneName
);

impl TimeZoneName {
    /// Parses a name in any case and keeps the spelling of the database, so that one zone has one name.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = bounded_text(text, 64, Lines::Single)?;
        let zone = ZONES.get(&text).map_err(|_| ValueError::Unknown)?;
        if zone.is_unknown() {
            return Err(ValueError::Unknown);
        }
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or(ValueError::Unknown)
    }

    /// Returns the rules of the zone: from the machine, which gets updates, otherwise the bundled ones.
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
