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
#[derive(Serialize)]
struct Term {
    code: &'static str,
    ru: String,
    en: String,
}

#[derive(Serialize)]
struct Dictionary {
    subjects: Vec<Term>,
    goals: Vec<Term>,
    grades: Vec<Term>,
    teacher_experience: Vec<Term>,
    student_experience: Vec<Term>,
    durations: Vec<Term>,
    formats: Vec<Term>,
    lesson_types: Vec<Term>,
    teacher_types: Vec<Term>,
    learning_styles: Vec<Term>,
    ticket_categories: Vec<Term>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| Dictionary {
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
#[utoipa::path(get, path = "/dictionaries", tag = "dictionaries", responses((status = 200, body = Object)))]
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
