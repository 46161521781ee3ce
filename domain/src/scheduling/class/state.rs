//! A class as it stands, and what it decides.

use std::collections::BTreeSet;
use std::sync::Arc;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::terms::Agent;
use super::checks::{self, Draft};
use super::commands::{ClassChanges, ClassCommand, ClassTerms};
use super::error::ClassError;
use super::events::ClassEvent;
use crate::clock::Clock;
use crate::decider::Decider;
use crate::ids::AccountId;
use crate::personal::Personal;

/// A class: not there yet, or created.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Class {
    #[default]
    Uncreated,
    Created(Box<Group>),
}

/// A class that was created.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub teacher: AccountId,
    pub name: Personal<String>,
    pub description: Option<Personal<String>>,
    pub subject: String,
    pub grade: String,
    pub colour: String,
    pub capacity: u16,
    pub students: BTreeSet<AccountId>,
    pub closed: bool,
}

impl Class {
    pub fn group(&self) -> Option<&Group> {
        match self {
            Class::Uncreated => None,
            Class::Created(group) => Some(group),
        }
    }

    /// The class, told to those alone who may act on it: for others there is none.
    fn of(&self, may: impl Fn(&Group) -> bool) -> Result<&Group, ClassError> {
        self.group().filter(|group| may(group)).ok_or(ClassError::NotFound)
    }
}

impl Group {
    /// How many students are in it.
    pub fn size(&self) -> u16 {
        u16::try_from(self.students.len()).unwrap_or(u16::MAX)
    }

    fn open(&self) -> Result<&Self, ClassError> {
        if self.closed { Err(ClassError::Closed) } else { Ok(self) }
    }

    fn is_led_by(&self, agent: Agent) -> bool {
        match agent {
            Agent::Person(person) => person == self.teacher,
            Agent::System => true,
        }
    }
}

impl Decider for Class {
    const SNAPSHOT_VERSION: i32 = 1;

    fn decide(&self, command: &ClassCommand, _now: Timestamp) -> Result<Vec<ClassEvent>, ClassError> {
        match command {
            ClassCommand::CreateClass { teacher, terms } => self.create(*teacher, terms),
            ClassCommand::ChangeClass { by, changes } => self.change(*by, changes),
            ClassCommand::AddStudent { by, student } => self.add(*by, *student),
            ClassCommand::RemoveStudent { by, student } => self.remove(*by, *student),
            ClassCommand::CloseClass { by } => {
                let group = self.of(|group| group.is_led_by(*by))?;
                Ok(if group.closed { vec![] } else { vec![ClassEvent::ClassClosed {}] })
            }
        }
    }
}

impl Class {
    fn create(&self, teacher: AccountId, terms: &ClassTerms) -> Result<Vec<ClassEvent>, ClassError> {
        if self.group().is_some() {
            return Err(ClassError::AlreadyCreated);
        }
        let draft = checks::terms(terms)?;
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

    fn change(&self, by: AccountId, changes: &ClassChanges) -> Result<Vec<ClassEvent>, ClassError> {
        let group = self.of(|group| group.teacher == by)?.open()?;
        let Draft { name, description, colour } = checks::changes(changes)?;
        if changes.capacity.is_some_and(|capacity| capacity < group.size()) {
            return Err(ClassError::TooSmall { students: group.size() });
        }
        let own = |text: String| Personal::new(by, text);
        let present = |text: &Option<Personal<String>>| {
            text.as_ref().and_then(Personal::known).cloned().unwrap_or_default()
        };
        let mut events = Vec::new();
        let name = name.filter(|name| group.name.known() != Some(name));
        events.extend(name.map(|name| ClassEvent::ClassRenamed { name: own(name) }));
        let description = description.filter(|text| *text != present(&group.description)).map(own);
        let subject = changes.subject.clone().filter(|subject| *subject != group.subject);
        let grade = changes.grade.clone().filter(|grade| *grade != group.grade);
        let colour = colour.filter(|colour| *colour != group.colour);
        let capacity = changes.capacity.filter(|capacity| *capacity != group.capacity);
        let differs = [description.is_some(), subject.is_some(), grade.is_some(), colour.is_some()];
        if differs.contains(&true) || capacity.is_some() {
            events.push(ClassEvent::ClassChanged { description, subject, grade, colour, capacity });
        }
        Ok(events)
    }

    fn add(&self, by: AccountId, student: AccountId) -> Result<Vec<ClassEvent>, ClassError> {
        let group = self.of(|group| group.teacher == by)?.open()?;
        if group.students.contains(&student) {
            return Ok(vec![]);
        }
        if student == group.teacher {
            return Err(ClassError::OwnClass);
        }
        if group.size() >= group.capacity {
            return Err(ClassError::Full { capacity: group.capacity });
        }
        Ok(vec![ClassEvent::StudentAdded { student }])
    }

    fn remove(&self, by: Agent, student: AccountId) -> Result<Vec<ClassEvent>, ClassError> {
        let themselves = |group: &Group| by == Agent::Person(student) && group.students.contains(&student);
        let group = self.of(|group| group.is_led_by(by) || themselves(group))?.open()?;
        if !group.students.contains(&student) {
            return Err(ClassError::NotMember);
        }
        Ok(vec![ClassEvent::StudentRemoved { student }])
    }
}

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
                *class = Class::Created(Box::new(Group {
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
            (Class::Created(group), event) => group.apply(event),
            (Class::Uncreated, _) => {}
        }
    }
}

impl Group {
    fn apply(&mut self, event: ClassEvent) {
        match event {
            ClassEvent::ClassCreated { .. } => {}
            ClassEvent::ClassRenamed { name } => self.name = name,
            ClassEvent::ClassChanged { description, subject, grade, colour, capacity } => {
                if let Some(text) = description {
                    // An empty text takes the description away; an erased one is still somebody's.
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
