//! A slot as its teacher sees it, from the log.

use domain::SlotId;

use super::view::SlotView;
use crate::app::App;
use crate::http::freshness::ETag;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::{no_lesson, read};

/// The slot as its teacher sees it after a change.
pub(super) async fn own(app: &App, id: SlotId) -> Result<SlotView, Problem> {
    let row = read(app, id).await?.ok_or_else(no_lesson)?;
    Ok(SlotView::of_own(&row.slot))
}

pub(super) fn version(view: &SlotView) -> ETag {
    ETag(view.offer.version.cast_unsigned())
}
