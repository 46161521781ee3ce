//! The record of a ticket, with the instants for the statistics.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::answer::Refusal;
use crate::record_store::Record;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ticket {
    pub id: Uuid,
    pub title: String,
    pub description: String,
    pub status: TicketStatus,
    pub priority: TicketPriority,
    pub category: String,
    /// An account id of the platform, or a user's id here; not checked, because the platform's ids are not
    /// ours.
    pub created_by: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<String>,
    /// Instant at which the ticket first left `open`. Not in JSON.
    #[serde(skip)]
    pub answered_at: Option<Timestamp>,
    /// Instant at which the ticket last became `resolved`; empty again once it is reopened. Not in JSON.
    #[serde(skip)]
    pub resolved_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TicketStatus {
    Open,
    InProgress,
    Resolved,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TicketPriority {
    Low,
    Medium,
    High,
    Urgent,
}

pub(super) const NOT_FOUND: Refusal = Refusal::NotFound("Ticket");

/// Parses a ticket's id; a text that is not a UUID is no id.
pub(super) fn ticket_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok()
}

impl Ticket {
    pub fn new(id: Uuid, now: Timestamp) -> Self {
        Self {
            id,
            title: String::new(),
            description: String::new(),
            status: TicketStatus::Open,
            priority: TicketPriority::Medium,
            category: String::new(),
            created_by: String::new(),
            created_at: now,
            updated_at: now,
            tags: Vec::new(),
            assigned_to: None,
            answered_at: None,
            resolved_at: None,
        }
    }

    /// Texts of a search.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [self.title.as_str(), &self.description].into_iter().chain(self.tags.iter().map(String::as_str))
    }

    /// Sets the status and stores the instants of the first answer and of the resolution.
    pub fn move_to(&mut self, status: TicketStatus, now: Timestamp) {
        if status == self.status {
            return;
        }
        self.status = status;
        match status {
            TicketStatus::Open => self.resolved_at = None,
            TicketStatus::InProgress => {
                self.resolved_at = None;
                self.answered_at.get_or_insert(now);
            }
            TicketStatus::Resolved => {
                self.resolved_at = Some(now);
                self.answered_at.get_or_insert(now);
            }
            TicketStatus::Closed => {
                self.answered_at.get_or_insert(now);
            }
        }
    }
}

impl Record for Ticket {
    fn id(&self) -> Uuid {
        self.id
    }
}
