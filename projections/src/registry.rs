//! Every read model and every process manager, listed once.

use std::sync::Arc;

use crm_sync::CrmDelivery;
use crm_sync::deliveries::CrmDeliveries;
use projection_runtime::{Process, ReadModel, TaskHandler};
use sqlx::PgPool;

use crate::accounts::{Directory, TeacherCards};
use crate::acting::Acting;
use crate::audit::EventIndex;
use crate::crm::analytics::Analytics;
use crate::crm::{CrmUsers, Timeline};
use crate::live::LiveFeed;
use crate::messaging::{ConversationHandler, ConversationKeeper, Conversations};
use crate::notifications::{Notifications, Talks, notification_processes};
use crate::scheduling::requests::LessonRequests;
use crate::scheduling::{
    ClassDepartures, ClassDeparturesHandler, ClassSeats, ClassSeatsHandler, Classes, RequestHandlers,
    Requests, SeriesHandler, SeriesKeeper, SeriesModel, Slots, Waitlist, WaitlistHandler, WaitlistProcess,
    lesson_handlers, lesson_processes,
};
use crate::support::{SlaWatch, SlaWatchHandler, Tickets, WelcomeTicket, WelcomeTicketHandler};

/// Every read model of the product.
pub fn read_models() -> Vec<Arc<dyn ReadModel>> {
    vec![
        Arc::new(EventIndex),
        Arc::new(Directory),
        Arc::new(TeacherCards),
        Arc::new(CrmUsers),
        Arc::new(Timeline),
        Arc::new(Tickets),
        Arc::new(Analytics),
        Arc::new(CrmDeliveries),
        Arc::new(LessonRequests),
        Arc::new(Slots),
        Arc::new(Waitlist),
        Arc::new(Classes),
        Arc::new(SeriesModel),
        Arc::new(Conversations),
        Arc::new(LiveFeed),
        Arc::new(Notifications),
        Arc::new(Talks),
    ]
}

/// Every process of the product.
pub fn processes() -> Vec<Arc<dyn Process>> {
    let mut processes: Vec<Arc<dyn Process>> = vec![
        Arc::new(WelcomeTicket),
        Arc::new(CrmDelivery),
        Arc::new(Requests),
        Arc::new(SeriesKeeper),
        Arc::new(WaitlistProcess),
        Arc::new(ClassSeats),
        Arc::new(ClassDepartures),
        Arc::new(ConversationKeeper),
        Arc::new(SlaWatch),
    ];
    processes.extend(lesson_processes());
    processes.extend(notification_processes());
    processes
}

/// What does their tasks, but for the deliveries to the CRM and notifications.
pub fn task_handlers(acting: &Acting, pool: &PgPool) -> Vec<Arc<dyn TaskHandler>> {
    let requests = RequestHandlers { acting: acting.clone(), pool: pool.clone() };
    let mut handlers: Vec<Arc<dyn TaskHandler>> = vec![
        Arc::new(WelcomeTicketHandler(acting.clone())),
        Arc::new(SeriesHandler(acting.clone())),
        Arc::new(ClassDeparturesHandler { acting: acting.clone(), pool: pool.clone() }),
        Arc::new(ConversationHandler { acting: acting.clone() }),
        Arc::new(SlaWatchHandler(acting.clone())),
    ];
    handlers.extend(requests.handlers());
    handlers.extend(ClassSeatsHandler::all(acting, pool));
    handlers.extend(WaitlistHandler::all(acting));
    handlers.extend(lesson_handlers(acting, pool));
    handlers
}
