//! History of a ticket, read from the log: its state, replies and notes.

use std::collections::{BTreeSet, HashMap};

use domain::accounts::{Account, Locale};
use domain::support::{SLA_POLICIES, SlaClock, SlaTarget, Ticket, TicketError, TicketEvent, TicketState};
use domain::{
    AccountId, Event, EventLog, Personal, Position, RecordedEvent, RefusalError, StreamId, StreamVersion,
    TicketId, fold_events,
};
use jiff::Timestamp;
use projections::accounts::pseudonym;
use serde::Serialize;
use uuid::Uuid;

use crate::app::App;
use crate::http::problem::Problem;

/// Ticket with its replies and notes.
pub struct TicketHistory {
    pub ticket_id: TicketId,
    pub state: TicketState,
    /// `None` once the requester is erased; the same holds for all texts.
    pub title: Option<String>,
    pub description: Option<String>,
    pub opened_at: Timestamp,
    pub updated_at: Timestamp,
    pub first_response_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub replies: Vec<TicketMessage>,
    pub notes: Vec<TicketMessage>,
    pub rating_comment: Option<String>,
    pub clock: Option<SlaClock>,
    pub version: StreamVersion,
    pub position: Position,
    names: HashMap<AccountId, Option<String>>,
}

/// Reply or internal note.
#[derive(Clone, Debug)]
pub struct TicketMessage {
    pub id: Uuid,
    pub author: AccountId,
    pub body: Option<String>,
    pub at: Timestamp,
}

