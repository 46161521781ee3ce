//! Decides commands to a class.

use jiff::Timestamp;

use super::class::{Class, ClassState};
use super::commands::{ClassChanges, ClassCommand, ClassTerms};
use super::error::ClassError;
use super::events::ClassEvent;
use super::validate;
use super::validate::ClassDraft;
use crate::decider::{Decider, Decision};
use crate::ids::AccountId;
use crate::personal::Personal;
use crate::scheduling::terms::Initiator;

impl Decider for Class {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &ClassCommand, _now: Timestamp) -> Decision<Class> {
        match command {
            ClassCommand::CreateClass { teacher, terms } => self.create(*teacher, terms),
            ClassCommand::ChangeClass { by, changes } => self.change(*by, changes),
            ClassCommand::AddStudent { by, student } => self.add(*by, *student),
            ClassCommand::RemoveStudent { by, student } => self.remove(*by, *student),
            ClassCommand::CloseClass { by } => {
                let class = self.of(|class| class.is_led_by(*by))?;
                Ok(if class.closed { vec![] } else { vec![ClassEvent::ClassClosed {}] })
            }
        }
    }
}

impl Class {
    fn create(&self, teacher: AccountId, terms: &ClassTerms) -> Decision<Class> {
        if self.created().is_some() {
            return Err(ClassError::AlreadyCreated);
        }
        let draft = validate::terms(terms)?;
        let own = |text: String| Personal::new(teacher, text);
        Ok(vec![ClassEvent::ClassCreated {
            teacher,
            name: own(draft.name.unwrap_or_default()),
            description: draft.description.filter(|text| !text.is_empty()).map(own),
            subject: terms.subject.clone(),
            grade: terms.grade.clone(),
            colour: draft.colour.unwrap_or_default(),
            capacity: terms.capacity,
        }])
    }

    fn change(&self, by: AccountId, changes: &ClassChanges) -> Decision<Class> {
        let class = self.of(|class| class.teacher == by)?.open()?;
        let ClassDraft { name, description, colour } = validate::changes(changes)?;
        if changes.capacity.is_some_and(|capacity| capacity < class.size()) {
            return Err(ClassError::TooSmall { students: class.size() });
        }
        let own = |text: String| Personal::new(by, text);
        let present = |text: &Option<Personal<String>>| {
            text.as_ref().and_then(Personal::known).cloned().unwrap_or_default()
        };
        let mut events = Vec::new();
        let name = name.filter(|name| class.name.known() != Some(name));
        events.extend(name.map(|name| ClassEvent::ClassRenamed { name: own(name) }));
        let description = description.filter(|text| *text != present(&class.description)).map(own);
        let subject = changes.subject.clone().filter(|subject| *subject != class.subject);
        let grade = changes.grade.clone().filter(|grade| *grade != class.grade);
        let colour = colour.filter(|colour| *colour != class.colour);
        let capacity = changes.capacity.filter(|capacity| *capacity != class.capacity);
        let differs = [description.is_some(), subject.is_some(), grade.is_some(), colour.is_some()];
        if differs.contains(&true) || capacity.is_some() {
            events.push(ClassEvent::ClassChanged { description, subject, grade, colour, capacity });
        }
        Ok(events)
    }

    fn add(&self, by: AccountId, student: AccountId) -> Decision<Class> {
        let class = self.of(|class| class.teacher == by)?.open()?;
        if class.students.contains(&student) {
            return Ok(vec![]);
        }
        if student == class.teacher {
            return Err(ClassError::OwnClass);
        }
        if class.size() >= class.capacity {
            return Err(ClassError::Full { capacity: class.capacity });
        }
        Ok(vec![ClassEvent::StudentAdded { student }])
    }

    fn remove(&self, by: Initiator, student: AccountId) -> Decision<Class> {
        let themselves =
            |class: &ClassState| by == Initiator::Person(student) && class.students.contains(&student);
        let class = self.of(|class| class.is_led_by(by) || themselves(class))?.open()?;
        if !class.students.contains(&student) {
            return Err(ClassError::NotMember);
        }
        Ok(vec![ClassEvent::StudentRemoved { student }])
    }
}

impl Class {
    /// Returns the class if the person may act on it; for others it does not exist.
    fn of(&self, may: impl Fn(&ClassState) -> bool) -> Result<&ClassState, ClassError> {
        self.created().filter(|class| may(class)).ok_or(ClassError::NotFound)
    }
}

impl ClassState {
    fn open(&self) -> Result<&Self, ClassError> {
        if self.closed { Err(ClassError::Closed) } else { Ok(self) }
    }

    fn is_led_by(&self, agent: Initiator) -> bool {
        match agent {
            Initiator::Person(person) => person == self.teacher,
            Initiator::System => true,
        }
    }
}
