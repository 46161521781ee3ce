//! Codes of the API document: each closed list with the meaning of each code.

mod lessons;
mod operations;
mod people;
mod support;

use domain::Vocabulary;
use domain::accounts::Locale;
use serde_json::{Value, json};
use translations::term_label;

/// Closed list of codes: a component of the API document.
pub(super) struct CodeList {
    pub name: &'static str,
    about: &'static str,
    codes: Vec<(String, String)>,
}

/// Builds the list of an enum of codes. A code without a meaning does not compile.
macro_rules! code_list {
    ($name:literal, $about:literal, $type:path { $($variant:ident => $meaning:literal),+ $(,)? }) => {{
        use $type as Type;
        let meaning = |value: Type| match value { $(Type::$variant => $meaning),+ };
        crate::http::document::codes::CodeList::new(
            $name,
            $about,
            Type::ALL.iter().map(|value| (value.as_str(), meaning(*value))),
        )
    }};
    ($name:literal, $about:literal, { $($code:literal => $meaning:literal),+ $(,)? }) => {
        crate::http::document::codes::CodeList::new($name, $about, [$(($code, $meaning)),+])
    };
}
use code_list;

impl CodeList {
    fn new<C: Into<String>, M: Into<String>>(
        name: &'static str,
        about: &'static str,
        codes: impl IntoIterator<Item = (C, M)>,
    ) -> Self {
        let codes = codes.into_iter().map(|(code, meaning)| (code.into(), meaning.into())).collect();
        Self { name, about, codes }
    }

    /// Builds the list of a dictionary. The meanings are its English labels.
    fn of_dictionary(name: &'static str, about: &'static str, list: Vocabulary) -> Self {
        Self::new(name, about, list.codes().iter().map(|code| (*code, term_label(list, code, Locale::En))))
    }

    /// Adds the codes of another list, except those that this list has.
    fn extend(&mut self, other: CodeList) {
        for (code, meaning) in other.codes {
            if !self.codes.iter().any(|(known, _)| *known == code) {
                self.codes.push((code, meaning));
            }
        }
    }

    /// Returns the schema: the codes as an enum, and their meanings as text and in the order of the codes.
    pub fn schema(&self) -> Value {
        let lines: Vec<_> =
            self.codes.iter().map(|(code, meaning)| format!("- `{code}`: {meaning}")).collect();
        let (codes, meanings): (Vec<_>, Vec<_>) = self.codes.iter().cloned().unzip();
        json!({
            "type": "string",
            "description": format!("{}\n\n{}", self.about, lines.join("\n")),
            "enum": codes,
            "x-enum-descriptions": meanings,
        })
    }
}

/// Returns all lists of codes.
pub(super) fn lists() -> Vec<CodeList> {
    [dictionaries(), people::lists(), lessons::lists(), support::lists(), operations::lists()]
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the lists that only live frames have.
pub(super) fn frame_lists() -> Vec<CodeList> {
    vec![code_list!("FrameErrorCode", "Fault of a frame of the client.", {
        "malformed_frame" => "The frame is not JSON, or lacks a field.",
        "unknown_type" => "No frame of a client has this type.",
        "conversation_not_found" => "The person is in no such conversation.",
        "forbidden" => "The person may not read tickets of the support desk.",
        "ticket_not_found" => "There is no such ticket.",
        "too_frequent" => "The frames are too frequent; the socket closes.",
    })]
}

fn dictionaries() -> Vec<CodeList> {
    let list = CodeList::of_dictionary;
    vec![
        list("Subject", "Subject of a lesson.", Vocabulary::Subjects),
        list("Goal", "Goal of a student.", Vocabulary::Goals),
        list("Grade", "Grade of a student.", Vocabulary::Grades),
        list("TeacherExperience", "Experience of a teacher.", Vocabulary::TeacherExperience),
        list("StudentExperience", "Level of a student.", Vocabulary::StudentExperience),
        list("TeacherType", "Type of a teacher.", Vocabulary::TeacherTypes),
        list("LearningStyle", "Way in which a student learns best.", Vocabulary::LearningStyles),
    ]
}
