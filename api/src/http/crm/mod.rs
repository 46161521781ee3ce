//! CRM views: people, tickets, dashboard and reports for support, analysts and admins.

pub mod agents;
pub mod analytics;
pub mod as_of;
pub mod canned_replies;
pub mod dashboard;
pub mod message_reports;
pub mod saved_views;
pub mod tickets;
pub mod users;
