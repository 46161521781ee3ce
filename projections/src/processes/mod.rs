//! What follows from events outside the log: processes record tasks, their handlers do them.

mod acting;
mod class_departures;
mod classes;
mod lessons;
mod list;
mod messaging;
mod notifications;
mod requests;
mod series;
mod sla;
mod waitlist;
mod welcome_ticket;

pub use acting::Acting;
pub use class_departures::{ClassDepartures, ClassDeparturesHandler};
pub use classes::{ClassSeats, ClassSeatsHandler};
pub use lessons::{lesson_handlers, lesson_processes};
pub use list::{processes, task_handlers};
pub use messaging::{ConversationHandler, ConversationKeeper};
pub use notifications::{
    Mailer, MailerError, NotificationSettings, RatingLinks, Smtp, Transport, notification_handlers,
    notification_processes,
};
pub use requests::{RequestHandlers, Requests};
pub use series::{SeriesHandler, SeriesKeeper};
pub use sla::{SlaWatch, SlaWatchHandler};
pub use waitlist::{WaitlistHandler, WaitlistProcess};
pub use welcome_ticket::{WelcomeTicket, WelcomeTicketHandler};
