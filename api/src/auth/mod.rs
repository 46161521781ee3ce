//! Authentication (credentials, sessions, tokens) and permissions.

pub mod account_links;
pub mod calendar_feed;
pub mod credentials;
pub mod keys;
pub mod known_places;
pub mod password;
pub mod permissions;
pub mod rating_link;
pub mod registration;
pub mod session;
pub mod throttle;

pub use keys::DerivedKeys;
pub use password::Passwords;
