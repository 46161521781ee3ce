//! Dispatches a command of who holds a lesson, and answers with the lesson.

use domain::scheduling::SlotCommand;
use domain::{Command, Dispatch, SlotId};

use super::view::{Answered, LessonView, changed, viewer};
use crate::app::App;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

pub(super) async fn carry_out(
    app: &App,
    caller: &Caller,
    invocation: &Invocation,
    id: SlotId,
    command: SlotCommand,
) -> Result<Answered<LessonView>, Problem> {
    let receipt = app.bus.dispatch(Command::Slot(id, command), invocation.context()).await?;
    changed(app, id, viewer(app, caller, &invocation.request), &receipt).await
}
