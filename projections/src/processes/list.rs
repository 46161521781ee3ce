//! Every process and what does its tasks, listed once; the deliveries to the CRM have settings of their own.

use std::sync::Arc;

use sqlx::PgPool;

use super::crm::CrmDelivery;
use super::{
    Acting, ClassDepartures, ClassDeparturesHandler, ClassSeats, ClassSeatsHandler, RequestHandlers,
    Requests, SeriesHandler, SeriesKeeper, SlaWatch, SlaWatchHandler, WaitlistHandler, WaitlistProcess,
    WelcomeTicket, WelcomeTicketHandler, lesson_handlers, lesson_processes,
};
use crate::process::{Process, TaskHandler};

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
        Arc::new(SlaWatch),
    ];
    processes.extend(lesson_processes());
    processes
}

/// What does their tasks, but for the deliveries to the CRM.
pub fn task_handlers(acting: &Acting, pool: &PgPool) -> Vec<Arc<dyn TaskHandler>> {
    let Acting { log, dispatch, clock } = acting.clone();
    let requests = RequestHandlers {
        pool: pool.clone(),
        log: log.clone(),
        dispatch: dispatch.clone(),
        clock: clock.clone(),
    };
    let series = SeriesHandler { log: log.clone(), dispatch: dispatch.clone(), clock: clock.clone() };
    let mut handlers: Vec<Arc<dyn TaskHandler>> = vec![
        Arc::new(WelcomeTicketHandler { log, dispatch, clock }),
        Arc::new(series),
        Arc::new(ClassSeatsHandler { acting: acting.clone(), pool: pool.clone() }),
        Arc::new(ClassDeparturesHandler { acting: acting.clone(), pool: pool.clone() }),
        Arc::new(SlaWatchHandler(acting.clone())),
    ];
    handlers.extend(requests.handlers());
    handlers.extend(WaitlistHandler::all(acting));
    handlers.extend(lesson_handlers(acting, pool));
    handlers
}
