//! Class as the API shows it: in full to its teacher; students see only first names of other students.

use domain::accounts::Locale;
use domain::scheduling::{Class, ClassError, ClassState};
use domain::{AccountId, ClassId, Personal, RefusalError, StreamVersion};
use projections::accounts::pseudonym;
use projections::scheduling::{ClassDetails, ClassMember, ClassStatus};
use serde::Serialize;

use super::unseated::{UnseatedStudent, find_unseated};
use crate::app::App;
use crate::http::caller::Caller;
use crate::http::command_context::Invocation;
use crate::http::problem::Problem;
use crate::http::scheduling::lessons::view::first_name;

/// Class of a teacher.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Class)]
pub struct ClassView {
    #[schema(value_type = Uuid)]
    id: ClassId,
    #[schema(value_type = Uuid)]
    teacher_id: AccountId,
    teacher_name: String,
    /// Null once the teacher is erased.
    name: Option<String>,
    description: Option<String>,
    subject: String,
    grade: String,
    /// `#rrggbb`.
    colour: String,
    capacity: u16,
    students_count: usize,
    students: Vec<ClassStudentView>,
    /// `open` or `closed`.
    status: &'static str,
    /// `teacher` or `student`.
    my_role: &'static str,
    /// Students without a seat in a future lesson; only for the teacher, and only in `GET /classes/{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    unseated: Option<Vec<UnseatedStudent>>,
    #[schema(value_type = u64)]
    version: StreamVersion,
}

/// Student of a class.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ClassStudent)]
pub struct ClassStudentView {
    #[schema(value_type = Uuid)]
    id: AccountId,
    /// Students see only the first names of other students.
    name: String,
}

/// Person to whom a class is shown, with the language of pseudonyms.
#[derive(Clone, Copy)]
pub(super) struct ClassViewer {
    pub account_id: AccountId,
    pub locale: Locale,
}

impl ClassViewer {
    pub(super) fn from_caller(caller: &Caller, invocation: &Invocation) -> Self {
        Self { account_id: caller.account_id, locale: invocation.request.language }
    }
}

impl ClassView {
    /// Loads a class from the log, for its teacher or a student of it.
    ///
    /// # Errors
    /// 404 `class_not_found` if there is none, or the person is not in it.
    pub(super) async fn load(app: &App, class_id: ClassId, reader: ClassViewer) -> Result<Self, Problem> {
        let loaded = app.bus.load::<Class>(class_id).await?;
        let class = require_member(&loaded.state, reader.account_id)?;
        let teacher = load_member(app, class.teacher).await?;
        let members = class.students.iter().map(|student| load_member(app, *student));
        let members = futures::future::try_join_all(members).await?;
        let students: Vec<_> =
            members.into_iter().map(|member| view_student(member, class.teacher, reader)).collect();
        Ok(Self {
            id: class_id,
            teacher_id: class.teacher,
            teacher_name: teacher.name.unwrap_or_else(|| pseudonym(class.teacher, reader.locale)),
            name: class.name.known().cloned(),
            description: class.description.as_ref().and_then(|text| text.known().cloned()),
            subject: class.subject.clone(),
            grade: class.grade.clone(),
            colour: class.colour.clone(),
            capacity: class.capacity,
            students_count: students.len(),
            students,
            status: status_code(class.closed),
            my_role: role_code(class.teacher, reader),
            unseated: None,
            version: loaded.version,
        })
    }

    /// Builds the view of a list entry.
    pub(super) fn from_details(listed: ClassDetails, reader: ClassViewer) -> Self {
        let ClassDetails { class, teacher_name, students } = listed;
        let students: Vec<_> =
            students.into_iter().map(|member| view_student(member, class.teacher, reader)).collect();
        Self {
            id: class.class_id,
            teacher_id: class.teacher,
            teacher_name: teacher_name.unwrap_or_else(|| pseudonym(class.teacher, reader.locale)),
            name: class.name,
            description: class.description,
            subject: class.subject,
            grade: class.grade,
            colour: class.colour,
            capacity: class.capacity.cast_unsigned(),
            students_count: students.len(),
            students,
            status: status_code(class.closed),
            my_role: role_code(class.teacher, reader),
            unseated: None,
            version: class.version,
        }
    }

    /// Adds the students without a seat, if the viewer is the teacher.
    ///
    /// # Errors
    /// [`Problem`] if the log or the database is unavailable.
    pub(super) async fn with_unseated(mut self, app: &App) -> Result<Self, Problem> {
        if self.my_role == "teacher" {
            let students: Vec<_> = self.students.iter().map(|student| student.id).collect();
            self.unseated = Some(find_unseated(app, self.id, &students).await?);
        }
        Ok(self)
    }

    pub(super) fn version(&self) -> StreamVersion {
        self.version
    }
}

/// Returns the class if the person is its teacher or a student of it.
///
/// # Errors
/// 404 `class_not_found` otherwise.
pub(super) fn require_member(class: &Class, person: AccountId) -> Result<&ClassState, Problem> {
    let class = class.created();
    let own = class.filter(|class| class.teacher == person || class.students.contains(&person));
    own.ok_or_else(|| ClassError::NotFound.refusal().into())
}

/// Loads the present name of a person.
async fn load_member(app: &App, account_id: AccountId) -> Result<ClassMember, Problem> {
    let account = app.account(account_id).await?;
    let name = account.state.person().and_then(|person| person.profile.name.clone());
    Ok(ClassMember { account_id, name: name.and_then(Personal::into_known).map(String::from) })
}

fn view_student(member: ClassMember, teacher: AccountId, reader: ClassViewer) -> ClassStudentView {
    let id = member.account_id;
    let whole = reader.account_id == teacher || reader.account_id == id;
    let name = match member.name {
        Some(name) if whole => name,
        Some(name) => first_name(&name),
        None => pseudonym(id, reader.locale),
    };
    ClassStudentView { id, name }
}

fn status_code(closed: bool) -> &'static str {
    if closed { ClassStatus::Closed.as_str() } else { ClassStatus::Open.as_str() }
}

fn role_code(teacher: AccountId, reader: ClassViewer) -> &'static str {
    if reader.account_id == teacher { "teacher" } else { "student" }
}
