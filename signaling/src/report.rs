//! Attendance reports: what happened in a lesson's room, for the process that makes commands of them.

use std::time::Duration;

use async_nats::jetstream::stream::{Config, StorageType};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::protocol::Role;

/// Stream of all reports.
pub const REPORTS_STREAM: &str = "KAFEDRA_RTC_REPORTS";

/// Reports stay this long, so that a consumer may be away.
const REPORTS_FOR: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Returns the settings of the stream of an installation's reports.
pub fn reports_stream(prefix: &str, in_memory: bool) -> Config {
    Config {
        name: format!("{}_RTC_REPORTS", prefix.to_uppercase()),
        subjects: vec![format!("{prefix}.rtc.reports.*")],
        max_messages_per_subject: -1,
        max_age: REPORTS_FOR,
        storage: if in_memory { StorageType::Memory } else { StorageType::File },
        ..Config::default()
    }
}

/// Returns the subject of a lesson's reports.
pub fn report_subject(prefix: &str, lesson: Uuid) -> String {
    format!("{prefix}.rtc.reports.{lesson}")
}

/// One report. `id` is the same whenever the same fact is published again, so that it counts once;
/// `number` orders the reports of one room session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub id: Uuid,
    pub lesson: Uuid,
    /// Session of the room: one claim of one node.
    pub session: Uuid,
    pub number: u64,
    pub at: Timestamp,
    pub fact: Fact,
}

/// Reported change of a stay or a room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    RoomOpened { node: String },
    ParticipantAdmitted { participant: Uuid, by: Option<Uuid> },
    ParticipantJoined { participant: Uuid, role: Role, connection: Uuid },
    ParticipantLeft { participant: Uuid, connection: Uuid, cause: LeaveCause, seconds: i64 },
    ParticipantRemoved { participant: Uuid, by: Uuid, banned: bool },
    ChatSent { message: Uuid, participant: Uuid, text: String },
    RecordingConsented { participant: Uuid, agreed: bool },
    RoomClosed { cause: CloseCause },
}

/// Why a stay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveCause {
    /// The participant pressed "leave".
    Left,
    /// The connection was lost and not resumed in time.
    Lost,
    Removed,
    ToLobby,
    /// A newer connection of the same person took over.
    Replaced,
    Ended,
    /// The node is stopped and people move to another one.
    Drained,
    /// The node died; the stay ends at its last sign of life.
    NodeLost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseCause {
    EndedByTeacher,
    WindowOver,
    Empty,
    Drained,
    NodeLost,
}

/// Returns the id of the report with this number in this room session.
pub fn report_id(session: Uuid, number: u64) -> Uuid {
    Uuid::new_v5(&session, format!("report/{number}").as_bytes())
}
