//! Text search: the indexed text, and the query for a search box.
//!
//! Vectors hold every word twice. The word as written finds names and beginnings of words. Its stem, in
//! Russian and English, finds other endings.

/// Maximum length of a query, in words; further words are ignored.
const WORDS_LIMIT: usize = 12;
/// Maximum length of a word, in characters; the rest is ignored.
const WORD_LIMIT: usize = 64;

/// Returns the words of these texts in lower case, separated by single spaces, as [`to_tsquery`] compares
/// them.
///
/// PostgreSQL does not change the case, because its rules depend on the locale of the database.
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

/// Converts a typed text to the text of a tsquery. All words must occur, each at least as the beginning of a
/// word.
///
/// Returns `None` if the text is blank. Returns an empty text, which finds nothing, if it has no word.
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

/// Returns the text by which names are sorted: in lower case, with Ё as Е.
pub fn sort_key(name: &str) -> String {
    name.to_lowercase().replace('ё', "е")
}

/// Replaces U+0000 in a statement parameter by U+FFFD.
///
/// PostgreSQL does not accept U+0000, and no stored text holds U+FFFD.
pub fn strip_nul(text: Option<&str>) -> Option<String> {
    text.map(|text| text.replace('\0', "\u{fffd}"))
}

/// Returns the digits of a telephone number (at least five) as one word, without grouping characters.
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
