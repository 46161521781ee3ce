//! Texts that several contexts use: labels of the dictionary and of roles, pseudonyms and local times.

use std::sync::LazyLock;

use domain::Vocabulary;
use domain::accounts::Locale;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::{Catalogue, FluentArgs, TextFile, text_args, text_file};

const FILES: &[TextFile] = &[text_file!("common"), text_file!("dictionary")];

static COMMON: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FILES));

/// Returns the label of a code of the dictionary. An unknown code is its own label.
pub fn term_label(list: Vocabulary, code: &str, locale: Locale) -> String {
    COMMON.label(locale, &format!("{}-{code}", list.as_str())).unwrap_or_else(|| code.to_owned())
}

/// Returns the label of a role, or `None` if the code is unknown.
pub fn role_label(code: &str, locale: Locale) -> Option<String> {
    COMMON.label(locale, &format!("role-{code}"))
}

/// Returns the name of a person who has erased their data. `code` tells such people apart.
pub fn deleted_user_name(code: &str, locale: Locale) -> String {
    COMMON.text(locale, "deleted_user", &text_args!["code" => code])
}

/// Returns the local time in a zone, with minutes.
pub fn local_time(at: Timestamp, zone: &TimeZone, locale: Locale) -> String {
    let format = COMMON.text(locale, "local_time", &FluentArgs::new());
    at.to_zoned(zone.clone()).strftime(&format).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::Role;

    use super::*;

    const LOCALES: [Locale; 2] = [Locale::Ru, Locale::En];

    #[test]
    fn every_code_of_the_dictionary_and_every_role_has_a_label_and_no_label_is_unused() {
        let ids = |list: Vocabulary| list.codes().iter().map(move |code| format!("{}-{code}", list.as_str()));
        let terms = Vocabulary::ALL.into_iter().flat_map(ids);
        let roles = Role::ALL.iter().map(|role| format!("role-{role}"));
        let others = ["deleted_user", "local_time", "role-unknown"].map(str::to_owned);
        let used: BTreeSet<String> = terms.chain(roles).chain(others).collect();
        assert_eq!(COMMON.compare_ids(&used), Vec::<String>::new());
    }

    #[test]
    fn an_unknown_term_is_its_own_label() {
        let label = |code| LOCALES.map(|locale| term_label(Vocabulary::Subjects, code, locale));
        assert_eq!(label("physics"), ["Физика", "Physics"]);
        assert_eq!(label("alchemy"), ["alchemy", "alchemy"]);
    }

    #[test]
    fn a_local_time_has_the_form_of_its_language() {
        let at = "2026-12-01T13:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let texts = LOCALES.map(|locale| local_time(at, &zone, locale));
        assert_eq!(texts, ["01.12.2026 16:00", "1 Dec 2026, 16:00"]);
    }

    #[test]
    fn a_deleted_user_has_a_name_in_each_language() {
        let names = LOCALES.map(|locale| deleted_user_name("00a9f1", locale));
        assert_eq!(names, ["Удалённый пользователь 00a9f1", "Deleted user 00a9f1"]);
    }
}
