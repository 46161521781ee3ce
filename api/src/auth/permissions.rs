//! Permission matrix: the table by which every route is guarded and documented.
//!
//! A route without a row in the table is refused for every caller. A test compares the table with the API
//! document.

use axum::http::Method;
use domain::Role;
use domain::accounts::Person;

/// The callers that may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Anyone,
    /// Any session of an account that is not suspended.
    SignedIn,
    /// Any session, also of a suspended account.
    EvenSuspended,
    /// A session of an account with one of these roles.
    Roles(&'static [Role]),
}

/// One row of the table.
#[derive(Clone, Debug)]
pub struct PermissionRule {
    pub method: Method,
    /// Under `/api/v1`, with `{names}` as in the route.
    pub path: &'static str,
    pub who: Access,
}

pub(crate) const fn rule(method: Method, path: &'static str, who: Access) -> PermissionRule {
    PermissionRule { method, path, who }
}

const ADMINS: Access = Access::Roles(&[Role::Admin]);

/// Readers of the CRM views. The first matching role counts: contacts are masked for a person who is only an
/// analyst.
const CRM_READERS: Access = Access::Roles(&[Role::Admin, Role::Support, Role::Analyst]);

/// Readers of the reports, which contain amounts of money.
const ANALYSTS: Access = Access::Roles(&[Role::Admin, Role::Analyst]);

/// Callers that may change people and tickets in the CRM views.
const CRM_STAFF: Access = Access::Roles(&[Role::Admin, Role::Support]);

/// Readers of reported messages. Admins are excluded: they read no conversations.
const SUPPORT: Access = Access::Roles(&[Role::Support]);

const AUDITORS: Access = Access::Roles(&[Role::Auditor]);

const STUDENTS: Access = Access::Roles(&[Role::Student]);

const TEACHERS: Access = Access::Roles(&[Role::Teacher]);

/// Teachers and students; the handler checks that they belong to the lesson.
const IN_LESSONS: Access = Access::Roles(&[Role::Student, Role::Teacher]);

/// Participants of lessons, and staff who may observe one; the handler checks that they belong to it.
const IN_LESSON_ROOMS: Access = Access::Roles(&[Role::Student, Role::Teacher, Role::Support, Role::Admin]);

/// Readers of the attendance of a lesson; the handler checks that a teacher leads it.
const ATTENDANCE_READERS: Access = Access::Roles(&[Role::Teacher, Role::Support, Role::Admin]);

