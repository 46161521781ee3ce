//! Positions of events in the log and versions of streams, as types of their own.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Declares a counter of events: a number in text and in JSON, a `bigint` in SQL (feature `sqlx`).
macro_rules! event_counter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// Before the first event.
            pub const START: Self = Self(0);
            /// After every event; the greatest value that fits a `bigint`.
            pub const MAX: Self = Self(i64::MAX as u64);

            /// Returns the value that follows.
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }

            /// Returns the value before this one; the start has none and stays.
            pub fn previous(self) -> Self {
                Self(self.0.saturating_sub(1))
            }

            /// Returns the number of events after `earlier`, up to and with this one; 0 if `earlier` is later.
            pub fn since(self, earlier: Self) -> u64 {
                self.0.saturating_sub(earlier.0)
            }

            /// Returns the value as a `bigint`, for checked queries and arrays. A value above
            /// [`MAX`](Self::MAX) becomes `MAX`.
            pub fn to_bigint(self) -> i64 {
                i64::try_from(self.0).unwrap_or(i64::MAX)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        /// Converts a `bigint` column, which is never negative.
        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                Self(number.cast_unsigned())
            }
        }

        impl Add<u64> for $name {
            type Output = Self;

            fn add(self, events: u64) -> Self {
                Self(self.0 + events)
            }
        }

        #[cfg(feature = "sqlx")]
        impl<DB: sqlx_core::database::Database> sqlx_core::types::Type<DB> for $name
        where
            i64: sqlx_core::types::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <i64 as sqlx_core::types::Type<DB>>::type_info()
            }

            fn compatible(column: &DB::TypeInfo) -> bool {
                <i64 as sqlx_core::types::Type<DB>>::compatible(column)
            }
        }

        #[cfg(feature = "sqlx")]
        impl<'q, DB: sqlx_core::database::Database> sqlx_core::encode::Encode<'q, DB> for $name
        where
            i64: sqlx_core::encode::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut DB::ArgumentBuffer<'q>,
            ) -> Result<sqlx_core::encode::IsNull, sqlx_core::error::BoxDynError> {
                self.to_bigint().encode_by_ref(buffer)
            }
        }

        #[cfg(feature = "sqlx")]
        impl<'r, DB: sqlx_core::database::Database> sqlx_core::decode::Decode<'r, DB> for $name
        where
            i64: sqlx_core::decode::Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx_core::error::BoxDynError> {
                let number = <i64 as sqlx_core::decode::Decode<'r, DB>>::decode(value)?;
                Ok(Self(u64::try_from(number)?))
            }
        }
    };
}

event_counter!(
    /// Position of an event in the whole log: from 1, without gaps, in commit order.
    Position
);
event_counter!(
    /// Version of a stream: the number of its events. An event has the version that it leads to.
    StreamVersion
);

#[cfg(test)]
mod tests {
    use super::{Position, StreamVersion};

    #[test]
    fn a_position_is_a_number_in_text_and_in_json() {
        let position = Position(42);
        assert_eq!(position.to_string(), "42");
        assert_eq!("42".parse(), Ok(position));
        assert!("-1".parse::<Position>().is_err());
        assert_eq!(serde_json::to_string(&position).unwrap(), "42");
        assert_eq!(serde_json::from_str::<Position>("42").unwrap(), position);
        assert!(serde_json::from_str::<Position>("-1").is_err());
    }

    #[test]
    fn versions_count_events() {
        assert_eq!(StreamVersion::START.next() + 2, StreamVersion(3));
        assert_eq!(StreamVersion(3).since(StreamVersion(1)), 2);
        assert_eq!(StreamVersion(1).since(StreamVersion(3)), 0);
        assert_eq!(StreamVersion::from(StreamVersion::MAX.to_bigint()), StreamVersion::MAX);
    }
}
