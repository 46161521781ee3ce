//! Types of the events of an aggregate, as an enum without the fields of the events.

/// Declares the enum of the event types of an aggregate: `ALL`, `as_str`, and `event_type()` of an event.
/// A type is named like the variant of its event.
macro_rules! event_types {
    ($(#[$meta:meta])* $types:ident of $event:ident { $($name:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum $types { $($name),+ }

        impl $types {
            /// All types, in the order of declaration.
            pub const ALL: &'static [$types] = &[$($types::$name),+];

            /// Returns the name of the event.
            pub fn as_str(self) -> &'static str {
                match self { $($types::$name => stringify!($name)),+ }
            }
        }

        impl From<&$event> for $types {
            fn from(event: &$event) -> Self {
                match event { $($event::$name { .. } => $types::$name),+ }
            }
        }
    };
}

pub(crate) use event_types;
