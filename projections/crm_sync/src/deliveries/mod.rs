//! Read model of the deliveries to the external CRM: one row per record that the CRM must hold.

mod delivery;
mod model;
mod queries;

pub use delivery::{DeliveryState, delivery_id};
pub use model::CrmDeliveries;
pub(crate) use queries::list_incomplete_deliveries;
pub use queries::{
    DeliveryCursor, DeliveryFilter, DeliveryView, find_delivery, is_held_by_another, list_deliveries,
};
