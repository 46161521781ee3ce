//! Commands that merge tickets, and the ticket where a merged one goes on.

use domain::support::{self, Ticket, TicketError};
use domain::{AccountId, Command, RefusalError, TicketId};

use crate::app::App;
use crate::http::problem::Problem;

/// Fact of a refusal: the ticket into which the ticket was merged.
const INTO: &str = "into";

/// Returns the commands that merge a ticket into another.
///
/// # Errors
/// 404 `ticket_not_found` if the ticket does not exist; 409 `merge_into_itself`.
pub(super) async fn merge_commands(
    app: &App,
    ticket_id: TicketId,
    into: TicketId,
) -> Result<Vec<Command>, Problem> {
    let loaded = app.bus.load::<Ticket>(ticket_id).await?;
    let requester = loaded.state.case().ok_or_else(|| TicketError::NotFound.refusal())?.requester;
    Ok(support::merge(ticket_id, requester, into).map_err(|error| error.refusal())?)
}

/// Finds where merged tickets go on.
pub struct MergeTargets<'a>(pub &'a App);

impl MergeTargets<'_> {
    /// Names the last ticket of a chain of merges in a refusal. A reader who is not its requester gets no id;
    /// `None` reads every ticket.
    ///
    /// # Errors
    /// The problem of the result; `unavailable` without the log.
    pub async fn name_last<T>(
        &self,
        result: Result<T, Problem>,
        reader: Option<AccountId>,
    ) -> Result<T, Problem> {
        let mut problem = match result {
            Ok(done) => return Ok(done),
            Err(problem) => problem,
        };
        for reason in &mut problem.reasons {
            let Some(first) = reason.facts.get(INTO).and_then(|id| id.parse().ok()) else { continue };
            let (last, requester) = self.find_last(first).await?;
            if reader.is_none_or(|reader| requester == Some(reader)) {
                reason.facts.insert(INTO.to_owned(), last.to_string());
            } else {
                reason.facts.remove(INTO);
            }
        }
        Err(problem)
    }

    /// Follows the merges. They form no circle, because a merged ticket receives no duplicate.
    async fn find_last(&self, first: TicketId) -> Result<(TicketId, Option<AccountId>), Problem> {
        let mut last = first;
        loop {
            let loaded = self.0.bus.load::<Ticket>(last).await?;
            let case = loaded.state.case();
            match case.and_then(|case| case.merged_into) {
                Some(next) => last = next,
                None => return Ok((last, case.map(|case| case.requester))),
            }
        }
    }
}
