//! All routes of the API, one line each.

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::document::Document;
use super::{
    BASE, accounts, admin, audit, crm, demo, dictionaries, live, messaging, notifications, scheduling,
    support,
};
use crate::app::AppState;

/// Returns the documented routes. Each route also needs a line in `auth/permissions.rs`.
pub(super) fn documented_routes() -> OpenApiRouter<AppState> {
    let api = OpenApiRouter::new()
        .routes(routes!(accounts::register::register_account))
        .routes(routes!(accounts::sessions::sign_in::sign_in, accounts::sessions::sign_out::sign_out))
        .routes(routes!(accounts::sessions::list::list_sessions))
        .routes(routes!(accounts::sessions::revoke::revoke_session))
        .routes(routes!(accounts::me::get::get_me, accounts::me::erase::erase_me))
        .routes(routes!(accounts::me::home::get_home))
        .routes(routes!(accounts::people::lookup::look_up_people))
        .routes(routes!(accounts::me::change_profile::change_profile))
        .routes(routes!(accounts::me::change_password::change_password))
        .routes(routes!(accounts::me::change_email::change_email))
        .routes(routes!(accounts::me::request_verification::request_email_verification))
        .routes(routes!(accounts::password_recoveries::create::recover_password))
        .routes(routes!(accounts::password_recoveries::redeem::set_recovered_password))
        .routes(routes!(accounts::email_verifications::redeem::verify_email))
        .routes(routes!(accounts::me::change_phone::change_phone))
        .routes(routes!(accounts::me::export::export_me))
        .routes(routes!(accounts::avatars::put::put_avatar))
        .routes(routes!(accounts::avatars::get::get_avatar))
        .routes(routes!(dictionaries::get::get_dictionaries))
        .routes(routes!(demo::get::get_demo))
        .routes(routes!(live::connect::connect_live))
        .routes(routes!(accounts::teachers::list::list_teachers))
        .routes(routes!(accounts::teachers::get::get_teacher))
        .routes(routes!(scheduling::slots::list_bookable::list_bookable_slots))
        .routes(routes!(scheduling::reviews::list::list_reviews))
        .routes(routes!(scheduling::students::list::list_students))
        .routes(routes!(scheduling::students::get::get_student))
        .routes(routes!(scheduling::slots::create::open_slot, scheduling::slots::list::list_slots))
        .routes(routes!(
            scheduling::slots::get::get_slot,
            scheduling::slots::change::change_slot,
            scheduling::slots::withdraw::withdraw_slot
        ))
        .routes(routes!(scheduling::holds::create::hold_slot))
        .routes(routes!(scheduling::holds::release::release_hold))
        .routes(routes!(scheduling::bookings::create::book_slot))
        .routes(routes!(scheduling::lessons::list::list_lessons))
        .routes(routes!(scheduling::lessons::get::get_lesson))
        .routes(routes!(scheduling::lessons::cancel::cancel_lesson))
        .routes(routes!(scheduling::lessons::reschedule::reschedule_lesson))
        .routes(routes!(scheduling::lessons::accept_reschedule::accept_reschedule))
        .routes(routes!(scheduling::lessons::decline_reschedule::decline_reschedule))
        .routes(routes!(scheduling::lessons::start::start_lesson))
        .routes(routes!(scheduling::lessons::complete::complete_lesson))
        .routes(routes!(scheduling::lessons::no_show::record_no_show))
        .routes(routes!(scheduling::lessons::report::write_lesson_report))
        .routes(routes!(scheduling::lessons::review::review_lesson))
        .routes(routes!(scheduling::lessons::video_token::issue_video_token))
        .routes(routes!(scheduling::lessons::attendance::get_lesson_attendance))
        .routes(routes!(
            scheduling::waitlist::join::join_waitlist,
            scheduling::waitlist::leave::leave_waitlist
        ))
        .routes(routes!(scheduling::waitlist::list::list_waitlist))
        .routes(routes!(scheduling::waitlist::accept::accept_waitlist_offer))
        .routes(routes!(scheduling::waitlist::decline::decline_waitlist_offer))
        .routes(routes!(scheduling::classes::create::create_class, scheduling::classes::list::list_classes))
        .routes(routes!(
            scheduling::classes::get::get_class,
            scheduling::classes::change::change_class,
            scheduling::classes::close::close_class
        ))
        .routes(routes!(scheduling::classes::add_student::add_student_to_class))
        .routes(routes!(scheduling::classes::remove_student::remove_student_from_class))
        .routes(routes!(scheduling::series::create::define_series, scheduling::series::list::list_series))
        .routes(routes!(scheduling::series::preview::preview_series))
        .routes(routes!(
            scheduling::series::get::get_series,
            scheduling::series::change::change_series,
            scheduling::series::end::end_series
        ))
        .routes(routes!(scheduling::series::add_exception::add_series_exception))
        .routes(routes!(scheduling::calendar::rotate_feed::rotate_calendar_feed))
        .routes(routes!(scheduling::calendar::get_feed::get_calendar))
        .routes(routes!(scheduling::calendar::get_lesson::get_lesson_calendar))
        .routes(routes!(
            scheduling::lesson_requests::create::open_lesson_request,
            scheduling::lesson_requests::list::list_lesson_requests
        ))
        .routes(routes!(scheduling::lesson_requests::get::get_lesson_request))
        .routes(routes!(scheduling::lesson_requests::cancel::cancel_lesson_request))
        .routes(routes!(scheduling::lesson_requests::accept::accept_lesson_request))
        .routes(routes!(scheduling::lesson_requests::decline::decline_lesson_request))
        .routes(routes!(scheduling::lesson_requests::matching::explain_lesson_request_matching))
        .routes(routes!(
            messaging::conversations::create::open_conversation,
            messaging::conversations::list::list_conversations
        ))
        .routes(routes!(messaging::conversations::get::get_conversation))
        .routes(routes!(messaging::messages::list::list_messages, messaging::messages::send::send_message))
        .routes(routes!(messaging::conversations::participant_actions::read_conversation))
        .routes(routes!(messaging::conversations::participant_actions::archive_conversation))
        .routes(routes!(messaging::conversations::participant_actions::unarchive_conversation))
        .routes(routes!(messaging::conversations::participant_actions::clear_conversation))
        .routes(routes!(messaging::conversations::participant_actions::hide_conversation))
        .routes(routes!(messaging::conversations::participant_actions::block_conversation))
        .routes(routes!(messaging::conversations::participant_actions::unblock_conversation))
        .routes(routes!(messaging::messages::search::search_messages))
        .routes(routes!(messaging::attachments::upload::upload_attachment))
        .routes(routes!(messaging::attachments::download::download_attachment))
        .routes(routes!(messaging::messages::edit::edit_message, messaging::messages::delete::delete_message))
        .routes(routes!(messaging::messages::history::get_message_history))
        .routes(routes!(messaging::messages::report::report_message))
        .routes(routes!(crm::message_reports::list::list_message_reports))
        .routes(routes!(notifications::inbox::list::list_notifications))
        .routes(routes!(notifications::inbox::unread_count::count_unread_notifications))
        .routes(routes!(notifications::inbox::mark_read::mark_notifications_read))
        .routes(routes!(notifications::inbox::dismiss::dismiss_notification))
        .routes(routes!(notifications::deliveries::list::list_notification_deliveries))
        .routes(routes!(
            notifications::preferences::get::get_notification_preferences,
            notifications::preferences::change::change_notification_preferences
        ))
        .routes(routes!(
            notifications::quiet_hours::get::get_quiet_hours,
            notifications::quiet_hours::change::change_quiet_hours
        ))
        .routes(routes!(support::tickets::create::open_ticket, support::tickets::list::list_own_tickets))
        .routes(routes!(support::tickets::get::get_own_ticket))
        .routes(routes!(support::tickets::reply::reply_to_own_ticket))
        .routes(routes!(support::tickets::rate::rate_ticket))
        .routes(routes!(support::tickets::rate_by_link::rate_ticket_by_link))
        .routes(routes!(crm::tickets::list::list_tickets, crm::tickets::create::open_ticket_for_requester))
        .routes(routes!(crm::tickets::bulk::change_tickets_in_bulk))
        .routes(routes!(crm::tickets::get::get_ticket, crm::tickets::change::change_ticket))
        .routes(routes!(crm::tickets::assign::assign_ticket))
        .routes(routes!(crm::tickets::change_status::change_ticket_status))
        .routes(routes!(crm::tickets::change_priority::change_ticket_priority))
        .routes(routes!(crm::tickets::change_category::change_ticket_category))
        .routes(routes!(crm::tickets::change_tags::change_ticket_tags))
        .routes(routes!(crm::tickets::reply::reply_to_ticket))
        .routes(routes!(crm::tickets::add_note::add_ticket_note))
        .routes(routes!(crm::tickets::merge::merge_ticket))
        .routes(routes!(crm::tickets::unmerge::unmerge_ticket))
        .routes(routes!(
            crm::canned_replies::list::list_canned_replies,
            crm::canned_replies::create::create_canned_reply
        ))
        .routes(routes!(
            crm::canned_replies::change::change_canned_reply,
            crm::canned_replies::delete::delete_canned_reply
        ))
        .routes(routes!(crm::canned_replies::text::fill_in_canned_reply))
        .routes(routes!(
            crm::saved_views::list::list_saved_views,
            crm::saved_views::create::create_saved_view
        ))
        .routes(routes!(
            crm::saved_views::change::change_saved_view,
            crm::saved_views::delete::delete_saved_view
        ))
        .routes(routes!(crm::agents::list::list_agents))
        .routes(routes!(crm::dashboard::get::get_dashboard))
        .routes(routes!(crm::analytics::list::list_reports))
        .routes(routes!(crm::analytics::report::get_report))
        .routes(routes!(crm::analytics::drilldown::list_report_facts))
        .routes(routes!(crm::users::list::list_users, crm::users::create::invite_user))
        .routes(routes!(
            crm::users::get::get_user,
            crm::users::change::correct_user,
            crm::users::erase::erase_user
        ))
        .routes(routes!(crm::users::timeline::list_user_timeline))
        .routes(routes!(crm::users::tickets::list_user_tickets))
        .routes(routes!(crm::users::reveal::reveal_user_contacts))
        .routes(routes!(crm::users::suspend::suspend_user))
        .routes(routes!(crm::users::reinstate::reinstate_user))
        .routes(routes!(audit::events::list::list_events))
        .routes(routes!(admin::accounts::list::list_accounts))
        .routes(routes!(admin::projections::list::get_projections))
        .routes(routes!(admin::projections::rebuild::rebuild_read_model))
        .routes(routes!(admin::projections::switch_back::switch_back_read_model))
        .routes(routes!(admin::projections::retry::retry_event))
        .routes(routes!(admin::projections::skip::skip_event))
        .routes(routes!(admin::accounts::change_role::change_role))
        .routes(routes!(admin::system::get::get_system))
        .routes(routes!(admin::crm_sync::get::get_crm_integration))
        .routes(routes!(admin::crm_sync::deliveries::list_crm_deliveries))
        .routes(routes!(admin::crm_sync::attempts::list_crm_attempts))
        .routes(routes!(admin::crm_sync::retry::retry_crm_delivery))
        .routes(routes!(admin::crm_sync::retry_all::retry_crm_deliveries))
        .routes(routes!(admin::crm_sync::test_connection::test_crm_connection))
        .routes(routes!(admin::crm_sync::sync::sync_crm))
        .routes(routes!(admin::crm_sync::reconcile::reconcile_crm));
    OpenApiRouter::with_openapi(Document::openapi()).nest(BASE, api)
}
