//! The database schema: forward-only SQL migrations, in the order of their numbers.

mod throwaway;

pub use throwaway::{ThrowawayDatabase, throwaway_database};

/// All migrations. `run` takes a lock, so that several OS processes may start at once.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
