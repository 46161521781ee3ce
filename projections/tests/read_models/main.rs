//! Read models on a real Postgres.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod analysts;
mod analytics;
mod attendance;
mod catalogue;
mod counters;
mod desk;
mod desk_list;
mod feed;
mod history;
mod inboxes;
mod kept_log;
mod lessons;
mod lives;
mod pasts;
mod recount;
mod reports;
mod requests;
mod rows;
mod school;
mod searches;
mod switches;
mod tables;
mod talks;
mod timelines;