/// The permission matrix.
pub const RULES: &[PermissionRule] = &[
    rule(Method::POST, "/accounts", Access::Anyone),
    rule(Method::POST, "/session", Access::Anyone),
    rule(Method::DELETE, "/session", Access::EvenSuspended),
    rule(Method::GET, "/sessions", Access::EvenSuspended),
    rule(Method::DELETE, "/sessions/{id}", Access::EvenSuspended),
    rule(Method::GET, "/me", Access::EvenSuspended),
    rule(Method::DELETE, "/me", Access::EvenSuspended),
    rule(Method::GET, "/me/home", Access::SignedIn),
    rule(Method::POST, "/people/lookup", Access::SignedIn),
    rule(Method::PATCH, "/me/profile", Access::SignedIn),
    rule(Method::POST, "/me/password", Access::SignedIn),
    rule(Method::POST, "/me/email", Access::SignedIn),
    rule(Method::POST, "/me/email/verification", Access::SignedIn),
    rule(Method::POST, "/password-recoveries", Access::Anyone),
    rule(Method::POST, "/password-recoveries/{token}", Access::Anyone),
    rule(Method::POST, "/email-verifications/{token}", Access::Anyone),
    rule(Method::POST, "/me/phone", Access::SignedIn),
    rule(Method::GET, "/me/export", Access::EvenSuspended),
    rule(Method::PUT, "/me/avatar", Access::SignedIn),
    rule(Method::GET, "/avatars/{object_id}", Access::Anyone),
    rule(Method::GET, "/demo", Access::Anyone),
    rule(Method::GET, "/dictionaries", Access::Anyone),
    rule(Method::GET, "/live", Access::SignedIn),
    rule(Method::GET, "/teachers", Access::Anyone),
    rule(Method::GET, "/teachers/{id}", Access::Anyone),
    rule(Method::GET, "/teachers/{id}/slots", Access::Anyone),
    rule(Method::GET, "/teachers/{id}/reviews", Access::Anyone),
    rule(Method::GET, "/students", TEACHERS),
    rule(Method::GET, "/students/{id}", TEACHERS),
    rule(Method::POST, "/slots", TEACHERS),
    rule(Method::GET, "/slots", TEACHERS),
    rule(Method::GET, "/slots/{id}", IN_LESSONS),
    rule(Method::PATCH, "/slots/{id}", TEACHERS),
    rule(Method::DELETE, "/slots/{id}", TEACHERS),
    rule(Method::POST, "/slots/{id}/holds", STUDENTS),
    rule(Method::DELETE, "/holds/{id}", STUDENTS),
    rule(Method::POST, "/slots/{id}/bookings", IN_LESSONS),
    rule(Method::GET, "/lessons", IN_LESSONS),
    rule(Method::GET, "/lessons/{id}", IN_LESSONS),
    rule(Method::POST, "/lessons/{id}/cancel", IN_LESSONS),
    rule(Method::POST, "/lessons/{id}/reschedule", IN_LESSONS),
    rule(Method::POST, "/lessons/{id}/reschedule/accept", IN_LESSONS),
    rule(Method::POST, "/lessons/{id}/reschedule/decline", IN_LESSONS),
    rule(Method::POST, "/lessons/{id}/start", TEACHERS),
    rule(Method::POST, "/lessons/{id}/complete", TEACHERS),
    rule(Method::POST, "/lessons/{id}/no-show", IN_LESSONS),
    rule(Method::POST, "/lessons/{id}/report", TEACHERS),
    rule(Method::POST, "/lessons/{id}/review", STUDENTS),
    rule(Method::POST, "/lessons/{id}/video-token", IN_LESSON_ROOMS),
    rule(Method::GET, "/lessons/{id}/attendance", ATTENDANCE_READERS),
    rule(Method::POST, "/slots/{id}/waitlist", STUDENTS),
    rule(Method::DELETE, "/slots/{id}/waitlist", STUDENTS),
    rule(Method::GET, "/waitlist", STUDENTS),
    rule(Method::POST, "/waitlist/{id}/accept", STUDENTS),
    rule(Method::POST, "/waitlist/{id}/decline", STUDENTS),
    rule(Method::POST, "/classes", TEACHERS),
    rule(Method::GET, "/classes", IN_LESSONS),
    rule(Method::GET, "/classes/{id}", IN_LESSONS),
    rule(Method::PATCH, "/classes/{id}", TEACHERS),
    rule(Method::DELETE, "/classes/{id}", TEACHERS),
    rule(Method::POST, "/classes/{id}/students", TEACHERS),
    rule(Method::DELETE, "/classes/{id}/students/{student_id}", IN_LESSONS),
    rule(Method::GET, "/series", TEACHERS),
    rule(Method::POST, "/series", TEACHERS),
    rule(Method::POST, "/series/preview", TEACHERS),
    rule(Method::GET, "/series/{id}", TEACHERS),
    rule(Method::PATCH, "/series/{id}", TEACHERS),
    rule(Method::DELETE, "/series/{id}", TEACHERS),
    rule(Method::POST, "/series/{id}/exceptions", TEACHERS),
    rule(Method::POST, "/calendar-feed", IN_LESSONS),
    rule(Method::GET, "/calendar/{file}", Access::Anyone),
    rule(Method::GET, "/lessons/{id}/calendar.ics", IN_LESSONS),
    rule(Method::POST, "/lesson-requests", STUDENTS),
    rule(Method::GET, "/lesson-requests", IN_LESSONS),
    rule(Method::GET, "/lesson-requests/{id}", IN_LESSONS),
    rule(Method::POST, "/lesson-requests/{id}/cancel", STUDENTS),
    rule(Method::POST, "/lesson-requests/{id}/accept", TEACHERS),
    rule(Method::POST, "/lesson-requests/{id}/decline", TEACHERS),
    rule(Method::GET, "/lesson-requests/{id}/matching", CRM_STAFF),
    rule(Method::POST, "/conversations", Access::SignedIn),
    rule(Method::GET, "/conversations", Access::EvenSuspended),
    rule(Method::GET, "/conversations/{id}", Access::EvenSuspended),
    rule(Method::GET, "/conversations/{id}/messages", Access::EvenSuspended),
    rule(Method::POST, "/conversations/{id}/messages", Access::SignedIn),
    rule(Method::POST, "/conversations/{id}/read", Access::SignedIn),
    rule(Method::POST, "/conversations/{id}/archive", Access::SignedIn),
    rule(Method::POST, "/conversations/{id}/unarchive", Access::SignedIn),
    rule(Method::POST, "/conversations/{id}/clear", Access::SignedIn),
    rule(Method::POST, "/conversations/{id}/hide", Access::SignedIn),
    rule(Method::POST, "/conversations/{id}/block", Access::SignedIn),
    rule(Method::POST, "/conversations/{id}/unblock", Access::SignedIn),
    rule(Method::POST, "/attachments", Access::SignedIn),
    rule(Method::GET, "/attachments/{id}", Access::EvenSuspended),
    rule(Method::GET, "/messages/search", Access::EvenSuspended),
    rule(Method::PATCH, "/messages/{id}", Access::SignedIn),
    rule(Method::DELETE, "/messages/{id}", Access::SignedIn),
    rule(Method::GET, "/messages/{id}/history", Access::EvenSuspended),
    rule(Method::POST, "/messages/{id}/report", Access::SignedIn),
    rule(Method::GET, "/crm/reports", SUPPORT),
    rule(Method::GET, "/notifications", Access::EvenSuspended),
    rule(Method::GET, "/notifications/unread-count", Access::EvenSuspended),
    rule(Method::POST, "/notifications/read", Access::SignedIn),
    rule(Method::DELETE, "/notifications/{id}", Access::SignedIn),
    rule(Method::GET, "/notifications/{id}/deliveries", Access::EvenSuspended),
    rule(Method::GET, "/notification-preferences", Access::EvenSuspended),
    rule(Method::PUT, "/notification-preferences", Access::SignedIn),
    rule(Method::GET, "/notification-preferences/quiet-hours", Access::EvenSuspended),
    rule(Method::PUT, "/notification-preferences/quiet-hours", Access::SignedIn),
    rule(Method::POST, "/tickets", Access::SignedIn),
    rule(Method::GET, "/tickets", Access::EvenSuspended),
    rule(Method::GET, "/tickets/{id}", Access::EvenSuspended),
    rule(Method::POST, "/tickets/{id}/replies", Access::SignedIn),
    rule(Method::POST, "/tickets/{id}/satisfaction", Access::SignedIn),
    rule(Method::POST, "/ticket-ratings/{token}", Access::Anyone),
    rule(Method::GET, "/crm/tickets", CRM_READERS),
    rule(Method::POST, "/crm/tickets", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/bulk", CRM_STAFF),
    rule(Method::GET, "/crm/tickets/{id}", CRM_READERS),
    rule(Method::PATCH, "/crm/tickets/{id}", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/assign", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/status", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/priority", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/category", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/tags", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/replies", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/notes", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/merge", CRM_STAFF),
    rule(Method::POST, "/crm/tickets/{id}/unmerge", CRM_STAFF),
    rule(Method::GET, "/crm/canned-replies", CRM_STAFF),
    rule(Method::POST, "/crm/canned-replies", CRM_STAFF),
    rule(Method::PUT, "/crm/canned-replies/{id}", CRM_STAFF),
    rule(Method::DELETE, "/crm/canned-replies/{id}", CRM_STAFF),
    rule(Method::GET, "/crm/canned-replies/{id}/text", CRM_STAFF),
    rule(Method::GET, "/crm/views", CRM_STAFF),
    rule(Method::POST, "/crm/views", CRM_STAFF),
    rule(Method::PUT, "/crm/views/{id}", CRM_STAFF),
    rule(Method::DELETE, "/crm/views/{id}", CRM_STAFF),
    rule(Method::GET, "/crm/agents", CRM_STAFF),
    rule(Method::GET, "/crm/dashboard", CRM_READERS),
    rule(Method::GET, "/crm/analytics", ANALYSTS),
    rule(Method::GET, "/crm/analytics/{report}", ANALYSTS),
    rule(Method::GET, "/crm/analytics/{report}/drilldown", ANALYSTS),
    rule(Method::GET, "/crm/users", CRM_READERS),
    rule(Method::POST, "/crm/users", CRM_STAFF),
    rule(Method::GET, "/crm/users/{id}", CRM_READERS),
    rule(Method::PATCH, "/crm/users/{id}", CRM_STAFF),
    rule(Method::DELETE, "/crm/users/{id}", ADMINS),
    rule(Method::GET, "/crm/users/{id}/timeline", CRM_READERS),
    rule(Method::GET, "/crm/users/{id}/tickets", CRM_READERS),
    rule(Method::POST, "/crm/users/{id}/reveal", CRM_READERS),
    rule(Method::POST, "/crm/users/{id}/suspend", CRM_STAFF),
    rule(Method::POST, "/crm/users/{id}/reinstate", CRM_STAFF),
    rule(Method::GET, "/audit/events", AUDITORS),
    rule(Method::GET, "/admin/accounts", ADMINS),
    rule(Method::GET, "/admin/projections", ADMINS),
    rule(Method::POST, "/admin/projections/{name}/rebuild", ADMINS),
    rule(Method::POST, "/admin/projections/{name}/switch-back", ADMINS),
    rule(Method::POST, "/admin/projections/{name}/retry", ADMINS),
    rule(Method::POST, "/admin/projections/{name}/skip", ADMINS),
    rule(Method::POST, "/admin/accounts/{id}/roles", ADMINS),
    rule(Method::GET, "/admin/system", ADMINS),
    rule(Method::GET, "/admin/crm/integration", ADMINS),
    rule(Method::GET, "/admin/crm/deliveries", ADMINS),
    rule(Method::GET, "/admin/crm/attempts", ADMINS),
    rule(Method::POST, "/admin/crm/deliveries/{id}/retry", ADMINS),
    rule(Method::POST, "/admin/crm/deliveries/retry", ADMINS),
    rule(Method::POST, "/admin/crm/test", ADMINS),
    rule(Method::POST, "/admin/crm/sync", ADMINS),
    rule(Method::POST, "/admin/crm/reconcile", ADMINS),
];

/// Returns the rule of a route. HEAD has the rule of GET.
pub fn find_rule(method: &Method, path: &str) -> Option<&'static PermissionRule> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    RULES.iter().find(|rule| rule.path == path && rule.method == *method)
}

/// Returns `true` if the person, as currently in the log, may use the route.
pub fn is_allowed(person: &Person, method: &Method, path: &str) -> bool {
    find_rule(method, path).is_some_and(|rule| match rule.who {
        Access::Anyone | Access::EvenSuspended => true,
        Access::SignedIn => !person.suspended,
        Access::Roles(roles) => !person.suspended && roles.iter().any(|role| person.roles.contains(role)),
    })
}
