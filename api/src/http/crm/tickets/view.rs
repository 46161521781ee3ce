//! A ticket in the responses for the support desk.

use domain::support::{SlaTarget, Status};
use domain::{AccountId, StreamVersion, TicketId};
use jiff::Timestamp;
use projections::accounts::pseudonym;
use projections::crm::{ContactView, FreeText};
use projections::support::TicketRow;
use serde::Serialize;

use crate::http::support::tickets::history::{TicketHistory, TicketReplyView};

/// A ticket in a list. Contact data in its texts is masked for analysts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmTicket)]
pub struct TicketView {
    #[schema(value_type = Uuid)]
    pub id: TicketId,
    /// Null after erasure of the requester.
    pub title: Option<String>,
    pub description: Option<String>,
    /// `open`, `in_progress`, `waiting`, `resolved` or `closed`. Merged tickets are shown as closed.
    pub status: String,
    pub priority: String,
    pub category: String,
    pub tags: Vec<String>,
    #[schema(value_type = Uuid)]
    pub requester_id: AccountId,
    /// A pseudonym after erasure of the requester.
    pub requester_name: String,
    #[schema(value_type = Option<Uuid>)]
    pub assignee_id: Option<AccountId>,
    pub assignee_name: Option<String>,
    /// `web`, `agent` or `system`.
    pub channel: String,
    #[schema(value_type = Option<Uuid>)]
    pub merged_into: Option<TicketId>,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_response_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub resolved_at: Option<Timestamp>,
    pub replies_count: usize,
    pub notes_count: usize,
    /// Rating since the last resolution, 1 to 5.
    pub rating: Option<u8>,
    pub sla: SlaView,
    #[schema(value_type = u64)]
    pub version: StreamVersion,
}

/// State of the SLA targets of a ticket.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TicketSla)]
pub struct SlaView {
    /// `on_track`, `at_risk` (due within an hour), `breached`, `paused` (the requester must respond),
    /// `met` or `none` (no target).
    pub state: String,
    pub first_response: TargetView,
    pub resolution: TargetView,
}

/// One SLA target.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TicketSlaTarget)]
pub struct TargetView {
    /// Deadline, while the SLA clock runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// Instant of the breach, if the target was missed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub missed_at: Option<Timestamp>,
}

impl TargetView {
    fn new(due_at: Option<Timestamp>, missed_at: Option<Timestamp>, now: Timestamp) -> Self {
        match due_at.filter(|due| *due < now) {
            Some(passed) => Self { due_at: None, missed_at: missed_at.or(Some(passed)) },
            None => Self { due_at, missed_at },
        }
    }
}

impl TicketView {
    pub fn from_row(row: TicketRow, reader: ContactView, now: Timestamp) -> Self {
        let text = |text: Option<FreeText>| text.map(|text| text.show(reader));
        let named = |name: Option<String>, id| name.unwrap_or_else(|| pseudonym(id, reader.locale));
        Self {
            id: row.ticket_id,
            title: text(row.title),
            description: text(row.description),
            status: row.status,
            priority: row.priority,
            category: row.category,
            tags: row.tags,
            requester_id: row.requester,
            requester_name: named(row.requester_name, row.requester),
            assignee_id: row.assignee,
            assignee_name: row.assignee.map(|agent| named(row.assignee_name, agent)),
            channel: row.channel,
            merged_into: row.merged_into,
            opened_at: row.opened_at,
            updated_at: row.updated_at,
            first_response_at: row.first_response_at,
            resolved_at: row.resolved_at,
            replies_count: usize::try_from(row.replies).unwrap_or_default(),
            notes_count: usize::try_from(row.notes).unwrap_or_default(),
            rating: row.rating.and_then(|rating| u8::try_from(rating).ok()),
            sla: SlaView {
                state: row.sla,
                first_response: TargetView::new(row.first_response_due_at, row.first_response_missed_at, now),
                resolution: TargetView::new(row.resolution_due_at, row.resolution_missed_at, now),
            },
            version: row.version,
        }
    }

