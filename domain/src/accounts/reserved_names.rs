//! Names that only staff may bear, and addresses in names.

use unicode_normalization::UnicodeNormalization;

use super::values::ValueError;

/// Names of staff, without spaces and digits, and with Latin letters where both scripts have one
/// that looks alike.
const RESERVED: [&str; 14] = [
    "admin",
    "administrator",
    "root",
    "system",
    "moderator",
    "support",
    "helpdesk",
    "kafedra",
    "администратор",
    "админ",
    "модератор",
    "поддержка",
    "служба поддержки",
    "кафедра",
];

/// Reserved words that no name may contain.
const RESERVED_WITHIN: [&str; 5] = ["kafedra", "кафедра", "служба поддержки", "техподдержка", "support team"];

/// Checks a name or a nickname of a person who is not staff.
///
/// # Errors
/// [`ValueError::Reserved`] for a name of staff or one that looks like it; [`ValueError::Malformed`] for a name with
/// an address of a page or a mailbox.
pub(crate) fn check_public_name(name: &str) -> Result<(), ValueError> {
    let looks = skeleton(name);
    let is_reserved = RESERVED.iter().any(|reserved| skeleton(reserved) == looks)
        || RESERVED_WITHIN.iter().any(|reserved| looks.contains(&skeleton(reserved)));
    if is_reserved {
        return Err(ValueError::Reserved);
    }
    if has_address(name) { Err(ValueError::Malformed) } else { Ok(()) }
}

/// Returns the name as the eye reads it: letters only, in lower case, with one letter for those that look alike.
fn skeleton(name: &str) -> String {
    let name: String = name.nfkc().collect();
    let named = name.trim_end_matches(|c: char| c.is_numeric() || c.is_whitespace());
    let letters = named.chars().flat_map(char::to_lowercase).map(|letter| match letter {
        'а' => 'a',
        'в' => 'b',
        'е' | 'ё' => 'e',
        '3' => 'з',
        'і' | 'l' | '1' | 'ı' => 'i',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' | '0' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        other => other,
    });
    letters.filter(|letter| letter.is_alphabetic()).collect()
}

/// Returns true for `@`, `://`, and a dot between two longer words, as in `school.example`.
fn has_address(name: &str) -> bool {
    let name: String = name.nfkc().collect();
    let letters = |text: &str, from_end: bool| {
        let is_letter = |c: &char| c.is_alphanumeric();
        if from_end {
            text.chars().rev().take_while(is_letter).count()
        } else {
            text.chars().take_while(is_letter).count()
        }
    };
    let is_host =
        |(dot, _): (usize, &str)| letters(&name[..dot], true) > 2 && letters(&name[dot + 1..], false) > 1;
    name.contains('@') || name.contains("://") || name.match_indices('.').any(is_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_staff_and_addresses_are_refused() {
        for reserved in [
            "admin",
            "Admin 1",
            "аdmin",
            "ADMIN",
            "supp0rt",
            "Служба поддержки",
            "Служба поддержки школы",
            "Kafedra",
            "Кафедра",
            "кaфедра",
            "_admin_",
        ] {
            assert_eq!(check_public_name(reserved), Err(ValueError::Reserved), "{reserved}");
        }
        for address in ["Зайдите на http://evil.test", "пишите a@b", "www.evil.test", "evil.test"]
        {
            assert_eq!(check_public_name(address), Err(ValueError::Malformed), "{address}");
        }
        for name in ["Анна Петрова", "И.И. Иванов", "Ст. Петров", "Адмирал", "nick0af3", "Анна Name00ff"]
        {
            assert_eq!(check_public_name(name), Ok(()), "{name}");
        }
    }
}
