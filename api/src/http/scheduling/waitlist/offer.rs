//! Lookup of the offer that a student answers.

use domain::scheduling::{WaitlistCommand, WaitlistEntry, WaitlistError, WaitlistStatus};
use domain::{AccountId, Decider, HoldId, RefusalError, SlotId, WaitlistEntryId};

use crate::app::App;
use crate::http::problem::Problem;

/// Finds the slot and the hold of an offer; the hold is `None` if the same answer was given before.
///
/// # Errors
/// 404 `waitlist_entry_not_found` if the entry is not the student's; otherwise the refusal of the entry.
pub(super) async fn find_offer(
    app: &App,
    entry_id: WaitlistEntryId,
    student: AccountId,
    answer: &WaitlistCommand,
) -> Result<(SlotId, Option<HoldId>), Problem> {
    let entry = app.bus.load::<WaitlistEntry>(entry_id).await?.state;
    entry.decide(answer, app.clock.now()).map_err(|error| error.refusal())?;
    match *entry {
        WaitlistEntry::Joined { slot_id, student: owner, status } if owner == student => {
            let offered = match status {
                WaitlistStatus::Offered { hold_id, .. } => Some(hold_id),
                WaitlistStatus::Waiting
                | WaitlistStatus::Accepted
                | WaitlistStatus::Declined
                | WaitlistStatus::Expired
                | WaitlistStatus::Left => None,
            };
            Ok((slot_id, offered))
        }
        WaitlistEntry::Joined { .. } | WaitlistEntry::Unjoined => {
            Err(WaitlistError::NotFound.refusal().into())
        }
    }
}
