//! Search texts of replies and notes in tickets.

use domain::support::TicketEvent;
use domain::{AccountId, RecordedEvent};
use projection_runtime::ApplyError;
use projection_runtime::text_search::normalize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::crm::mask_contacts;

/// Returns the words that every reader may search, and the words with contacts if the texts have any.
pub(super) fn search_words(texts: &[&str]) -> (String, String) {
    let masked: Vec<String> = texts.iter().map(|text| mask_contacts(text)).collect();
    let words = normalize(masked.iter().map(String::as_str));
    let all = normalize(texts.iter().copied());
    if words == all { (words, String::new()) } else { (words, all) }
}

/// New texts of a batch, column by column, as arrays for `unnest`.
#[derive(Default)]
pub(super) struct NewTicketTexts {
    tickets: Vec<Uuid>,
    positions: Vec<i64>,
    requesters: Vec<Uuid>,
    kinds: Vec<String>,
    words: Vec<String>,
    words_with_contacts: Vec<String>,
}

impl NewTicketTexts {
    /// Adds the text of an event, if it has one.
    pub(super) fn add_event(&mut self, ticket_id: Uuid, recorded: &RecordedEvent, event: &TicketEvent) {
        let (kind, body) = match event {
            TicketEvent::ReplyAdded { body, .. } => ("reply", body),
            TicketEvent::InternalNoteAdded { body, .. } => ("note", body),
            TicketEvent::TicketOpened { .. }
            | TicketEvent::TicketAssigned { .. }
            | TicketEvent::TicketUnassigned { .. }
            | TicketEvent::PriorityChanged { .. }
            | TicketEvent::CategoryChanged { .. }
            | TicketEvent::TagsChanged { .. }
            | TicketEvent::StatusChanged { .. }
            | TicketEvent::TicketReopened { .. }
            | TicketEvent::TicketMerged { .. }
            | TicketEvent::TicketUnmerged { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. }
            | TicketEvent::FirstResponseBreached { .. }
            | TicketEvent::ResolutionBreached { .. }
            | TicketEvent::SatisfactionRated { .. } => return,
        };
        // An erased text has no row. A rebuild after the erasure has the same result.
        let Some(body) = body.known() else { return };
        self.tickets.push(ticket_id);
        self.positions.push(recorded.position.to_bigint());
        self.requesters.push(event.requester().uuid());
        self.kinds.push(kind.to_owned());
        let (words, words_with_contacts) = search_words(&[body]);
        self.words.push(words);
        self.words_with_contacts.push(words_with_contacts);
    }

    /// Removes the unsaved texts of an erased requester.
    pub(super) fn erase_texts_of(&mut self, person: AccountId) {
        let is_kept = |requester: &Uuid| *requester != person.uuid();
        let keep: Vec<bool> = self.requesters.iter().map(is_kept).collect();
        retain(&mut self.tickets, &keep);
        retain(&mut self.positions, &keep);
        retain(&mut self.requesters, &keep);
        retain(&mut self.kinds, &keep);
        retain(&mut self.words, &keep);
        retain(&mut self.words_with_contacts, &keep);
    }

    pub(super) async fn save(self, db: &mut PgConnection, erased: &[Uuid]) -> Result<(), ApplyError> {
        if !erased.is_empty() {
            sqlx::query!("delete from ticket_texts where requester = any($1)", erased)
                .execute(&mut *db)
                .await?;
        }
        if self.tickets.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "insert into ticket_texts (ticket_id, position, requester, kind, search, search_contacts)
             select ticket_id, position, requester, kind,
                    to_tsvector('simple', words) || to_tsvector('russian', words)
                      || to_tsvector('english', words),
                    to_tsvector('simple', contacts) || to_tsvector('russian', contacts)
                      || to_tsvector('english', contacts)
             from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[])
               as new (ticket_id, position, requester, kind, words, contacts)",
            &self.tickets,
            &self.positions,
            &self.requesters,
            &self.kinds,
            &self.words,
            &self.words_with_contacts,
        )
        .execute(db)
        .await?;
        Ok(())
    }
}

fn retain<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    column.retain(|_| keep.next().copied().unwrap_or(true));
}
