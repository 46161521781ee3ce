//! Rule of a held lesson: it is completed, and its teacher and at least one student came.

/// Completion of a lesson and its recorded absences.
#[derive(Clone, Copy, Debug)]
pub struct LessonAttendance<'a, Person> {
    pub completed: bool,
    pub teacher_absent: bool,
    /// Students with a recorded no-show.
    pub absent: &'a [Person],
}

impl<Person: PartialEq> LessonAttendance<'_, Person> {
    /// Returns whether a booked student came to a held lesson. The lesson is held if any booked student did.
    pub fn has_attended(&self, student: &Person) -> bool {
        self.completed && !self.teacher_absent && !self.absent.contains(student)
    }
}
