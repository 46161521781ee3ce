//! Applies one event to a class and its members.

use std::collections::HashMap;

use domain::scheduling::ClassEvent;
use domain::{AccountId, ClassId, RecordedEvent};
use jiff::Timestamp;

use super::ClassRow;

/// Rows of a batch: whole classes, and changes of members.
#[derive(Default)]
pub(super) struct ClassRows {
    pub(super) classes: HashMap<ClassId, ClassRow>,
    /// Time since which a student is in a class; `None` if the student has left.
    pub(super) members: HashMap<(ClassId, AccountId), Option<Timestamp>>,
}

impl ClassRows {
    pub(super) fn apply(&mut self, class_id: ClassId, event: &ClassEvent, recorded: &RecordedEvent) {
        let version = recorded.sequence;
        if let Some(row) = self.classes.get_mut(&class_id) {
            row.version = version;
        }
        match event {
            ClassEvent::ClassCreated { teacher, name, description, subject, grade, colour, capacity } => {
                let row = ClassRow {
                    class_id,
                    teacher: *teacher,
                    name: name.known().cloned(),
                    description: description.as_ref().and_then(|text| text.known().cloned()),
                    subject: subject.clone(),
                    grade: grade.clone(),
                    colour: colour.clone(),
                    capacity: capacity.cast_signed(),
                    closed: false,
                    created_at: recorded.recorded_at,
                    version,
                };
                self.classes.insert(class_id, row);
            }
            ClassEvent::ClassRenamed { name } => {
                self.change_class(class_id, |row| row.name = name.known().cloned());
            }
            ClassEvent::ClassChanged { description, subject, grade, colour, capacity } => {
                self.change_class(class_id, |row| {
                    if let Some(text) = description {
                        row.description = text.known().filter(|text| !text.is_empty()).cloned();
                    }
                    row.subject = subject.as_ref().unwrap_or(&row.subject).clone();
                    row.grade = grade.as_ref().unwrap_or(&row.grade).clone();
                    row.colour = colour.as_ref().unwrap_or(&row.colour).clone();
                    row.capacity = capacity.map_or(row.capacity, u16::cast_signed);
                });
            }
            ClassEvent::StudentAdded { student } => {
                self.members.insert((class_id, *student), Some(recorded.recorded_at));
            }
            ClassEvent::StudentRemoved { student } => {
                self.members.insert((class_id, *student), None);
            }
            ClassEvent::ClassClosed {} => self.change_class(class_id, |row| row.closed = true),
        }
    }

    /// Removes the texts of an erased teacher.
    pub(super) fn erase_texts(&mut self, teacher: AccountId) {
        for row in self.classes.values_mut().filter(|row| row.teacher == teacher) {
            row.name = None;
            row.description = None;
        }
    }

    fn change_class(&mut self, class_id: ClassId, change: impl FnOnce(&mut ClassRow)) {
        if let Some(row) = self.classes.get_mut(&class_id) {
            change(row);
        }
    }
}
