//! What a ticket may say when it is opened, and later.

use super::commands::NewTicket;
use super::error::TicketError;
use super::events::TicketEvent;
use super::{CATEGORY_LIMIT, DESCRIPTION_LIMIT, TAG_LIMIT, TAGS_MAX, TITLE_LIMIT};
use crate::accounts::bounded_text;
use crate::field_problem::FieldProblem;
use crate::personal::Personal;

pub(super) fn open(ticket: &NewTicket) -> Result<Vec<TicketEvent>, TicketError> {
    if ticket.title.trim().is_empty() {
        return Err(TicketError::TitleMissing);
    }
    let mut problems = Vec::new();
    let mut text = |field, text: &str, max, multiline| {
        checked(field, text, max, multiline).map_err(|problem| problems.push(problem)).unwrap_or_default()
    };
    let title = text("title", &ticket.title, TITLE_LIMIT, false);
    let description = text("description", &ticket.description, DESCRIPTION_LIMIT, true);
    let category = text("category", &ticket.category, CATEGORY_LIMIT, false);
    let tags = match checked_tags(&ticket.tags) {
        Ok(tags) => tags,
        Err(found) => {
            problems.extend(found);
            Vec::new()
        }
    };
    if !problems.is_empty() {
        return Err(TicketError::InvalidFields(problems));
    }
    Ok(vec![TicketEvent::TicketOpened {
        title: Personal::new(ticket.requester, title),
        description: Personal::new(ticket.requester, description),
        priority: ticket.priority,
        category,
        tags,
        requester: ticket.requester,
        channel: ticket.channel,
    }])
}

/// The text as it is kept.
pub(super) fn checked(field: &str, text: &str, max: usize, multiline: bool) -> Result<String, FieldProblem> {
    bounded_text(text, max, multiline).map_err(|error| FieldProblem::of(field, error.code()))
}

/// The tags as they are kept; everything that is wrong with them.
pub(super) fn checked_tags(tags: &[String]) -> Result<Vec<String>, Vec<FieldProblem>> {
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    if tags.len() > TAGS_MAX {
        problems.push(FieldProblem::of("tags", "too_many"));
    }
    for (i, tag) in tags.iter().enumerate().take(TAGS_MAX) {
        match bounded_text(tag, TAG_LIMIT, false) {
            Ok(tag) if kept.contains(&tag) => problems.push(FieldProblem::inside("tags", i, "duplicate")),
            Ok(tag) => kept.push(tag),
            Err(error) => problems.push(FieldProblem::inside("tags", i, error.code())),
        }
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}
