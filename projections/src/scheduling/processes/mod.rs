//! Process managers of scheduling.

mod class_departures;
mod classes;
mod lessons;
mod requests;
mod series;
mod waitlist;

pub use class_departures::{ClassDepartures, ClassDeparturesHandler};
pub use classes::{ClassSeats, ClassSeatsHandler};
pub(crate) use lessons::PROPOSALS_NAME;
pub use lessons::{lesson_handlers, lesson_processes};
pub use requests::{RequestHandlers, Requests};
pub use series::{SeriesHandler, SeriesKeeper};
pub use waitlist::{WaitlistHandler, WaitlistProcess};
