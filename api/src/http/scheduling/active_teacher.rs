//! Refuses a slot whose teacher is not there.

use domain::scheduling::{Slot, SlotError};
use domain::{AccountId, RefusalError, SlotId};

use crate::app::App;
use crate::http::problem::Problem;

/// The teacher of a slot. Nobody is booked with a teacher who was suspended or erased, even while their
/// slots are being withdrawn.
///
/// # Errors
/// 404 without a slot, or without its teacher.
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
