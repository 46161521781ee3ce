//! The dictionary: every code that a profile or a lesson may have, with its labels.

use serde::Serialize;

use crate::accounts::Locale;

/// Code with its labels for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Term {
    /// Stable, snake_case; used in events, requests and responses.
    pub code: &'static str,
    pub ru: &'static str,
    pub en: &'static str,
}

impl Term {
    /// Returns the label in a language.
    pub fn label(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::Ru => self.ru,
            Locale::En => self.en,
        }
    }
}

/// Dictionary; serialises to `{"subjects":[{"code","ru","en"}],"goals":[…],…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Dictionary {
    pub subjects: &'static [Term],
    pub goals: &'static [Term],
    pub grades: &'static [Term],
    pub teacher_experience: &'static [Term],
    pub student_experience: &'static [Term],
    /// The codes are minutes: see [`DURATIONS_MINUTES`].
    pub durations: &'static [Term],
    pub formats: &'static [Term],
    pub lesson_types: &'static [Term],
    pub teacher_types: &'static [Term],
    pub learning_styles: &'static [Term],
}

/// Lengths of a lesson, in minutes.
pub const DURATIONS_MINUTES: [u16; 5] = [30, 45, 60, 90, 120];

/// The dictionary of the installation.
pub const DICTIONARY: Dictionary = Dictionary {
    subjects: SUBJECTS,
    goals: GOALS,
    grades: GRADES,
    teacher_experience: TEACHER_EXPERIENCE,
    student_experience: STUDENT_EXPERIENCE,
    durations: DURATIONS,
    formats: FORMATS,
    lesson_types: LESSON_TYPES,
    teacher_types: TEACHER_TYPES,
    learning_styles: LEARNING_STYLES,
};

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
}

impl Vocabulary {
    pub const ALL: [Vocabulary; 10] = [
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
    ];

    /// Returns the terms, in the order in which a form shows them.
    pub fn terms(self) -> &'static [Term] {
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
        }
    }

    /// Returns the term with exactly this code.
    pub fn term(self, code: &str) -> Option<&'static Term> {
        self.terms().iter().find(|term| term.code == code)
    }

    /// Returns whether the code is in the list.
    pub fn knows(self, code: &str) -> bool {
        self.term(code).is_some()
    }
}

const fn term(code: &'static str, ru: &'static str, en: &'static str) -> Term {
    Term { code, ru, en }
}

const SUBJECTS: &[Term] = &[
    term("mathematics", "Математика", "Mathematics"),
    term("algebra", "Алгебра", "Algebra"),
    term("geometry", "Геометрия", "Geometry"),
    term("higher_mathematics", "Высшая математика", "Higher mathematics"),
    term("statistics", "Теория вероятностей и статистика", "Probability and statistics"),
    term("physics", "Физика", "Physics"),
    term("astronomy", "Астрономия", "Astronomy"),
    term("chemistry", "Химия", "Chemistry"),
    term("biology", "Биология", "Biology"),
    term("geography", "География", "Geography"),
    term("informatics", "Информатика", "Computer science"),
    term("programming", "Программирование", "Programming"),
    term("robotics", "Робототехника", "Robotics"),
    term("russian", "Русский язык", "Russian"),
    term("russian_as_foreign", "Русский как иностранный", "Russian as a foreign language"),
    term("literature", "Литература", "Literature"),
    term("history", "История", "History"),
    term("social_studies", "Обществознание", "Social studies"),
    term("economics", "Экономика", "Economics"),
    term("law", "Право", "Law"),
    term("philosophy", "Философия", "Philosophy"),
    term("psychology", "Психология", "Psychology"),
    term("english", "Английский язык", "English"),
    term("german", "Немецкий язык", "German"),
    term("french", "Французский язык", "French"),
    term("spanish", "Испанский язык", "Spanish"),
    term("italian", "Итальянский язык", "Italian"),
    term("chinese", "Китайский язык", "Chinese"),
    term("japanese", "Японский язык", "Japanese"),
    term("korean", "Корейский язык", "Korean"),
    term("arabic", "Арабский язык", "Arabic"),
    term("turkish", "Турецкий язык", "Turkish"),
    term("primary_school", "Начальная школа", "Primary school"),
    term("preschool", "Подготовка к школе", "Preschool"),
    term("speech_therapy", "Логопедия", "Speech therapy"),
    term("music", "Музыка", "Music"),
    term("piano", "Фортепиано", "Piano"),
    term("guitar", "Гитара", "Guitar"),
    term("vocals", "Вокал", "Vocals"),
    term("drawing", "Рисование", "Drawing"),
    term("chess", "Шахматы", "Chess"),
];

