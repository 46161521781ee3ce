//! Texts of problems and of invalid fields. Tests find codes without texts and texts without codes.

use std::sync::LazyLock;

use domain::Reason;
use domain::accounts::Locale;
use translations::{Catalogue, FluentArgs, FluentValue, TextFile, text_file};

/// Code of the text that a code without its own text has.
pub(super) const FALLBACK: &str = "refused";
/// Facts of a field that its text may use. A fact that the field does not have is `none`.
const FIELD_FACTS: [&str; 7] = ["min", "max", "allowed", "part", "other", "cause", "advice"];
/// Id of the text of a field code without its own text.
const FIELD_FALLBACK: &str = "fallback";

const PROBLEM_FILES: &[TextFile] = &[
    text_file!("http"),
    text_file!("accounts"),
    text_file!("scheduling"),
    text_file!("messaging"),
    text_file!("notifications"),
    text_file!("support"),
    text_file!("crm"),
    text_file!("live"),
    text_file!("video"),
];
const FIELD_FILES: &[TextFile] = &[text_file!("fields")];

static PROBLEMS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(PROBLEM_FILES));
static FIELDS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FIELD_FILES));

/// Text of a problem.
pub(super) struct ProblemText {
    pub title: String,
    pub detail: String,
}

/// Returns the code itself if it has a text, otherwise [`FALLBACK`].
pub(super) fn known_code(code: &str) -> &'static str {
    PROBLEMS.known_id(code).unwrap_or(FALLBACK)
}

/// Returns whether a problem can have this code.
pub fn is_problem_code(code: &str) -> bool {
    PROBLEMS.known_id(code).is_some()
}

/// Returns the text of a problem.
pub(super) fn problem_text(code: &str, language: Locale) -> ProblemText {
    let part = |name| PROBLEMS.attribute(language, known_code(code), name, &FluentArgs::new());
    ProblemText { title: part("title"), detail: part("detail") }
}

/// Returns the text of an invalid field.
pub(super) fn field_text(reason: &Reason, language: Locale) -> String {
    let mut args = FluentArgs::new();
    for name in FIELD_FACTS {
        let value =
            reason.facts.get(name).map_or(FluentValue::from("none"), |value| FluentValue::try_number(value));
        args.set(name, value);
    }
    FIELDS.text(language, FIELDS.known_id(&reason.code).unwrap_or(FIELD_FALLBACK), &args)
}

/// Codes with their English texts.
pub type DocumentedCodes = Vec<(String, String)>;

/// Returns the components of the API document that list all codes: name, text and codes.
pub fn documented_codes() -> [(&'static str, &'static str, DocumentedCodes); 2] {
    let problem = |code: &'static str| (code.to_owned(), problem_text(code, Locale::En).title);
    let field = |code: &'static str| (code.to_owned(), field_text(&Reason::field("", code), Locale::En));
    let fields = FIELDS.ids().filter(|code| *code != FIELD_FALLBACK);
    [
        ("ProblemCode", "Code of a problem.", PROBLEMS.ids().map(problem).collect()),
        ("FieldErrorCode", "Code of an invalid field or parameter.", fields.map(field).collect()),
    ]
}

#[cfg(test)]
mod tests;
