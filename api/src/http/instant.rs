//! Instants of requests (RFC 3339).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// Parses an instant with an offset of less than a day, as RFC 3339 has it.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    let offset = text.rfind(['+', '-']).and_then(|sign| text.get(sign + 1..));
    let hours = offset.filter(|_| text.contains(':') && !text.ends_with(['Z', 'z']));
    let is_possible = hours.and_then(|offset| offset.get(..2)).is_none_or(|hours| hours < "24");
    text.parse().ok().filter(|_| is_possible)
}

/// Deserializes an instant of a body, for `#[serde(deserialize_with)]`.
///
/// # Errors
/// The error of the deserializer if the text is no instant.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_instant(&text).ok_or_else(|| serde::de::Error::custom("not an instant of RFC 3339"))
}

/// Deserializes an optional instant of a body.
///
/// # Errors
/// The error of the deserializer if the text is no instant.
pub fn deserialize_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parse = |text: String| {
        parse_instant(&text).ok_or_else(|| serde::de::Error::custom("not an instant of RFC 3339"))
    };
    text.map(parse).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h4_an_offset_is_less_than_a_day() {
        for text in ["2026-12-01T10:00:00Z", "2026-12-01T10:00:00+03:00", "2026-12-01T10:00:00.5-23:59"] {
            assert!(parse_instant(text).is_some(), "{text}");
        }
        for text in [
            "2026-12-01T10:00:00+25:00",
            "2026-12-01T10:00:00-24:00",
            "2026-12-01T10:00:00+24:59",
            "2026-12-01",
            "2026-12-01T10:00:00",
            "2026-12-01T10:00:00+03:60",
            "",
        ] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }
}
