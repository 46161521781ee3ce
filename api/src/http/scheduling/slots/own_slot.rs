//! Slot as its teacher sees it, loaded from the log.

use domain::SlotId;

use super::view::SlotView;
use crate::app::App;
use crate::http::freshness::ETag;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::{lesson_not_found, load_lesson};

/// Loads a slot as its teacher sees it after a change.
pub(super) async fn load_own_slot(app: &App, id: SlotId) -> Result<SlotView, Problem> {
    let row = load_lesson(app, id).await?.ok_or_else(lesson_not_found)?;
    Ok(SlotView::for_participant(&row.slot))
}

pub(super) fn version_of(view: &SlotView) -> ETag {
    ETag(view.details.version)
}
