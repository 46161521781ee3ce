//! Enums with stable codes: the same text in events, in the API and in the database.

/// Declares an enum with a code for each variant: `ALL`, `as_str`, `parse`, `Display`, `FromStr`, and
/// serde by the codes. Attributes before the name are kept, so that more can be derived.
///
/// ```
/// domain::code_enum!(
///     /// Colour of a light.
///     #[derive(Default)]
///     Light { #[default] Red = "red", Green = "green" }
/// );
///
/// assert_eq!(Light::parse("green"), Some(Light::Green));
/// assert_eq!(Light::default().to_string(), "red");
/// ```
#[macro_export]
macro_rules! code_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// All values, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Returns the code of this value.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            /// Returns the value with exactly this code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == code)
            }
        }

        impl $crate::CodeEnum for $name {
            fn all() -> &'static [Self] {
                Self::ALL
            }

            fn code(self) -> &'static str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::parse(code).ok_or($crate::UnknownCode)
            }
        }
    };
}

/// An enum with stable codes, declared by [`code_enum!`].
pub trait CodeEnum: Copy + 'static {
    fn all() -> &'static [Self];
    fn code(self) -> &'static str;
}

/// Error for a text that is not a code of the enum.
#[derive(Debug, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    crate::code_enum!(
        /// Invented codes, with one that is not a Rust identifier.
        #[derive(Default)]
        Order {
            #[default]
            Newest = "-opened_at",
            Oldest = "opened_at",
        }
    );

    #[test]
    fn a_code_is_the_same_in_text_and_in_json() {
        for order in Order::ALL.iter().copied() {
            assert_eq!(Order::parse(order.as_str()), Some(order));
            assert_eq!(order.to_string().parse::<Order>().unwrap(), order);
            let json = serde_json::to_value(order).unwrap();
            assert_eq!(json, order.as_str());
            assert_eq!(serde_json::from_value::<Order>(json).unwrap(), order);
            let key = BTreeMap::from([(order, 1)]);
            let json = serde_json::to_string(&key).unwrap();
            assert_eq!(serde_json::from_str::<BTreeMap<Order, u8>>(&json).unwrap(), key);
        }
        assert_eq!(Order::default(), Order::Newest);
    }

    #[test]
    fn another_text_is_no_code() {
        assert_eq!(Order::parse("Newest"), None);
        assert!("".parse::<Order>().is_err());
        assert!(serde_json::from_value::<Order>("Newest".into()).is_err());
    }
}
