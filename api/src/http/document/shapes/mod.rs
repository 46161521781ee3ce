//! Shapes of the API document that no view of a handler has.
#![expect(dead_code, reason = "described for clients; handlers send and read other types")]

pub mod admin;
mod events;
mod notifications;
pub mod profile;
mod values;

use utoipa::OpenApi;

/// Shapes to which `properties.txt` refers.
#[derive(OpenApi)]
#[openapi(components(schemas(
    values::Money,
    values::Reason,
    profile::StudentProfile,
    profile::TeacherProfile,
    profile::Education,
    notifications::NotificationData,
    events::EventMetadata,
)))]
pub(super) struct Shapes;
