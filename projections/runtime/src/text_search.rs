//! Search boxes: the text that is indexed and the query that is asked of it.
//!
//! Vectors hold every word twice: as it is written (so that names and any beginning of a word are
//! found) and as its stem, in Russian and English (so that another ending is found).

/// Longest query that is looked at, in words.
const WORDS_LIMIT: usize = 12;
/// Longest word that is looked at, in characters.
const WORD_LIMIT: usize = 64;

/// The words of these texts, one space between them, as [`to_tsquery`] compares them.
///
/// Folded here and not by Postgres, whose folding depends on the locale of the database.
pub fn normalize<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = String::new();
    for text in texts {
        for c in text.chars() {
            if c.is_alphanumeric() {
                words.extend(c.to_lowercase().map(|c| if c == 'ё' { 'е' } else { c }));
            } else if !words.ends_with(' ') {
                words.push(' ');
            }
        }
        words.push(' ');
    }
    words
}

/// What a person typed, as the text of a tsquery: all words must occur, each at least as a beginning.
/// `None` when nothing was asked; an empty text, which finds nothing, when no word was typed.
pub fn to_tsquery(typed: Option<&str>) -> Option<String> {
    let typed = typed?.trim();
    if typed.is_empty() {
        return None;
    }
    let words = match phone_digits(typed) {
        Some(digits) => digits,
        None => normalize([typed]),
    };
    let terms: Vec<String> = words
        .split_whitespace()
        .take(WORDS_LIMIT)
        .map(|word| format!("'{}':*", word.chars().take(WORD_LIMIT).collect::<String>()))
        .collect();
    Some(terms.join(" & "))
}

/// The text by which names are sorted: folded, Ё with Е.
pub fn sort_key(name: &str) -> String {
    name.to_lowercase().replace('ё', "е")
}

/// A text for a statement: Postgres knows no U+0000, and no stored text holds the replacement.
pub fn strip_nul(text: Option<&str>) -> Option<String> {
    text.map(|text| text.replace('\0', "\u{fffd}"))
}

/// A telephone number is one word, however it was grouped.
fn phone_digits(typed: &str) -> Option<String> {
    let is_phone = typed.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    (is_phone && digits.len() >= 5).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_parted_by_single_spaces() {
        assert_eq!(normalize(["Алёна О'Нил", "ANNA.k@x.ru"]).trim(), "алена о нил anna k x ru");
    }

    #[test]
    fn nothing_typed_asks_for_nothing_and_no_word_finds_nothing() {
        assert_eq!(to_tsquery(None), None);
        assert_eq!(to_tsquery(Some("  ")), None);
        assert_eq!(to_tsquery(Some("!?'&|")), Some(String::new()));
    }

    #[test]
    fn operators_of_the_query_language_are_only_characters() {
        assert_eq!(to_tsquery(Some("Анна & !x")).as_deref(), Some("'анна':* & 'x':*"));
    }

    #[test]
    fn a_telephone_number_is_one_word() {
        assert_eq!(to_tsquery(Some("+7 (999) 123-45")).as_deref(), Some("'799912345':*"));
    }
}
