//! Text search: the indexed text, and the query for a search box.
//!
//! Vectors hold every word twice. The word as written finds names and beginnings of words. Its stem, in
//! Russian and English, finds other endings.

use domain::accounts::fold_case;
use unicode_normalization::char::is_combining_mark;

/// Maximum length of a query, in words; further words are ignored.
const WORDS_LIMIT: usize = 12;
/// Maximum length of a word, in characters; the rest is ignored.
const WORD_LIMIT: usize = 64;

/// Fewest and most digits of a number that is also found without its separators.
const NUMBER_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Text that a person typed into a search box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchText {
    typed: String,
    /// Digits of the telephone number that the text may be, in each of its spellings.
    numbers: Vec<String>,
}

impl SearchText {
    pub fn new(typed: &str, numbers: Vec<String>) -> Self {
        Self { typed: typed.to_owned(), numbers }
    }
}

impl From<&str> for SearchText {
    fn from(typed: &str) -> Self {
        Self::new(typed, Vec::new())
    }
}

/// Returns the words of these texts, folded and separated by single spaces, as [`to_tsquery`] compares them.
/// A number with separators, such as a telephone number, is there a second time without them.
///
/// PostgreSQL does not change the case, because its rules depend on the locale of the database.
pub fn normalize<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = String::new();
    for text in texts {
        let folded = fold_text(text);
        push_words(&mut words, &folded);
        for number in long_numbers(&folded) {
            words.push_str(&number);
            words.push(' ');
        }
    }
    words
}

/// Converts a typed text to the text of a tsquery. All words must occur, each at least as the beginning of a
/// word; or the number in one of its spellings.
///
/// Returns `None` if the text is blank. Returns an empty text, which finds nothing, if it has no word.
pub fn to_tsquery(typed: Option<&SearchText>) -> Option<String> {
    let SearchText { typed, numbers } = typed?;
    if typed.trim().is_empty() {
        return None;
    }
    let folded = fold_text(typed);
    let mut words = String::new();
    push_words(&mut words, &folded);
    let term = |word: &str| format!("'{}':*", word.chars().take(WORD_LIMIT).collect::<String>());
    let terms: Vec<String> = words.split_whitespace().take(WORDS_LIMIT).map(term).collect();
    if terms.is_empty() {
        return Some(String::new());
    }
    let all_words = terms.join(" & ");
    let compact = long_numbers(&folded).into_iter().filter(|_| is_number(&folded));
    let numbers: Vec<String> = numbers.iter().cloned().chain(compact).map(|number| term(&number)).collect();
    if numbers.is_empty() {
        Some(all_words)
    } else {
        Some(format!("({all_words}) | {}", numbers.join(" | ")))
    }
}

/// Returns the form in which texts are searched and sorted: compatibility-composed, case folded, Ё as Е.
fn fold_text(text: &str) -> String {
    fold_case(text).replace('ё', "е")
}

fn push_words(words: &mut String, folded: &str) {
    for c in folded.chars() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            words.push(c);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words.push(' ');
}

fn is_number_character(c: char) -> bool {
    c.is_ascii_digit() || " +-().".contains(c)
}

fn is_number(folded: &str) -> bool {
    folded.chars().all(is_number_character)
}

/// Returns the digits of each number with separators.
fn long_numbers(folded: &str) -> Vec<String> {
    let runs = folded.split(|c| !is_number_character(c));
    runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>())
        .filter(|digits| NUMBER_DIGITS.contains(&digits.len()))
        .collect()
}

/// Returns the text by which names are sorted and compared.
pub fn sort_key(name: &str) -> String {
    fold_text(name)
}

/// Replaces U+0000 in a statement parameter by U+FFFD.
///
/// PostgreSQL does not accept U+0000, and no stored text holds U+FFFD.
pub fn strip_nul(text: Option<&str>) -> Option<String> {
    text.map(|text| text.replace('\0', "\u{fffd}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(typed: &str) -> Option<String> {
        to_tsquery(Some(&typed.into()))
    }

    #[test]
    fn words_are_folded_and_parted_by_single_spaces() {
        assert_eq!(normalize(["Алёна О'Нил", "ANNA.k@x.ru"]).trim(), "алена о нил anna k x ru");
    }

    #[test]
    fn nothing_typed_asks_for_nothing_and_no_word_finds_nothing() {
        assert_eq!(to_tsquery(None), None);
        assert_eq!(query("  "), None);
        assert_eq!(query("!?'&|"), Some(String::new()));
    }

    #[test]
    fn operators_of_the_query_language_are_only_characters() {
        assert_eq!(query("Анна & !x").as_deref(), Some("'анна':* & 'x':*"));
    }

    #[test]
    fn s1_text_and_question_are_cut_alike() {
        for text in
            ["29.11.2026", "12345-678", "12 345,00", "1.5e10", "№ 7/2", "a-b_c", "+7 (999) 123-45-67", "संपर्क"]
        {
            let mut words = String::new();
            push_words(&mut words, &fold_text(text));
            let stored = normalize([format!("Было {text}, и ещё").as_str()]);
            for word in words.split_whitespace() {
                assert!(stored.split_whitespace().any(|known| known == word), "{text}: {word}");
                assert!(query(text).unwrap().contains(&format!("'{word}':*")), "{text}: {word}");
            }
        }
    }

    #[test]
    fn s2_each_unicode_form_and_case_of_a_word_is_one_word() {
        for (a, b) in
            [("и\u{306}огурт", "йогурт"), ("STRASSE", "straße"), ("ＡＢＣ１", "abc1"), ("ΣΊΣΥΦΟΣ", "σίσυφος")]
        {
            assert_eq!(normalize([a]), normalize([b]));
            assert_eq!(query(a), query(b));
            assert_eq!(sort_key(a), sort_key(b));
        }
    }

    #[test]
    fn s3_a_telephone_number_is_also_one_word() {
        assert!(normalize(["звонить +7 (999) 123-45-67"]).contains(" 79991234567 "));
        let typed = SearchText::new("8 999", vec!["7999".to_owned()]);
        assert_eq!(to_tsquery(Some(&typed)).as_deref(), Some("('8':* & '999':*) | '7999':*"));
        let whole = query("+7 (999) 123-45-67").unwrap();
        assert!(whole.ends_with("| '79991234567':*"), "{whole}");
    }
}
