//! Assignment of tickets to agents: round robin by load.

use super::events::Candidate;

/// Returns the agent with the fewest open tickets; among equals the one with the oldest last turn, then the
/// one with the lowest id. Pure: the same candidates always give the same agent.
pub fn next_assignee(candidates: &[Candidate]) -> Option<&Candidate> {
    candidates
        .iter()
        .min_by_key(|candidate| (candidate.open_tickets, candidate.last_assigned_at, candidate.agent))
}
