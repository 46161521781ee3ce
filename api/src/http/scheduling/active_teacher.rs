//! Check that the teacher of a slot is active.

use domain::scheduling::{Slot, SlotError};
use domain::{AccountId, RefusalError, SlotId};

use crate::app::App;
use crate::http::problem::Problem;

/// Returns the teacher of a slot. A suspended or erased teacher cannot be booked, even while their slots are
/// being withdrawn.
///
/// # Errors
/// 404 `slot_not_found` if there is no slot, or its teacher is suspended or erased.
pub async fn require_active_teacher(app: &App, id: SlotId) -> Result<AccountId, Problem> {
    let loaded = app.bus.load::<Slot>(id).await?;
    let no_slot = || SlotError::NotFound.refusal();
    let teacher = loaded.state.lesson().map(|lesson| lesson.teacher).ok_or_else(no_slot)?;
    let account = app.account(teacher).await?;
    match account.state.person() {
        Some(person) if !person.suspended => Ok(teacher),
        Some(_) | None => Err(no_slot().into()),
    }
}
