//! Events of a class.

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

use crate::decider::EventEffects;
use crate::ids::AccountId;
use crate::personal::Personal;

/// Events of the aggregate `Class`. Names and descriptions are texts of the teacher.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ClassEvent {
    ClassCreated {
        teacher: AccountId,
        name: Personal<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<Personal<String>>,
        subject: String,
        grade: String,
        /// `#rrggbb`.
        colour: String,
        /// Maximum number of students.
        capacity: u16,
    },
    ClassRenamed {
        name: Personal<String>,
    },
    /// Changed fields only.
    ClassChanged {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<Personal<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grade: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        colour: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        capacity: Option<u16>,
    },
    StudentAdded {
        student: AccountId,
    },
    StudentRemoved {
        student: AccountId,
    },
    ClassClosed {},
}

impl DomainEvent for ClassEvent {
    fn event_type(&self) -> String {
        match self {
            ClassEvent::ClassCreated { .. } => "ClassCreated",
            ClassEvent::ClassRenamed { .. } => "ClassRenamed",
            ClassEvent::ClassChanged { .. } => "ClassChanged",
            ClassEvent::StudentAdded { .. } => "StudentAdded",
            ClassEvent::StudentRemoved { .. } => "StudentRemoved",
            ClassEvent::ClassClosed {} => "ClassClosed",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl EventEffects for ClassEvent {}
