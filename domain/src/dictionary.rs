//! The dictionary: every code that a profile or a lesson may have. Its labels are texts.

/// Lengths of a lesson, in minutes.
pub const DURATIONS_MINUTES: [u16; 5] = [30, 45, 60, 90, 120];

/// List of the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    Subjects,
    Goals,
    Grades,
    TeacherExperience,
    StudentExperience,
    Durations,
    Formats,
    LessonTypes,
    TeacherTypes,
    LearningStyles,
    TicketCategories,
}

impl Vocabulary {
    pub const ALL: [Vocabulary; 11] = [
        Vocabulary::Subjects,
        Vocabulary::Goals,
        Vocabulary::Grades,
        Vocabulary::TeacherExperience,
        Vocabulary::StudentExperience,
        Vocabulary::Durations,
        Vocabulary::Formats,
        Vocabulary::LessonTypes,
        Vocabulary::TeacherTypes,
        Vocabulary::LearningStyles,
        Vocabulary::TicketCategories,
    ];

    /// Returns the name of the list.
    pub fn as_str(self) -> &'static str {
        match self {
            Vocabulary::Subjects => "subjects",
            Vocabulary::Goals => "goals",
            Vocabulary::Grades => "grades",
            Vocabulary::TeacherExperience => "teacher_experience",
            Vocabulary::StudentExperience => "student_experience",
            Vocabulary::Durations => "durations",
            Vocabulary::Formats => "formats",
            Vocabulary::LessonTypes => "lesson_types",
            Vocabulary::TeacherTypes => "teacher_types",
            Vocabulary::LearningStyles => "learning_styles",
            Vocabulary::TicketCategories => "ticket_categories",
        }
    }

    /// Returns the codes, in the order in which a form shows them.
    pub fn codes(self) -> &'static [&'static str] {
        match self {
            Vocabulary::Subjects => SUBJECTS,
            Vocabulary::Goals => GOALS,
            Vocabulary::Grades => GRADES,
            Vocabulary::TeacherExperience => TEACHER_EXPERIENCE,
            Vocabulary::StudentExperience => STUDENT_EXPERIENCE,
            Vocabulary::Durations => DURATIONS,
            Vocabulary::Formats => FORMATS,
            Vocabulary::LessonTypes => LESSON_TYPES,
            Vocabulary::TeacherTypes => TEACHER_TYPES,
            Vocabulary::LearningStyles => LEARNING_STYLES,
            Vocabulary::TicketCategories => TICKET_CATEGORIES,
        }
    }

    /// Returns whether the code is in the list.
    pub fn knows(self, code: &str) -> bool {
        self.codes().contains(&code)
    }
}

const SUBJECTS: &[&str] = &[
    "mathematics",
    "algebra",
    "geometry",
    "higher_mathematics",
    "statistics",
    "physics",
    "astronomy",
    "chemistry",
    "biology",
    "geography",
    "informatics",
    "programming",
    "robotics",
    "russian",
    "russian_as_foreign",
    "literature",
    "history",
    "social_studies",
    "economics",
    "law",
    "philosophy",
    "psychology",
    "english",
    "german",
    "french",
    "spanish",
    "italian",
    "chinese",
    "japanese",
    "korean",
    "arabic",
    "turkish",
    "primary_school",
    "preschool",
    "speech_therapy",
    "music",
    "piano",
    "guitar",
    "vocals",
    "drawing",
    "chess",
];

const GOALS: &[&str] = &[
    "ege",
    "oge",
    "vpr",
    "olympiad",
    "improve_grades",
    "homework",
    "catch_up",
    "advanced_study",
    "university_admission",
    "university_course",
    "school_readiness",
    "language_certificate",
    "conversation",
    "work",
    "travel",
    "relocation",
    "hobby",
];

const GRADES: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "student", "adult"];

const TEACHER_EXPERIENCE: &[&str] = &["beginner", "experienced", "professional"];

const STUDENT_EXPERIENCE: &[&str] = &["beginner", "intermediate", "advanced"];

/// The codes are minutes: see [`DURATIONS_MINUTES`].
const DURATIONS: &[&str] = &["30", "45", "60", "90", "120"];

const FORMATS: &[&str] = &["online", "offline", "mini_group"];

const LESSON_TYPES: &[&str] = &["regular", "trial"];

const TEACHER_TYPES: &[&str] = &["private", "school", "both"];

const TICKET_CATEGORIES: &[&str] = &[
    "new_users",
    "payment",
    "lessons",
    "documents",
    "site",
    "equipment",
    "calls",
    "wishes",
    "technical_support",
    "profile",
    "other",
];
const LEARNING_STYLES: &[&str] = &["visual", "auditory", "kinesthetic", "mixed"];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_stands_once_in_its_list() {
        for vocabulary in Vocabulary::ALL {
            let codes: BTreeSet<_> = vocabulary.codes().iter().collect();
            assert_eq!(codes.len(), vocabulary.codes().len(), "{vocabulary:?} repeats a code");
            for code in vocabulary.codes() {
                assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
            }
        }
    }

    #[test]
    fn the_lists_are_as_long_as_a_school_needs() {
        assert!(SUBJECTS.len() >= 25);
        assert!(GOALS.len() >= 10);
        assert_eq!(GRADES.len(), 13);
    }

    #[test]
    fn the_durations_are_those_of_the_rule() {
        let codes: Vec<_> = DURATIONS.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(codes, DURATIONS_MINUTES.map(|minutes| minutes.to_string()));
    }

    #[test]
    fn a_label_is_no_code() {
        assert!(Vocabulary::Subjects.knows("physics"));
        assert!(!Vocabulary::Subjects.knows("Физика"));
        assert!(!Vocabulary::Subjects.knows("Physics"));
        assert!(Vocabulary::Grades.knows("11") && !Vocabulary::Grades.knows("Grade 11"));
    }
}
