//! Lists of all read models, process managers and their task handlers.

use std::sync::Arc;

use crm_sync::CrmDelivery;
use crm_sync::deliveries::CrmDeliveries;
use projection_runtime::{ProcessManager, ReadModel, TaskHandler};
use sqlx::PgPool;

use crate::accounts::{DirectoryReadModel, TeacherCardsReadModel};
use crate::audit::EventIndexReadModel;
use crate::crm::analytics::AnalyticsReadModel;
use crate::crm::{CrmUsersReadModel, TimelineReadModel};
use crate::handler_context::HandlerContext;
use crate::live::LiveFeedReadModel;
use crate::messaging::{ConversationMembership, ConversationMembershipHandler, ConversationsReadModel};
use crate::notifications::{
    ConversationMembersReadModel, NotificationsReadModel, notification_process_managers,
};
use crate::scheduling::requests::LessonRequestsReadModel;
use crate::scheduling::{
    ClassMembershipCleanup, ClassMembershipCleanupHandler, ClassSeats, ClassSeatsHandler, ClassesReadModel,
    RequestHandlers, RequestMatching, RequestWaves, SeriesReadModel, SeriesSlots, SeriesSlotsHandler,
    SlotsReadModel, WaitlistOffers, WaitlistOffersHandler, WaitlistReadModel, lesson_handlers,
    lesson_process_managers,
};
use crate::support::{
    DepartedAgents, DepartedAgentsHandler, SlaTimers, SlaTimersHandler, TicketsReadModel, WelcomeTicket,
    WelcomeTicketHandler,
};
use crate::video::{AttendanceReadModel, NoShowProposals, NoShowProposalsHandler};

/// Returns every read model of the product.
pub fn read_models() -> Vec<Arc<dyn ReadModel>> {
    vec![
        Arc::new(EventIndexReadModel),
        Arc::new(DirectoryReadModel),
        Arc::new(TeacherCardsReadModel),
        Arc::new(CrmUsersReadModel),
        Arc::new(TimelineReadModel),
        Arc::new(TicketsReadModel),
        Arc::new(AnalyticsReadModel),
        Arc::new(CrmDeliveries),
        Arc::new(LessonRequestsReadModel),
        Arc::new(SlotsReadModel),
        Arc::new(WaitlistReadModel),
        Arc::new(ClassesReadModel),
        Arc::new(SeriesReadModel),
        Arc::new(ConversationsReadModel),
        Arc::new(LiveFeedReadModel),
        Arc::new(NotificationsReadModel),
        Arc::new(ConversationMembersReadModel),
        Arc::new(AttendanceReadModel),
    ]
}

/// Returns every process manager of the product.
pub fn process_managers() -> Vec<Arc<dyn ProcessManager>> {
    let mut process_managers: Vec<Arc<dyn ProcessManager>> = vec![
        Arc::new(WelcomeTicket),
        Arc::new(CrmDelivery),
        Arc::new(RequestMatching),
        Arc::new(SeriesSlots),
        Arc::new(WaitlistOffers),
        Arc::new(ClassSeats),
        Arc::new(ClassMembershipCleanup),
        Arc::new(ConversationMembership),
        Arc::new(SlaTimers),
        Arc::new(DepartedAgents),
        Arc::new(NoShowProposals),
    ];
    process_managers.extend(lesson_process_managers());
    process_managers.extend(notification_process_managers());
    process_managers
}

/// Returns their task handlers, except those of deliveries to the external CRM and of notifications.
pub fn task_handlers(
    context: &HandlerContext,
    pool: &PgPool,
    waves: RequestWaves,
) -> Vec<Arc<dyn TaskHandler>> {
    let requests = RequestHandlers { context: context.clone(), pool: pool.clone(), waves };
    let mut handlers: Vec<Arc<dyn TaskHandler>> = vec![
        Arc::new(WelcomeTicketHandler(context.clone())),
        Arc::new(SeriesSlotsHandler(context.clone())),
        Arc::new(ClassMembershipCleanupHandler { context: context.clone(), pool: pool.clone() }),
        Arc::new(ConversationMembershipHandler { context: context.clone() }),
        Arc::new(SlaTimersHandler(context.clone())),
        Arc::new(DepartedAgentsHandler { context: context.clone(), pool: pool.clone() }),
        Arc::new(NoShowProposalsHandler(context.clone())),
    ];
    handlers.extend(requests.handlers());
    handlers.extend(ClassSeatsHandler::all(context, pool));
    handlers.extend(WaitlistOffersHandler::all(context));
    handlers.extend(lesson_handlers(context, pool));
    handlers
}
