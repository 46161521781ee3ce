//! Everything that listens, listed once.

use std::sync::Arc;

use crm_sync::deliveries::CrmDeliveries;
use projection_runtime::ReadModel;

use crate::accounts::{Directory, TeacherCards};
use crate::audit_index::EventIndex;
use crate::crm::analytics::Analytics;
use crate::crm::{CrmUsers, Tickets, Timeline};
use crate::live::LiveFeed;
use crate::messaging::Conversations;
use crate::notifications::{Notifications, Talks};
use crate::scheduling::requests::LessonRequests;
use crate::scheduling::{Classes, SeriesModel, Slots, Waitlist};

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
