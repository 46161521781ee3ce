//! Statistics of both kinds of records, counted from the records on each request.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::tickets::{Ticket, TicketPriority, TicketStatus};
use crate::users::{User, UserStatus, UserType};

#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserStats {
    total: u64,
    tutors: u64,
    students: u64,
    active: u64,
    inactive: u64,
    suspended: u64,
    /// Users whose join date is in the month of `today`.
    new_this_month: u64,
}

#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketStats {
    total: u64,
    open: u64,
    in_progress: u64,
    resolved: u64,
    closed: u64,
    urgent: u64,
    high: u64,
    medium: u64,
    low: u64,
    /// Tickets that became `resolved` on the day of `today` (UTC) and were not reopened.
    resolved_today: u64,
    /// Mean time in whole seconds from creation until a ticket first leaves `open`; null if none has.
    average_response_time: Option<i64>,
    categories_stats: BTreeMap<String, u64>,
}

/// `today` is a day in UTC.
pub(crate) fn user_stats<'a>(users: impl Iterator<Item = &'a User>, today: Date) -> UserStats {
    let mut stats = UserStats::default();
    for user in users {
        stats.total += 1;
        match user.r#type {
            UserType::Student => stats.students += 1,
            UserType::Tutor => stats.tutors += 1,
        }
        match user.status {
            UserStatus::Active => stats.active += 1,
            UserStatus::Inactive => stats.inactive += 1,
            UserStatus::Suspended => stats.suspended += 1,
        }
        let is_new = user.join_date.first_of_month() == today.first_of_month();
        stats.new_this_month += u64::from(is_new);
    }
    stats
}

/// `today` is a day in UTC.
pub(crate) fn ticket_stats<'a>(tickets: impl Iterator<Item = &'a Ticket>, today: Date) -> TicketStats {
    let mut stats = TicketStats::default();
    let mut response_times_ms = Vec::new();
    for ticket in tickets {
        stats.total += 1;
        match ticket.status {
            TicketStatus::Open => stats.open += 1,
            TicketStatus::InProgress => stats.in_progress += 1,
            TicketStatus::Resolved => stats.resolved += 1,
            TicketStatus::Closed => stats.closed += 1,
        }
        match ticket.priority {
            TicketPriority::Urgent => stats.urgent += 1,
            TicketPriority::High => stats.high += 1,
            TicketPriority::Medium => stats.medium += 1,
            TicketPriority::Low => stats.low += 1,
        }
        let resolved_on = ticket.resolved_at.map(|at| at.to_zoned(TimeZone::UTC).date());
        stats.resolved_today += u64::from(resolved_on == Some(today));
        if let Some(answered_at) = ticket.answered_at {
            response_times_ms.push(answered_at.as_millisecond() - ticket.created_at.as_millisecond());
        }
        *stats.categories_stats.entry(ticket.category.clone()).or_default() += 1;
    }
    stats.average_response_time = mean(&response_times_ms).map(|mean_ms| mean_ms / 1_000);
    stats
}

fn mean(numbers: &[i64]) -> Option<i64> {
    let count = i64::try_from(numbers.len()).ok().filter(|count| *count > 0)?;
    Some(numbers.iter().sum::<i64>() / count)
}