    /// Builds the view from the log, which is up to date.
    fn from_history(story: &TicketHistory, reader: ContactView, now: Timestamp) -> Self {
        let case = &story.state;
        let text = |text: &Option<String>| text.clone().map(|text| reader.show_text(text));
        let target = |target| {
            let (due_at, missed_at) = story.target_times(target, now);
            TargetView::new(due_at, missed_at, now)
        };
        Self {
            id: story.ticket_id,
            title: text(&story.title),
            description: text(&story.description),
            status: case.status().as_str().to_owned(),
            priority: case.priority.as_str().to_owned(),
            category: case.category.clone(),
            tags: case.tags.clone(),
            requester_id: case.requester,
            requester_name: story.display_name(case.requester, reader.locale),
            assignee_id: case.assignee,
            assignee_name: case.assignee.map(|agent| story.display_name(agent, reader.locale)),
            channel: case.channel.as_str().to_owned(),
            merged_into: case.merged_into,
            opened_at: story.opened_at,
            updated_at: story.updated_at,
            first_response_at: story.first_response_at,
            resolved_at: story.resolved_at,
            replies_count: story.replies.len(),
            notes_count: story.notes.len(),
            rating: case.rating,
            sla: SlaView {
                state: sla_state(story, now).to_owned(),
                first_response: target(SlaTarget::FirstResponse),
                resolution: target(SlaTarget::Resolution),
            },
            version: story.version,
        }
    }
}

/// Returns the SLA state. `projections/src/support/tickets/queries.rs` has the same rule for rows.
fn sla_state(story: &TicketHistory, now: Timestamp) -> &'static str {
    if story.clock.is_none() {
        return "none";
    }
    let targets = SlaTarget::ALL.iter().map(|target| story.target_times(*target, now));
    let (due, missed): (Vec<_>, Vec<_>) = targets.unzip();
    let soon = now + jiff::SignedDuration::from_hours(1);
    match story.state.status() {
        _ if missed.iter().any(Option::is_some) => "breached",
        _ if story.state.merged_into.is_some() => "none",
        Status::Resolved | Status::Closed => "met",
        Status::Waiting => "paused",
        Status::Open | Status::InProgress if due.iter().flatten().any(|due| *due < soon) => "at_risk",
        Status::Open | Status::InProgress => "on_track",
    }
}

/// A ticket with its replies and notes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CrmTicketDetail)]
pub struct TicketDetail {
    #[serde(flatten)]
    ticket: TicketView,
    replies: Vec<TicketReplyView>,
    /// Internal notes of agents.
    notes: Vec<TicketReplyView>,
    rating_comment: Option<String>,
    /// Tickets that were merged into this one.
    #[schema(value_type = Vec<Uuid>)]
    duplicates: Vec<TicketId>,
}

impl TicketDetail {
    pub fn from_history(story: &TicketHistory, reader: ContactView, now: Timestamp) -> Self {
        let said = |list: &[crate::http::support::tickets::history::TicketMessage]| -> Vec<TicketReplyView> {
            let shown = list.iter().map(|said| story.view_message(said, reader.locale));
            shown
                .map(|said| TicketReplyView { body: said.body.map(|body| reader.show_text(body)), ..said })
                .collect()
        };
        Self {
            ticket: TicketView::from_history(story, reader, now),
            replies: said(&story.replies),
            notes: said(&story.notes),
            rating_comment: story.rating_comment.clone().map(|text| reader.show_text(text)),
            duplicates: story.state.duplicates.iter().copied().collect(),
        }
    }
}

/// Header of the CSV file of tickets.
pub const CSV_HEADER: [&str; 23] = [
    "id",
    "title",
    "description",
    "status",
    "priority",
    "category",
    "tags",
    "requester_id",
    "requester_name",
    "assignee_id",
    "assignee_name",
    "channel",
    "merged_into",
    "opened_at",
    "updated_at",
    "first_response_at",
    "resolved_at",
    "replies_count",
    "notes_count",
    "rating",
    "sla",
    "due_at",
    "version",
];

/// Row of the CSV file of tickets. Tags are a JSON array, because a tag may hold spaces.
pub fn csv_cells(ticket: TicketView) -> [String; 23] {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    let due = [ticket.sla.first_response.due_at, ticket.sla.resolution.due_at];
    [
        ticket.id.to_string(),
        text(ticket.title),
        text(ticket.description),
        ticket.status,
        ticket.priority,
        ticket.category,
        serde_json::to_string(&ticket.tags).expect("texts serialize to JSON"),
        ticket.requester_id.to_string(),
        ticket.requester_name,
        text(ticket.assignee_id),
        text(ticket.assignee_name),
        ticket.channel,
        text(ticket.merged_into),
        ticket.opened_at.to_string(),
        ticket.updated_at.to_string(),
        text(ticket.first_response_at),
        text(ticket.resolved_at),
        ticket.replies_count.to_string(),
        ticket.notes_count.to_string(),
        text(ticket.rating),
        ticket.sla.state,
        text(due.into_iter().flatten().min()),
        ticket.version.to_string(),
    ]
}
