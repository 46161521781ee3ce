//! Applies events to a class; cannot fail and holds no rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::class::{Class, ClassState};
use super::commands::ClassCommand;
use super::error::ClassError;
use super::events::ClassEvent;
use crate::clock::Clock;
use crate::decider::Decider;

impl Aggregate for Class {
    const TYPE: &'static str = "Class";
    type Command = ClassCommand;
    type Event = ClassEvent;
    type Error = ClassError;
    type Services = Arc<dyn Clock>;

    async fn handle(
        &mut self,
        command: ClassCommand,
        clock: &Arc<dyn Clock>,
        sink: &EventSink<Self>,
    ) -> Result<(), ClassError> {
        for event in self.decide(&command, clock.now())? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ClassEvent) {
        match (self, event) {
            (
                class @ Class::Uncreated,
                ClassEvent::ClassCreated { teacher, name, description, subject, grade, colour, capacity },
            ) => {
                let (students, closed) = (BTreeSet::new(), false);
                *class = Class::Created(Box::new(ClassState {
                    teacher,
                    name,
                    description,
                    subject,
                    grade,
                    colour,
                    capacity,
                    students,
                    closed,
                }));
            }
            (Class::Created(class), event) => class.apply(event),
            (Class::Uncreated, _) => {}
        }
    }
}

impl ClassState {
    fn apply(&mut self, event: ClassEvent) {
        match event {
            ClassEvent::ClassCreated { .. } => {}
            ClassEvent::ClassRenamed { name } => self.name = name,
            ClassEvent::ClassChanged { description, subject, grade, colour, capacity } => {
                if let Some(text) = description {
                    // An empty text removes the description; an erased text still has an owner.
                    self.description = (text.known().map(String::as_str) != Some("")).then_some(text);
                }
                self.subject = subject.unwrap_or_else(|| std::mem::take(&mut self.subject));
                self.grade = grade.unwrap_or_else(|| std::mem::take(&mut self.grade));
                self.colour = colour.unwrap_or_else(|| std::mem::take(&mut self.colour));
                self.capacity = capacity.unwrap_or(self.capacity);
            }
            ClassEvent::StudentAdded { student } => {
                self.students.insert(student);
            }
            ClassEvent::StudentRemoved { student } => {
                self.students.remove(&student);
            }
            ClassEvent::ClassClosed {} => self.closed = true,
        }
    }
}
