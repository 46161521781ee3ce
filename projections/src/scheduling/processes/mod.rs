//! Process managers of scheduling.

mod class_membership_cleanup;
mod classes;
mod lessons;
mod requests;
mod series;
mod waitlist;

pub use class_membership_cleanup::{ClassMembershipCleanup, ClassMembershipCleanupHandler};
pub use classes::{ClassSeats, ClassSeatsHandler};
pub(crate) use lessons::PROPOSAL_EXPIRY_NAME;
pub use lessons::{lesson_handlers, lesson_process_managers};
pub use requests::{RequestHandlers, RequestMatching, RequestWaves};
pub use series::{SeriesSlots, SeriesSlotsHandler};
pub use waitlist::{WaitlistOffers, WaitlistOffersHandler};
