//! All routes of the API, one line each.

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::openapi::Document;
use super::{
    BASE, accounts, admin, audit, crm, dictionaries, live, messaging, notifications, scheduling, support,
};
use crate::app::AppState;

/// Returns the documented routes. Each route also needs a line in `auth/permissions.rs`.
pub(super) fn documented_routes() -> OpenApiRouter<AppState> {
    let api = OpenApiRouter::new()
        .routes(routes!(accounts::register::register))
        .routes(routes!(accounts::sessions::sign_in::sign_in, accounts::sessions::sign_out::sign_out))
        .routes(routes!(accounts::sessions::list::sessions))
        .routes(routes!(accounts::sessions::revoke::revoke))
        .routes(routes!(accounts::me::get::me, accounts::me::erase::erase))
        .routes(routes!(accounts::me::change_profile::patch_profile))
        .routes(routes!(accounts::me::change_password::change_password))
        .routes(routes!(accounts::me::change_email::change_email))
        .routes(routes!(accounts::me::change_phone::change_phone))
        .routes(routes!(accounts::me::export::export))
        .routes(routes!(accounts::avatars::put::put_avatar))
        .routes(routes!(accounts::avatars::get::avatar))
        .routes(routes!(dictionaries::get::dictionaries))
        .routes(routes!(live::connect::live))
        .routes(routes!(accounts::teachers::list::teachers))
        .routes(routes!(accounts::teachers::get::teacher))
        .routes(routes!(scheduling::slots::list_bookable::offers))
        .routes(routes!(scheduling::reviews::list::reviews))
        .routes(routes!(scheduling::students::get::student))
        .routes(routes!(scheduling::slots::create::open, scheduling::slots::list::slots))
        .routes(routes!(
            scheduling::slots::get::slot,
            scheduling::slots::change::change,
            scheduling::slots::withdraw::withdraw
        ))
        .routes(routes!(scheduling::holds::create::hold))
        .routes(routes!(scheduling::holds::release::release))
        .routes(routes!(scheduling::bookings::create::book))
        .routes(routes!(scheduling::lessons::list::lessons))
        .routes(routes!(scheduling::lessons::get::lesson))
        .routes(routes!(scheduling::lessons::cancel::cancel))
        .routes(routes!(scheduling::lessons::reschedule::reschedule))
        .routes(routes!(scheduling::lessons::accept_reschedule::accept))
        .routes(routes!(scheduling::lessons::decline_reschedule::decline))
        .routes(routes!(scheduling::lessons::start::start))
        .routes(routes!(scheduling::lessons::complete::complete))
        .routes(routes!(scheduling::lessons::no_show::no_show))
        .routes(routes!(scheduling::lessons::report::report))
        .routes(routes!(scheduling::lessons::review::review))
        .routes(routes!(scheduling::waitlist::join::join, scheduling::waitlist::leave::leave))
        .routes(routes!(scheduling::waitlist::list::list))
        .routes(routes!(scheduling::waitlist::accept::accept))
        .routes(routes!(scheduling::waitlist::decline::decline))
        .routes(routes!(scheduling::classes::create::create, scheduling::classes::list::list))
        .routes(routes!(
            scheduling::classes::get::class,
            scheduling::classes::change::change,
            scheduling::classes::close::close
        ))
        .routes(routes!(scheduling::classes::add_student::add))
        .routes(routes!(scheduling::classes::remove_student::remove))
        .routes(routes!(scheduling::series::create::define, scheduling::series::list::list))
        .routes(routes!(scheduling::series::preview::preview))
        .routes(routes!(
            scheduling::series::get::one,
            scheduling::series::change::change,
            scheduling::series::end::end
        ))
        .routes(routes!(scheduling::series::add_exception::except))
        .routes(routes!(scheduling::calendar::rotate_feed::rotate))
        .routes(routes!(scheduling::calendar::get_feed::calendar))
        .routes(routes!(scheduling::calendar::get_lesson::lesson))
        .routes(routes!(scheduling::lesson_requests::create::make, scheduling::lesson_requests::list::list))
        .routes(routes!(scheduling::lesson_requests::get::one))
        .routes(routes!(scheduling::lesson_requests::cancel::cancel))
        .routes(routes!(scheduling::lesson_requests::accept::accept))
        .routes(routes!(scheduling::lesson_requests::decline::decline))
        .routes(routes!(scheduling::lesson_requests::matching::matching))
        .routes(routes!(messaging::conversations::create::open, messaging::conversations::list::list))
        .routes(routes!(messaging::conversations::get::one))
        .routes(routes!(messaging::messages::list::list, messaging::messages::send::send))
        .routes(routes!(messaging::conversations::participant_actions::read))
        .routes(routes!(messaging::conversations::participant_actions::archive))
        .routes(routes!(messaging::conversations::participant_actions::unarchive))
        .routes(routes!(messaging::conversations::participant_actions::clear))
        .routes(routes!(messaging::conversations::participant_actions::hide))
        .routes(routes!(messaging::conversations::participant_actions::block))
        .routes(routes!(messaging::conversations::participant_actions::unblock))
        .routes(routes!(messaging::messages::search::search))
        .routes(routes!(messaging::attachments::upload::upload))
        .routes(routes!(messaging::attachments::download::download))
        .routes(routes!(messaging::messages::edit::edit, messaging::messages::delete::delete))
        .routes(routes!(messaging::messages::history::history))
        .routes(routes!(messaging::messages::report::report))
        .routes(routes!(crm::message_reports::list::reports))
        .routes(routes!(notifications::inbox::list::list))
        .routes(routes!(notifications::inbox::unread_count::unread_count))
        .routes(routes!(notifications::inbox::mark_read::read))
        .routes(routes!(notifications::inbox::dismiss::dismiss))
        .routes(routes!(notifications::deliveries::list::list))
        .routes(routes!(
            notifications::preferences::get::preferences,
            notifications::preferences::change::change
        ))
        .routes(routes!(
            notifications::quiet_hours::get::quiet_hours,
            notifications::quiet_hours::change::change
        ))
        .routes(routes!(support::tickets::create::open, support::tickets::list::list))
        .routes(routes!(support::tickets::get::ticket))
        .routes(routes!(support::tickets::reply::reply))
        .routes(routes!(support::tickets::rate::rate))
        .routes(routes!(support::tickets::rate_by_link::rate_by_link))
        .routes(routes!(crm::tickets::list::tickets, crm::tickets::create::open))
        .routes(routes!(crm::tickets::bulk::bulk))
        .routes(routes!(crm::tickets::get::ticket, crm::tickets::change::patch))
        .routes(routes!(crm::tickets::assign::assign))
        .routes(routes!(crm::tickets::change_status::status))
        .routes(routes!(crm::tickets::change_priority::prioritise))
        .routes(routes!(crm::tickets::change_category::categorise))
        .routes(routes!(crm::tickets::change_tags::tag))
        .routes(routes!(crm::tickets::reply::reply))
        .routes(routes!(crm::tickets::add_note::note))
        .routes(routes!(crm::tickets::merge::merge))
        .routes(routes!(crm::tickets::unmerge::unmerge))
        .routes(routes!(crm::canned_replies::list::list, crm::canned_replies::create::keep))
        .routes(routes!(crm::canned_replies::change::change, crm::canned_replies::delete::drop_reply))
        .routes(routes!(crm::canned_replies::text::text))
        .routes(routes!(crm::saved_views::list::list, crm::saved_views::create::save))
        .routes(routes!(crm::saved_views::change::change, crm::saved_views::delete::drop_view))
        .routes(routes!(crm::dashboard::get::dashboard))
        .routes(routes!(crm::analytics::report::report))
        .routes(routes!(crm::analytics::drilldown::drilldown))
        .routes(routes!(crm::users::list::users))
        .routes(routes!(crm::users::get::user, crm::users::erase::erase_user))
        .routes(routes!(crm::users::timeline::timeline))
        .routes(routes!(crm::users::tickets::tickets))
        .routes(routes!(crm::users::suspend::suspend))
        .routes(routes!(crm::users::reinstate::reinstate))
        .routes(routes!(audit::events::list::events))
        .routes(routes!(admin::accounts::list::accounts))
        .routes(routes!(admin::projections::list::projections))
        .routes(routes!(admin::projections::rebuild::rebuild))
        .routes(routes!(admin::projections::switch_back::switch_back))
        .routes(routes!(admin::projections::retry::retry))
        .routes(routes!(admin::projections::skip::skip))
        .routes(routes!(admin::accounts::change_role::change_role))
        .routes(routes!(admin::system::get::system))
        .routes(routes!(admin::crm_sync::get::integration))
        .routes(routes!(admin::crm_sync::deliveries::deliveries))
        .routes(routes!(admin::crm_sync::attempts::attempts))
        .routes(routes!(admin::crm_sync::retry::retry))
        .routes(routes!(admin::crm_sync::retry_all::retry_all))
        .routes(routes!(admin::crm_sync::test_connection::test))
        .routes(routes!(admin::crm_sync::sync::sync))
        .routes(routes!(admin::crm_sync::reconcile::reconcile));
    OpenApiRouter::with_openapi(Document::openapi()).nest(BASE, api)
}
