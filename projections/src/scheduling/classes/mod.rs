//! Classes and their members.

mod apply;
mod model;
mod queries;

use domain::{AccountId, ClassId, StreamVersion};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use model::ClassesReadModel;
pub use queries::{ClassDetails, ClassFilter, ClassMember, ClassStatus, class_slots, classes};
pub(crate) use queries::{class_slots_of_student, classes_of_student, classes_of_teacher};

/// Class as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassRow {
    pub class_id: ClassId,
    pub teacher: AccountId,
    /// `None` after the erasure of the teacher, like the description.
    pub name: Option<String>,
    pub description: Option<String>,
    pub subject: String,
    pub grade: String,
    /// Colour as `#rrggbb`.
    pub colour: String,
    pub capacity: i16,
    pub closed: bool,
    pub created_at: Timestamp,
    /// Stream version of the last event.
    pub version: StreamVersion,
}
