//! Every process and what does its tasks, listed once; deliveries to the CRM and by mail have settings of their own.

use std::sync::Arc;

use crm_sync::CrmDelivery;
use projection_runtime::{Process, TaskHandler};
use sqlx::PgPool;

use super::{
    Acting, ClassDepartures, ClassDeparturesHandler, ClassSeats, ClassSeatsHandler, ConversationHandler,
    ConversationKeeper, RequestHandlers, Requests, SeriesHandler, SeriesKeeper, SlaWatch, SlaWatchHandler,
    WaitlistHandler, WaitlistProcess, WelcomeTicket, WelcomeTicketHandler, lesson_handlers, lesson_processes,
    notification_processes,
};

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
