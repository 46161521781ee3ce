//! What the database looks like: forward-only SQL, in the order of its numbers.

mod throwaway;

pub use throwaway::{ThrowawayDatabase, throwaway_database};

/// Every migration; `run` takes a lock, so that several processes may start at once.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
