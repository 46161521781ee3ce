//! Parameters that each report accepts: definitions, filters, groupings, dimensions and intervals; and its unit.

use super::query::{Dimension, Interval, Report};
use super::result::Unit;

/// Group of filters that a report accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FilterGroup {
    Lessons,
    Requests,
    Tickets,
    Nothing,
}

impl Report {
    /// Returns the newest definition. Definitions are counted from 1.
    ///
    /// A changed way to count is a new definition. Older ones stay available, over all history.
    pub fn newest_definition(self) -> u16 {
        match self {
            Report::Requests | Report::Tickets | Report::TicketCategories => 2,
            _ => 1,
        }
    }

    pub(super) fn filter_group(self) -> FilterGroup {
        match self {
            Report::Bookings
            | Report::LessonsHeld
            | Report::Cancellations
            | Report::NoShows
            | Report::Utilisation
            | Report::Revenue
            | Report::Unresolved => FilterGroup::Lessons,
            Report::Requests => FilterGroup::Requests,
            Report::Tickets
            | Report::TicketCategories
            | Report::ResponseTimes
            | Report::ResolutionTimes
            | Report::Sla
            | Report::Csat => FilterGroup::Tickets,
            Report::Registrations
            | Report::ActiveUsers
            | Report::Funnel
            | Report::Retention
            | Report::Messages => FilterGroup::Nothing,
        }
    }

    /// Returns the names of the filter parameters that the report accepts.
    pub fn filters(self) -> &'static [&'static str] {
        match self.filter_group() {
            FilterGroup::Lessons if self == Report::Revenue => {
                &["subject", "teacher_id", "currency", "date_of"]
            }
            FilterGroup::Lessons if self == Report::LessonsHeld => &["subject", "teacher_id", "date_of"],
            FilterGroup::Lessons if self == Report::Unresolved => &["subject", "teacher_id", "currency"],
            FilterGroup::Lessons => &["subject", "teacher_id"],
            FilterGroup::Requests => &["subject"],
            FilterGroup::Tickets => &["agent_id", "channel"],
            FilterGroup::Nothing if self == Report::Retention => &["role"],
            FilterGroup::Nothing => &[],
        }
    }

    /// Returns the dimensions by which the report can be grouped.
    pub fn dimensions(self) -> &'static [Dimension] {
        match self.filter_group() {
            FilterGroup::Lessons => &[Dimension::Teacher, Dimension::Subject],
            FilterGroup::Requests => &[Dimension::Subject],
            FilterGroup::Tickets if self == Report::TicketCategories => {
                &[Dimension::Agent, Dimension::Priority, Dimension::Channel]
            }
            FilterGroup::Tickets => {
                &[Dimension::Agent, Dimension::Priority, Dimension::Category, Dimension::Channel]
            }
            FilterGroup::Nothing => &[],
        }
    }

    /// Returns the unit of the report's first series.
    pub fn unit(self) -> Unit {
        match self {
            Report::Utilisation => Unit::Minutes,
            Report::Revenue => Unit::Money,
            Report::Retention | Report::Sla => Unit::Ratio,
            Report::ResponseTimes | Report::ResolutionTimes => Unit::Seconds,
            Report::Registrations
            | Report::ActiveUsers
            | Report::Bookings
            | Report::LessonsHeld
            | Report::Cancellations
            | Report::NoShows
            | Report::Unresolved
            | Report::Funnel
            | Report::Requests
            | Report::Tickets
            | Report::TicketCategories
            | Report::Csat
            | Report::Messages => Unit::Count,
        }
    }

    /// Returns the groupings. The first is the default. Empty if the report has no choice.
    pub fn groupings(self) -> &'static [&'static str] {
        match self {
            Report::Bookings => &["lesson_type", "booked_by"],
            Report::LessonsHeld => &["lesson_type", "format"],
            Report::Cancellations => &["side", "notice"],
            Report::Tickets => &["priority", "status"],
            _ => &[],
        }
    }

    /// Returns the intervals that the report supports.
    pub fn intervals(self) -> &'static [Interval] {
        if self == Report::Retention { &[Interval::Week, Interval::Month] } else { Interval::ALL }
    }

    pub fn default_interval(self) -> Interval {
        self.intervals()[0]
    }
}
