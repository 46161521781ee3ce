//! `GET /dictionaries`: returns the codes of forms and filters, with their labels.

use std::sync::LazyLock;

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use domain::Vocabulary;
use domain::accounts::Locale;
use serde::Serialize;
use translations::term_label;

use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;

/// Code with its labels for people.
#[derive(Serialize, utoipa::ToSchema)]
struct Term {
    code: &'static str,
    ru: String,
    en: String,
}

/// Closed lists of codes, each in the order in which a form shows it.
#[derive(Serialize, utoipa::ToSchema)]
struct Dictionaries {
    /// Subjects of lessons.
    subjects: Vec<Term>,
    /// Goals of students.
    goals: Vec<Term>,
    /// Grades of students.
    grades: Vec<Term>,
    /// Experience of teachers.
    teacher_experience: Vec<Term>,
    /// Levels of students.
    student_experience: Vec<Term>,
    /// Lengths of lessons; the codes are minutes.
    durations: Vec<Term>,
    /// Formats of lessons.
    formats: Vec<Term>,
    /// Types of lessons.
    lesson_types: Vec<Term>,
    /// Types of teachers.
    teacher_types: Vec<Term>,
    /// Ways in which students learn best.
    learning_styles: Vec<Term>,
    /// Categories of tickets.
    ticket_categories: Vec<Term>,
}

static DICTIONARY: LazyLock<Dictionaries> = LazyLock::new(|| Dictionaries {
    subjects: terms(Vocabulary::Subjects),
    goals: terms(Vocabulary::Goals),
    grades: terms(Vocabulary::Grades),
    teacher_experience: terms(Vocabulary::TeacherExperience),
    student_experience: terms(Vocabulary::StudentExperience),
    durations: terms(Vocabulary::Durations),
    formats: terms(Vocabulary::Formats),
    lesson_types: terms(Vocabulary::LessonTypes),
    teacher_types: terms(Vocabulary::TeacherTypes),
    learning_styles: terms(Vocabulary::LearningStyles),
    ticket_categories: terms(Vocabulary::TicketCategories),
});

/// Returns the closed lists of codes.
///
/// The lists are subjects, goals, grades and others. Each entry has `code`, `ru` and `en`.
#[utoipa::path(get, path = "/dictionaries", tag = "dictionaries", responses((status = 200, body = Dictionaries)))]
pub async fn get_dictionaries(_: Query<NoFilter>) -> Result<impl IntoResponse, Problem> {
    Ok(([(CACHE_CONTROL, "public, max-age=3600")], Json(&*DICTIONARY)))
}

fn terms(list: Vocabulary) -> Vec<Term> {
    let label = |code, locale| term_label(list, code, locale);
    let term = |code: &'static str| Term { code, ru: label(code, Locale::Ru), en: label(code, Locale::En) };
    list.codes().iter().copied().map(term).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_serialises_as_lists_of_codes_with_labels() {
        let json = serde_json::to_value(&*DICTIONARY).unwrap();
        assert_eq!(
            json["subjects"][0],
            serde_json::json!({ "code": "mathematics", "ru": "Математика", "en": "Mathematics" })
        );
        assert_eq!(json["grades"][10]["en"], "Grade 11");
        let lists = json.as_object().unwrap();
        let names = Vocabulary::ALL.map(Vocabulary::as_str);
        assert!(lists.len() == names.len() && names.iter().all(|name| lists.contains_key(*name)));
        assert!(lists.values().all(|list| !list.as_array().unwrap().is_empty()));
    }
}
