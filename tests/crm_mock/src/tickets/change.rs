//! Ticket fields of a request: all at creation, some of them later.

use jiff::Timestamp;

use super::{PRIORITIES, STATUSES, Ticket, TicketPriority, TicketStatus};
use crate::answer::Refusal;
use crate::record_store::set;
use crate::validate::{Absent, Fields, JsonObject};

/// The fields that a request named; a creation names all required ones.
#[derive(Default)]
pub(super) struct TicketChange {
    title: Option<String>,
    description: Option<String>,
    status: Option<TicketStatus>,
    priority: Option<TicketPriority>,
    category: Option<String>,
    created_by: Option<String>,
    tags: Option<Vec<String>>,
    /// `Some(None)` removes the assignment.
    assigned_to: Option<Option<String>>,
}

impl TicketChange {
    pub fn parse_creation(object: JsonObject) -> Result<Self, Refusal> {
        let mut fields = Fields::new(object, Absent::Refused);
        let change = Self::creation_fields(&mut fields);
        fields.finish()?;
        Ok(change)
    }

    pub fn parse_patch(object: JsonObject) -> Result<Self, Refusal> {
        let mut fields = Fields::new(object, Absent::Left);
        let change = Self {
            status: fields.word("status", STATUSES),
            assigned_to: fields.text_or_null("assignedTo", 200),
            ..Self::creation_fields(&mut fields)
        };
        fields.finish()?;
        Ok(change)
    }

    pub fn parse_status(object: JsonObject) -> Result<Self, Refusal> {
        let mut fields = Fields::new(object, Absent::Refused);
        let change = Self { status: fields.word("status", STATUSES), ..Self::default() };
        fields.finish()?;
        Ok(change)
    }

    pub fn parse_assignment(object: JsonObject) -> Result<Self, Refusal> {
        let mut fields = Fields::new(object, Absent::Refused);
        let change = Self { assigned_to: fields.text_or_null("assignedTo", 200), ..Self::default() };
        fields.finish()?;
        Ok(change)
    }

    fn creation_fields(fields: &mut Fields) -> Self {
        Self {
            title: fields.text("title", 1_000),
            description: fields.text("description", 50_000),
            priority: fields.word("priority", PRIORITIES),
            category: fields.text("category", 200),
            created_by: fields.text("createdBy", 200),
            tags: fields.texts("tags", 0),
            ..Self::default()
        }
    }

    pub fn apply(self, ticket: &mut Ticket, now: Timestamp) {
        set(&mut ticket.title, self.title);
        set(&mut ticket.description, self.description);
        set(&mut ticket.priority, self.priority);
        set(&mut ticket.category, self.category);
        set(&mut ticket.created_by, self.created_by);
        set(&mut ticket.tags, self.tags);
        set(&mut ticket.assigned_to, self.assigned_to);
        if let Some(status) = self.status {
            ticket.move_to(status, now);
        }
        ticket.updated_at = now;
    }
}
