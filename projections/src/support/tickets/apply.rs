//! Applies one event to the row of a ticket.

use domain::accounts::fold_label;
use domain::support::{SLA_POLICIES, SlaClock, SlaTarget, Status, TicketEvent};
use domain::{AccountId, Personal, RecordedEvent};
use jiff::Timestamp;
use uuid::Uuid;

use super::rows::TicketRecord;

/// Returns the row of a ticket that an event opens, or `None` for every later event.
pub(super) fn initial_row(
    ticket_id: Uuid,
    recorded: &RecordedEvent,
    event: &TicketEvent,
) -> Option<TicketRecord> {
    let TicketEvent::TicketOpened { title, description, priority, category, tags, requester, channel } =
        event
    else {
        return None;
    };
    let at = recorded.recorded_at;
    let mut row = TicketRecord {
        ticket_id,
        title: title.known().cloned(),
        description: description.known().cloned(),
        status: Status::Open.as_str().to_owned(),
        own_status: Status::Open.as_str().to_owned(),
        priority: priority.as_str().to_owned(),
        category: category.clone(),
        tags: fold_labels(tags),
        requester: requester.uuid(),
        channel: channel.as_str().to_owned(),
        assignee: None,
        assigned_at: None,
        merged_into: None,
        opened_at: at,
        updated_at: at,
        first_response_at: None,
        resolved_at: None,
        replies: 0,
        notes: 0,
        rating: None,
        rating_comment: None,
        sla: None,
        first_response_due_at: None,
        resolution_due_at: None,
        first_response_missed_at: None,
        resolution_missed_at: None,
        due_at: None,
        version: recorded.sequence,
        position: recorded.position,
    };
    row.set_sla(SlaClock::start(event, at, SLA_POLICIES), at);
    Some(row)
}

/// Returns the tags in their folded form. Earlier events have them as they were typed.
fn fold_labels(tags: &[String]) -> Vec<String> {
    let mut folded: Vec<String> = Vec::new();
    for tag in tags.iter().map(|tag| fold_label(tag)) {
        if !folded.contains(&tag) {
            folded.push(tag);
        }
    }
    folded
}

impl TicketRecord {
    /// Applies a later event.
    pub(super) fn apply(&mut self, recorded: &RecordedEvent, event: &TicketEvent) {
        let at = recorded.recorded_at;
        self.version = recorded.sequence;
        self.position = recorded.position;
        self.updated_at = at;
        match event {
            TicketEvent::TicketOpened { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. } => {}
            TicketEvent::FirstResponseBreached { due_at, .. } => {
                self.first_response_missed_at.get_or_insert(*due_at);
                self.first_response_due_at = None;
                self.due_at = self.resolution_due_at;
            }
            TicketEvent::ResolutionBreached { due_at, .. } => {
                self.resolution_missed_at.get_or_insert(*due_at);
                self.resolution_due_at = None;
                self.due_at = self.first_response_due_at;
            }
            TicketEvent::TicketAssigned { agent, .. } => {
                self.assignee = Some(agent.uuid());
                self.assigned_at = Some(at);
            }
            TicketEvent::TicketUnassigned { .. } => {
                self.assignee = None;
                self.assigned_at = None;
            }
            TicketEvent::PriorityChanged { to, .. } => to.as_str().clone_into(&mut self.priority),
            TicketEvent::CategoryChanged { category, .. } => self.category.clone_from(category),
            TicketEvent::TagsChanged { tags, .. } => self.tags = fold_labels(tags),
            TicketEvent::ReplyAdded { author, requester, .. } => {
                self.replies += 1;
                if author != requester {
                    self.first_response_at = self.first_response_at.or(Some(at));
                }
            }
            TicketEvent::InternalNoteAdded { .. } => self.notes += 1,
            TicketEvent::StatusChanged { to, .. } => self.set_status(*to, at),
            TicketEvent::TicketReopened { .. } => {
                self.set_status(Status::Open, at);
                self.rating = None;
                self.rating_comment = None;
            }
            TicketEvent::TicketMerged { into, .. } => {
                self.merged_into = Some(into.uuid());
                Status::Closed.as_str().clone_into(&mut self.status);
            }
            TicketEvent::TicketUnmerged { .. } => {
                self.merged_into = None;
                self.status.clone_from(&self.own_status);
            }
            TicketEvent::SatisfactionRated { rating, comment, .. } => {
                self.rating = Some(i16::from(*rating));
                self.rating_comment = comment.as_ref().and_then(Personal::known).cloned();
            }
        }
        if SlaClock::concerns(event) {
            let clock = self.sla.take().and_then(|stored| serde_json::from_value::<SlaClock>(stored).ok());
            let clock = clock.map(|mut clock| {
                clock.take(event, at, SLA_POLICIES);
                clock
            });
            self.set_sla(clock, at);
        }
    }

    /// Erases the texts of an erased requester, and the texts written to them.
    pub(super) fn erase_texts(&mut self, person: AccountId) {
        if self.requester == person.uuid() {
            self.title = None;
            self.description = None;
            self.rating_comment = None;
        }
    }

    fn set_status(&mut self, status: Status, at: Timestamp) {
        status.as_str().clone_into(&mut self.status);
        status.as_str().clone_into(&mut self.own_status);
        self.resolved_at = if status.is_over() { self.resolved_at.or(Some(at)) } else { None };
    }

    fn set_sla(&mut self, clock: Option<SlaClock>, at: Timestamp) {
        let due = |target| clock.as_ref().and_then(|clock| clock.due_at(target, SLA_POLICIES));
        let missed = |target| clock.as_ref().and_then(|clock| clock.missed_at(target, at, SLA_POLICIES));
        self.first_response_due_at = due(SlaTarget::FirstResponse);
        self.resolution_due_at = due(SlaTarget::Resolution);
        self.first_response_missed_at = missed(SlaTarget::FirstResponse);
        self.resolution_missed_at = missed(SlaTarget::Resolution);
        self.due_at = [self.first_response_due_at, self.resolution_due_at].into_iter().flatten().min();
        self.sla = clock.map(|clock| serde_json::to_value(clock).expect("a clock serializes to JSON"));
    }
}
