//! Dispatch of a command to a lesson, with the lesson as the response.

use domain::scheduling::SlotCommand;
use domain::{Command, Dispatch, SlotId};

use super::view::{LessonResponse, LessonView, build_viewer, respond_with_lesson};
use crate::app::App;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;

pub(super) async fn dispatch_and_respond(
    app: &App,
    caller: &Caller,
    invocation: &Invocation,
    id: SlotId,
    command: SlotCommand,
) -> Result<LessonResponse<LessonView>, Problem> {
    let receipt = app.bus.dispatch(Command::Slot(id, command), invocation.context()).await?;
    respond_with_lesson(app, id, build_viewer(app, caller, &invocation.request), &receipt).await
}