const GOALS: &[Term] = &[
    term("ege", "Подготовка к ЕГЭ", "Unified State Exam (EGE)"),
    term("oge", "Подготовка к ОГЭ", "Basic State Exam (OGE)"),
    term("vpr", "Подготовка к ВПР", "National tests (VPR)"),
    term("olympiad", "Подготовка к олимпиадам", "Olympiads"),
    term("improve_grades", "Повышение успеваемости", "Better grades"),
    term("homework", "Помощь с домашними заданиями", "Help with homework"),
    term("catch_up", "Ликвидация пробелов", "Catching up"),
    term("advanced_study", "Углублённое изучение", "Advanced study"),
    term("university_admission", "Поступление в вуз", "University admission"),
    term("university_course", "Помощь с вузовской программой", "University courses"),
    term("school_readiness", "Подготовка к школе", "Getting ready for school"),
    term("language_certificate", "Международный экзамен по языку", "Language certificate"),
    term("conversation", "Разговорная практика", "Conversation"),
    term("work", "Для работы", "For work"),
    term("travel", "Для путешествий", "For travel"),
    term("relocation", "Для переезда", "For relocation"),
    term("hobby", "Для себя", "For pleasure"),
];

const GRADES: &[Term] = &[
    term("1", "1 класс", "Grade 1"),
    term("2", "2 класс", "Grade 2"),
    term("3", "3 класс", "Grade 3"),
    term("4", "4 класс", "Grade 4"),
    term("5", "5 класс", "Grade 5"),
    term("6", "6 класс", "Grade 6"),
    term("7", "7 класс", "Grade 7"),
    term("8", "8 класс", "Grade 8"),
    term("9", "9 класс", "Grade 9"),
    term("10", "10 класс", "Grade 10"),
    term("11", "11 класс", "Grade 11"),
    term("student", "Студент", "University student"),
    term("adult", "Взрослый", "Adult"),
];

const TEACHER_EXPERIENCE: &[Term] = &[
    term("beginner", "Начинающий", "Beginner"),
    term("experienced", "Опытный", "Experienced"),
    term("professional", "Профессионал", "Professional"),
];

const STUDENT_EXPERIENCE: &[Term] = &[
    term("beginner", "Начальный уровень", "Beginner"),
    term("intermediate", "Средний уровень", "Intermediate"),
    term("advanced", "Продвинутый уровень", "Advanced"),
];

const DURATIONS: &[Term] = &[
    term("30", "30 минут", "30 minutes"),
    term("45", "45 минут", "45 minutes"),
    term("60", "60 минут", "60 minutes"),
    term("90", "90 минут", "90 minutes"),
    term("120", "120 минут", "120 minutes"),
];

const FORMATS: &[Term] = &[
    term("online", "Онлайн", "Online"),
    term("offline", "Очно", "In person"),
    term("mini_group", "Мини-группа", "Small group"),
];

const LESSON_TYPES: &[Term] =
    &[term("regular", "Обычный урок", "Regular lesson"), term("trial", "Пробный урок", "Trial lesson")];

const TEACHER_TYPES: &[Term] = &[
    term("private", "Частный преподаватель", "Private teacher"),
    term("school", "Преподаватель школы", "School teacher"),
    term("both", "Школа и частные уроки", "School and private"),
];

const LEARNING_STYLES: &[Term] = &[
    term("visual", "Визуальный", "Visual"),
    term("auditory", "Аудиальный", "Auditory"),
    term("kinesthetic", "Кинестетический", "Kinaesthetic"),
    term("mixed", "Смешанный", "Mixed"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_stands_once_in_its_list_and_has_both_labels() {
        for vocabulary in Vocabulary::ALL {
            let codes: BTreeSet<_> = vocabulary.terms().iter().map(|term| term.code).collect();
            assert_eq!(codes.len(), vocabulary.terms().len(), "{vocabulary:?} repeats a code");
            for term in vocabulary.terms() {
                assert!(term.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
                assert!(!term.label(Locale::Ru).is_empty() && !term.label(Locale::En).is_empty());
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
        let codes: Vec<_> = DURATIONS.iter().map(|term| term.code.to_owned()).collect();
        assert_eq!(codes, DURATIONS_MINUTES.map(|minutes| minutes.to_string()));
    }

    #[test]
    fn the_dictionary_serialises_as_lists_of_codes_with_labels() {
        let json = serde_json::to_value(DICTIONARY).unwrap();
        assert_eq!(
            json["subjects"][0],
            serde_json::json!({ "code": "mathematics", "ru": "Математика", "en": "Mathematics" })
        );
        let lists = json.as_object().unwrap();
        assert_eq!(lists.len(), Vocabulary::ALL.len());
        assert!(lists.values().all(|list| !list.as_array().unwrap().is_empty()));
    }

    #[test]
    fn a_label_is_no_code() {
        assert!(Vocabulary::Subjects.knows("physics"));
        assert!(!Vocabulary::Subjects.knows("Физика"));
        assert!(!Vocabulary::Subjects.knows("Physics"));
        assert_eq!(Vocabulary::Grades.term("11").map(|term| term.en), Some("Grade 11"));
    }
}
