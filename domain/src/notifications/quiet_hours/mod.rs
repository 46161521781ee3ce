//! Quiet hours: local hours of the day in which a person gets no e-mail.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::accounts::ValueError;

/// Minute of the day; `HH:MM` in text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(Time);

/// Quiet hours of every day, from one minute to another. They span midnight if the second is earlier.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct QuietHours {
    pub from: LocalTime,
    pub to: LocalTime,
}

impl LocalTime {
    /// Parses `HH:MM`, 00:00 to 23:59.
    ///
    /// # Errors
    /// [`ValueError::Malformed`] if the text has another form.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let time = Time::strptime("%H:%M", text).map(Self).map_err(|_| ValueError::Malformed)?;
        // The library also accepts `7:30` and spaces.
        if time.to_string() == text { Ok(time) } else { Err(ValueError::Malformed) }
    }
}

impl QuietHours {
    /// Creates quiet hours; `None` if both minutes are equal, because that could mean never or always.
    pub fn between(from: LocalTime, to: LocalTime) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }

    /// Returns the end of the quiet hours at this instant in this zone; `None` outside of quiet hours.
    pub fn quiet_until(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = now.to_zoned(zone.clone());
        let (time, Self { from: LocalTime(from), to: LocalTime(to) }) = (local.time(), self);
        let is_quiet = if from < to { from <= time && time < to } else { from <= time || time < to };
        if !is_quiet {
            return None;
        }
        let day = if time < to { local.date() } else { local.date().tomorrow().ok()? };
        let end = zone.to_ambiguous_zoned(day.to_datetime(to));
        let first = end.clone().compatible().ok()?.timestamp();
        // In the hour that occurs twice, the first end may be in the past.
        if first > now { Some(first) } else { end.later().ok().map(|end| end.timestamp()) }
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|_| serde::de::Error::custom("not a time of the day"))
    }
}

#[cfg(test)]
mod tests;
