//! Every route of the API, one line each.

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::docs::Document;
use super::{BASE, accounts, admin, audit, crm, dictionaries, notifications, scheduling, teachers};
use crate::app::Shared;

/// The documented routes. Each also needs its line in `auth/permissions.rs`.
pub(super) fn documented() -> OpenApiRouter<Shared> {
    let api = OpenApiRouter::new()
        .routes(routes!(accounts::register::register))
        .routes(routes!(accounts::session::sign_in, accounts::session::sign_out))
        .routes(routes!(accounts::sessions::sessions))
        .routes(routes!(accounts::sessions::revoke))
        .routes(routes!(accounts::me::me, accounts::erase::erase))
        .routes(routes!(accounts::me::patch_profile))
        .routes(routes!(accounts::password::change_password))
        .routes(routes!(accounts::contact::change_email))
        .routes(routes!(accounts::contact::change_phone))
        .routes(routes!(accounts::export::export))
        .routes(routes!(accounts::avatar::put_avatar))
        .routes(routes!(accounts::avatar::avatar))
        .routes(routes!(dictionaries::dictionaries))
        .routes(routes!(teachers::teachers))
        .routes(routes!(teachers::teacher))
        .routes(routes!(scheduling::offers::offers))
        .routes(routes!(scheduling::reviews::reviews))
        .routes(routes!(scheduling::students::student))
        .routes(routes!(scheduling::slots::open, scheduling::slots::slots))
        .routes(routes!(scheduling::slots::slot, scheduling::slots::change, scheduling::slots::withdraw))
        .routes(routes!(scheduling::holds::hold))
        .routes(routes!(scheduling::holds::release))
        .routes(routes!(scheduling::bookings::book))
        .routes(routes!(scheduling::lessons::lessons))
        .routes(routes!(scheduling::lessons::lesson))
        .routes(routes!(scheduling::cancel::cancel))
        .routes(routes!(scheduling::reschedule::reschedule))
        .routes(routes!(scheduling::reschedule::accept))
        .routes(routes!(scheduling::reschedule::decline))
        .routes(routes!(scheduling::conduct::start))
        .routes(routes!(scheduling::conduct::complete))
        .routes(routes!(scheduling::conduct::no_show))
        .routes(routes!(scheduling::conduct::report))
        .routes(routes!(scheduling::conduct::review))
        .routes(routes!(scheduling::waitlist::line::join, scheduling::waitlist::line::leave))
        .routes(routes!(scheduling::waitlist::list::list))
        .routes(routes!(scheduling::waitlist::offer::accept))
        .routes(routes!(scheduling::waitlist::offer::decline))
        .routes(routes!(scheduling::classes::collection::create, scheduling::classes::collection::list))
        .routes(routes!(
            scheduling::classes::one::class,
            scheduling::classes::one::change,
            scheduling::classes::one::close
        ))
        .routes(routes!(scheduling::classes::students::add))
        .routes(routes!(scheduling::classes::students::remove))
        .routes(routes!(scheduling::series::collection::define, scheduling::series::collection::list))
        .routes(routes!(scheduling::series::preview::preview))
        .routes(routes!(
            scheduling::series::collection::one,
            scheduling::series::changes::change,
            scheduling::series::changes::end
        ))
        .routes(routes!(scheduling::series::changes::except))
        .routes(routes!(scheduling::calendar::feed::rotate))
        .routes(routes!(scheduling::calendar::feed::calendar))
        .routes(routes!(scheduling::calendar::lesson::lesson))
        .routes(routes!(scheduling::lesson_requests::make::make, scheduling::lesson_requests::read::list))
        .routes(routes!(scheduling::lesson_requests::read::one))
        .routes(routes!(scheduling::lesson_requests::make::cancel))
        .routes(routes!(scheduling::lesson_requests::accept::accept))
        .routes(routes!(scheduling::lesson_requests::decline::decline))
        .routes(routes!(scheduling::lesson_requests::matching::matching))
        .routes(routes!(notifications::list::list))
        .routes(routes!(notifications::list::unread_count))
        .routes(routes!(notifications::reading::read))
        .routes(routes!(notifications::reading::dismiss))
        .routes(routes!(notifications::deliveries::list))
        .routes(routes!(notifications::preferences::preferences, notifications::preferences::change))
        .routes(routes!(notifications::quiet_hours::quiet_hours, notifications::quiet_hours::change))
        .routes(routes!(crm::users::users))
        .routes(routes!(crm::user::user, crm::erasure::erase_user))
        .routes(routes!(crm::user::timeline))
        .routes(routes!(crm::user::tickets))
        .routes(routes!(crm::suspension::suspend))
        .routes(routes!(crm::suspension::reinstate))
        .routes(routes!(audit::events::events))
        .routes(routes!(admin::accounts::accounts))
        .routes(routes!(admin::projections::projections))
        .routes(routes!(admin::projections::rebuild))
        .routes(routes!(admin::projections::switch_back))
        .routes(routes!(admin::projections::retry))
        .routes(routes!(admin::projections::skip))
        .routes(routes!(admin::roles::change_role))
        .routes(routes!(admin::system::system))
        .routes(routes!(admin::crm::integration))
        .routes(routes!(admin::crm::deliveries))
        .routes(routes!(admin::crm::attempts))
        .routes(routes!(admin::crm::retry))
        .routes(routes!(admin::crm::retry_all))
        .routes(routes!(admin::crm::test))
        .routes(routes!(admin::crm::sync))
        .routes(routes!(admin::crm::reconcile));
    OpenApiRouter::with_openapi(Document::openapi()).nest(BASE, api)
}
