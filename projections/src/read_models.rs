//! Everything that listens, listed once.

use std::sync::Arc;

use crate::accounts::{Directory, TeacherCards};
use crate::audit_index::EventIndex;
use crate::crm::deliveries::CrmDeliveries;
use crate::crm::{CrmUsers, Tickets, Timeline};
use crate::read_model::ReadModel;

/// Every read model of the product.
pub fn read_models() -> Vec<Arc<dyn ReadModel>> {
    vec![
        Arc::new(EventIndex),
        Arc::new(Directory),
        Arc::new(TeacherCards),
        Arc::new(CrmUsers),
        Arc::new(Timeline),
        Arc::new(Tickets),
        Arc::new(CrmDeliveries),
    ]
}
