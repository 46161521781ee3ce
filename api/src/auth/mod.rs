//! Who may come in, and what they may do.

pub mod calendar_feed;
pub mod credentials;
pub mod enrol;
pub mod erasure;
pub mod keys;
pub mod password;
pub mod permissions;
pub mod rating_link;
pub mod session;
pub mod sweep;
pub mod throttle;

pub use keys::Keys;
pub use password::Passwords;
