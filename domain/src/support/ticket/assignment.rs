//! Assignment of tickets to agents: round robin by load.

use super::events::Candidate;

/// The agent with the fewest open tickets; among equals who has waited longest for a turn, and the
/// lowest id where even that is equal. Pure: the same candidates give the same agent, for ever.
pub fn whose_turn(candidates: &[Candidate]) -> Option<&Candidate> {
    candidates
        .iter()
        .min_by_key(|candidate| (candidate.open_tickets, candidate.last_assigned_at, candidate.agent))
}
