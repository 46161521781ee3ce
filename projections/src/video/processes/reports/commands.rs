//! The command of a report.

use domain::scheduling::{Lesson, Slot};
use domain::video::{LeaveCause, ParticipantRole, RoomCloseCause, VideoSessionCommand};
use domain::{Command, LogError, RoomId, SlotId, StreamId, StreamVersion, fold_events};
use jiff::Timestamp;
use signaling::protocol::Role;
use signaling::report::{self, Fact, Report};
use uuid::Uuid;

use crate::handler_context::HandlerContext;

/// Loads the lesson of a report; `None` if there is no slot with this id.
///
/// # Errors
/// [`LogError`] if the log is unavailable.
pub(super) async fn load_lesson(context: &HandlerContext, lesson: Uuid) -> Result<Option<Lesson>, LogError> {
    let stream = StreamId::of::<Slot>(SlotId(lesson));
    let events = context.log.decode(&context.log.read_stream(&stream, StreamVersion::START).await?).await?;
    Ok(fold_events::<Slot>(events).lesson().cloned())
}

/// Returns the command of a report; `None` for a chat message, which goes to a conversation.
pub(super) fn command_of(report: &Report, lesson_ends_at: Timestamp) -> Option<Command> {
    let (lesson_room_id, at) = (RoomId(report.session), report.at);
    let command = match &report.fact {
        Fact::RoomOpened { node } => {
            VideoSessionCommand::OpenRoom { lesson_room_id, node: node.clone(), at, lesson_ends_at }
        }
        Fact::ParticipantAdmitted { participant, by } => VideoSessionCommand::AdmitParticipant {
            participant: (*participant).into(),
            by: by.map(Into::into),
            at,
        },
        Fact::ParticipantJoined { participant, role, connection } => VideoSessionCommand::RecordJoin {
            lesson_room_id,
            participant: (*participant).into(),
            role: role_of(*role),
            connection_id: (*connection).into(),
            at,
        },
        Fact::ParticipantLeft { participant, connection, cause, seconds } => {
            VideoSessionCommand::RecordLeave {
                participant: (*participant).into(),
                connection_id: (*connection).into(),
                cause: leave_cause_of(*cause),
                seconds: *seconds,
                at,
            }
        }
        Fact::ParticipantRemoved { participant, by, banned } => VideoSessionCommand::RecordRemoval {
            participant: (*participant).into(),
            by: (*by).into(),
            banned: *banned,
            at,
        },
        Fact::RecordingConsented { participant, agreed } => {
            VideoSessionCommand::RecordConsent { participant: (*participant).into(), agreed: *agreed, at }
        }
        Fact::RoomClosed { cause } => {
            VideoSessionCommand::CloseRoom { lesson_room_id, cause: close_cause_of(*cause), at }
        }
        Fact::ChatSent { .. } => return None,
    };
    Some(Command::Video(SlotId(report.lesson), command))
}

fn role_of(role: Role) -> ParticipantRole {
    match role {
        Role::Teacher => ParticipantRole::Teacher,
        Role::Student => ParticipantRole::Student,
        Role::Observer => ParticipantRole::Observer,
    }
}

fn leave_cause_of(cause: report::LeaveCause) -> LeaveCause {
    match cause {
        report::LeaveCause::Left => LeaveCause::Left,
        report::LeaveCause::Lost => LeaveCause::Lost,
        report::LeaveCause::Removed => LeaveCause::Removed,
        report::LeaveCause::ToLobby => LeaveCause::ToLobby,
        report::LeaveCause::Replaced => LeaveCause::Replaced,
        report::LeaveCause::Ended => LeaveCause::Ended,
        report::LeaveCause::Drained => LeaveCause::Drained,
        report::LeaveCause::NodeLost => LeaveCause::NodeLost,
    }
}

fn close_cause_of(cause: report::CloseCause) -> RoomCloseCause {
    match cause {
        report::CloseCause::EndedByTeacher => RoomCloseCause::EndedByTeacher,
        report::CloseCause::WindowOver => RoomCloseCause::WindowOver,
        report::CloseCause::Empty => RoomCloseCause::Empty,
        report::CloseCause::Drained => RoomCloseCause::Drained,
        report::CloseCause::NodeLost => RoomCloseCause::NodeLost,
    }
}