/// Reply to a ticket.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TicketReply)]
pub struct TicketReplyView {
    pub id: Uuid,
    #[schema(value_type = Uuid)]
    pub author_id: AccountId,
    /// A pseudonym once the author is erased.
    pub author_name: String,
    /// `requester` or `agent`.
    pub from: &'static str,
    /// Null once the requester is erased.
    pub body: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl TicketHistory {
    /// Loads the ticket from the log.
    ///
    /// # Errors
    /// 404 `ticket_not_found` if there is no such ticket.
    pub async fn load(app: &App, ticket_id: TicketId) -> Result<Self, Problem> {
        let mut history = Self::load_events(app, ticket_id, Position::MAX).await?;
        for person in history.people_in_ticket() {
            let account = app.account(person).await?.state;
            history.names.insert(person, profile_name(&account));
        }
        Ok(history)
    }

    /// Loads the ticket and the names of its people as of a log position.
    ///
    /// # Errors
    /// 404 `ticket_not_found` if there was no such ticket.
    pub async fn load_until(app: &App, ticket_id: TicketId, position: Position) -> Result<Self, Problem> {
        let mut history = Self::load_events(app, ticket_id, position).await?;
        let log = app.bus.log();
        for person in history.people_in_ticket() {
            let sealed = log.read_streams(&[StreamId::of::<Account>(person)], position).await?;
            let account = fold_events::<Account>(log.decode(&sealed).await?);
            history.names.insert(person, profile_name(&account));
        }
        Ok(history)
    }

    async fn load_events(app: &App, ticket_id: TicketId, until: Position) -> Result<Self, Problem> {
        let log = app.bus.log();
        let stream = StreamId::of::<Ticket>(ticket_id);
        let mut sealed = log.read_stream(&stream, StreamVersion::START).await?;
        sealed.retain(|event| event.position <= until);
        let events = log.decode(&sealed).await?;
        Self::from_events(ticket_id, &events).ok_or_else(|| TicketError::NotFound.refusal().into())
    }

    /// Loads a ticket of this requester.
    ///
    /// # Errors
    /// 404 `ticket_not_found` if there is no such ticket, or it has another requester.
    pub async fn load_for_requester(
        app: &App,
        ticket_id: TicketId,
        requester: AccountId,
    ) -> Result<Self, Problem> {
        let history = Self::load(app, ticket_id).await?;
        if history.state.requester == requester {
            Ok(history)
        } else {
            Err(TicketError::NotFound.refusal().into())
        }
    }

    fn from_events(ticket_id: TicketId, events: &[RecordedEvent]) -> Option<Self> {
        let (first, last) = (events.first()?, events.last()?);
        let Event::Ticket(opening) = &first.event else { return None };
        let TicketEvent::TicketOpened { title, description, .. } = opening else { return None };
        let Ticket::Opened(case) = fold_events::<Ticket>(events.iter().cloned()) else { return None };
        let mut history = Self {
            ticket_id,
            state: *case,
            title: title.known().cloned(),
            description: description.known().cloned(),
            opened_at: first.recorded_at,
            updated_at: last.recorded_at,
            first_response_at: None,
            resolved_at: None,
            replies: Vec::new(),
            notes: Vec::new(),
            rating_comment: None,
            clock: SlaClock::start(opening, first.recorded_at, SLA_POLICIES),
            version: last.sequence,
            position: last.position,
            names: HashMap::new(),
        };
        for recorded in &events[1..] {
            if let Event::Ticket(event) = &recorded.event {
                history.apply(event, recorded.recorded_at);
            }
        }
        Some(history)
    }

    fn apply(&mut self, event: &TicketEvent, at: Timestamp) {
        if let Some(clock) = &mut self.clock {
            clock.take(event, at, SLA_POLICIES);
        }
        match event {
            TicketEvent::ReplyAdded { reply_id, author, requester, body, .. } => {
                if author != requester {
                    self.first_response_at = self.first_response_at.or(Some(at));
                }
                self.replies.push(build_message(reply_id.uuid(), *author, body, at));
            }
            TicketEvent::InternalNoteAdded { note_id, author, body, .. } => {
                self.notes.push(build_message(note_id.uuid(), *author, body, at));
            }
            TicketEvent::StatusChanged { from, to, .. } => {
                if to.is_over() && !from.is_over() {
                    self.resolved_at = Some(at);
                }
            }
            TicketEvent::TicketReopened { .. } => {
                self.resolved_at = None;
                self.rating_comment = None;
            }
            TicketEvent::SatisfactionRated { comment, .. } => {
                self.rating_comment = comment.as_ref().and_then(Personal::known).cloned();
            }
            TicketEvent::TicketOpened { .. }
            | TicketEvent::TicketAssigned { .. }
            | TicketEvent::TicketUnassigned { .. }
            | TicketEvent::PriorityChanged { .. }
            | TicketEvent::CategoryChanged { .. }
            | TicketEvent::TagsChanged { .. }
            | TicketEvent::TicketMerged { .. }
            | TicketEvent::TicketUnmerged { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. }
            | TicketEvent::FirstResponseBreached { .. }
            | TicketEvent::ResolutionBreached { .. } => {}
        }
    }

    fn people_in_ticket(&self) -> BTreeSet<AccountId> {
        let message = self.replies.iter().chain(&self.notes).map(|message| message.author);
        message.chain(self.state.assignee).chain([self.state.requester]).collect()
    }

    /// Returns the name of a person of the ticket, or a pseudonym.
    pub fn display_name(&self, person: AccountId, locale: Locale) -> String {
        self.names.get(&person).cloned().flatten().unwrap_or_else(|| pseudonym(person, locale))
    }

    /// Builds the view of a reply or a note, with its author.
    pub fn view_message(&self, message: &TicketMessage, locale: Locale) -> TicketReplyView {
        TicketReplyView {
            id: message.id,
            author_id: message.author,
            author_name: self.display_name(message.author, locale),
            from: if message.author == self.state.requester { "requester" } else { "agent" },
            body: message.body.clone(),
            created_at: message.at,
        }
    }

    /// Returns the due time of an SLA target, and the time at which it was missed as of `now`.
    pub fn target_times(&self, target: SlaTarget, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        let Some(clock) = &self.clock else { return (None, None) };
        (clock.due_at(target, SLA_POLICIES), clock.missed_at(target, now, SLA_POLICIES))
    }
}

fn profile_name(account: &Account) -> Option<String> {
    let name = account.person()?.profile.name.clone();
    name.and_then(Personal::into_known).map(String::from)
}

fn build_message(id: Uuid, author: AccountId, body: &Personal<String>, at: Timestamp) -> TicketMessage {
    TicketMessage { id, author, body: body.known().cloned(), at }
}
