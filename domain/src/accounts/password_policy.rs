//! Password policy: length and resistance to guessing, no rules of composition (NIST SP 800-63B, 5.1.1.2).

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use zxcvbn::feedback::{Suggestion, Warning};
use zxcvbn::{Score, zxcvbn};

use super::values::fold_case;

/// Shortest and longest password, in characters.
pub const PASSWORD_MIN: usize = 10;
pub const PASSWORD_MAX: usize = 128;
/// Number of characters that the estimate reads. Its time grows with the cube of the length.
const ESTIMATED_LENGTH: usize = 64;
/// Lowest score of a password that withstands an offline attack on a slow hash: 10^8 guesses.
const SCORE_MIN: Score = Score::Three;

/// Reason why a password is too weak; `code` is stable and is part of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least {PASSWORD_MIN} characters")]
    TooShort,
    #[error("a password has at most {PASSWORD_MAX} characters")]
    TooLong,
    #[error("the password is easy to guess ({}): {}", .0.cause, .0.advice)]
    Guessable(PasswordAdvice),
    #[error("a password must not be the person's own name or address")]
    OwnName,
}

/// Why a password is easy to guess, and what helps; both as codes of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordAdvice {
    pub cause: &'static str,
    pub advice: &'static str,
}

impl WeakPassword {
    pub fn code(self) -> &'static str {
        match self {
            WeakPassword::TooShort => "too_short",
            WeakPassword::TooLong => "too_long",
            WeakPassword::Guessable(_) => "guessable_password",
            WeakPassword::OwnName => "password_is_own_name",
        }
    }
}

/// Returns the form of a password that is hashed: compatibility-composed, so that each keyboard gives the same
/// (NIST SP 800-63B, 5.1.1.2).
pub fn normalize_password(password: &str) -> String {
    password.nfkc().collect()
}

/// Checks a new password against the policy; `own` are the person's e-mail, nickname and name.
///
/// # Errors
/// [`WeakPassword`] for the first rule that the password breaks.
pub fn check_password(password: &str, own: &[&str]) -> Result<(), WeakPassword> {
    let password = normalize_password(password);
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(WeakPassword::TooShort);
    }
    if length > PASSWORD_MAX {
        return Err(WeakPassword::TooLong);
    }
    let folded = fold_case(&password);
    let own: Vec<String> = own.iter().map(|own| fold_case(own)).collect();
    let is_own = own.iter().any(|own| {
        let mailbox = own.split_once('@').map(|(mailbox, _)| mailbox);
        folded == *own || mailbox == Some(folded.as_str())
    });
    if is_own {
        return Err(WeakPassword::OwnName);
    }
    match find_advice(&password, &own) {
        None => Ok(()),
        Some(advice) => Err(WeakPassword::Guessable(advice)),
    }
}

/// Returns the advice if the password is easy to guess, as typed or with the other keyboard layout.
fn find_advice(password: &str, own: &[String]) -> Option<PasswordAdvice> {
    let cut: String = password.chars().take(ESTIMATED_LENGTH).collect();
    // Names and addresses without their separators, and each word of them.
    let names = own.iter().map(|own| own.split('@').next().unwrap_or_default());
    let joined: Vec<String> =
        names.map(|name| name.chars().filter(|c| c.is_alphanumeric()).collect()).collect();
    let own_words = own.iter().flat_map(|own| own.split(|c: char| !c.is_alphanumeric()));
    let own_words = own_words.filter(|word| word.chars().count() > 2).chain(own.iter().map(String::as_str));
    let own_words = own_words.chain(joined.iter().map(String::as_str));
    // The estimate tries the words in this order.
    let words: Vec<&str> = own_words.chain(GUESSED_WORDS.lines()).collect();
    let readings = [cut.to_lowercase().replace('ё', "е"), to_latin_keys(&cut), to_cyrillic_keys(&cut), cut];
    let weakest = readings.iter().map(|reading| zxcvbn(reading, &words)).min_by_key(|found| found.score())?;
    if weakest.score() >= SCORE_MIN {
        return None;
    }
    let feedback = weakest.feedback();
    Some(PasswordAdvice {
        cause: feedback.and_then(|found| found.warning()).map_or("guessable", cause_code),
        advice: feedback.and_then(|found| found.suggestions().first()).map_or("add_words", advice_code),
    })
}

/// Words and phrases of passwords that the estimate does not know by itself, mostly Russian. One per line.
const GUESSED_WORDS: &str = include_str!("guessed_words.txt");

/// Keys of the Russian layout, and the same keys of the Latin one.
const CYRILLIC_KEYS: &str = "йцукенгшщзхъфывапролджэячсмитьбюё";
const LATIN_KEYS: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";

static KEYS: LazyLock<Vec<(char, char)>> =
    LazyLock::new(|| CYRILLIC_KEYS.chars().zip(LATIN_KEYS.chars()).collect());

fn to_latin_keys(password: &str) -> String {
    let key = |c| KEYS.iter().find(|(cyrillic, _)| *cyrillic == c).map_or(c, |(_, latin)| *latin);
    password.to_lowercase().chars().map(key).collect()
}

fn to_cyrillic_keys(password: &str) -> String {
    let key = |c| KEYS.iter().find(|(_, latin)| *latin == c).map_or(c, |(cyrillic, _)| *cyrillic);
    password.to_lowercase().chars().map(key).collect()
}

fn cause_code(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => "keys",
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            "repeats"
        }
        Warning::ThisIsATop10Password | Warning::ThisIsATop100Password | Warning::ThisIsACommonPassword => {
            "common"
        }
        Warning::ThisIsSimilarToACommonlyUsedPassword => "similar",
        Warning::SequencesLikeAbcAreEasyToGuess => "sequence",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => "dates",
        Warning::AWordByItselfIsEasyToGuess => "word",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => "names",
    }
}

fn advice_code(suggestion: &Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases
        | Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters
        | Suggestion::AddAnotherWordOrTwo => "add_words",
        Suggestion::CapitalizationDoesntHelpVeryMuch
        | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase
        | Suggestion::ReversedWordsArentMuchHarderToGuess
        | Suggestion::PredictableSubstitutionsDontHelpVeryMuch => "no_tricks",
        Suggestion::UseALongerKeyboardPatternWithMoreTurns
        | Suggestion::AvoidRepeatedWordsAndCharacters
        | Suggestion::AvoidSequences => "no_patterns",
        Suggestion::AvoidRecentYears
        | Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => "no_dates",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str, own: &[&str]) -> &'static str {
        check_password(password, own).map_or_else(WeakPassword::code, |()| "accepted")
    }

    #[test]
    fn the_list_of_words_is_folded_and_in_order() {
        let lines: Vec<_> = GUESSED_WORDS.lines().collect();
        assert!(lines.is_sorted_by(|a, b| a < b));
        assert!(lines.iter().all(|line| *line == fold_case(line)));
    }

    #[test]
    fn a4_what_is_easy_to_guess_is_refused_in_any_case_layout_and_script() {
        for password in [
            "password12",
            "password123",
            "PassWord123",
            "P@ssw0rd2026",
            "1234567890",
            "qwerty12345",
            "letmein123",
            "iloveyou2024",
            "Summer2026!",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "йцукенгшщз",
            "ЙЦУКЕНГШЩЗ",
            "gfhjkm12345",
            "пароль12345",
            "ПАРОЛЬ12345",
            "приветпривет",
            "ученик1234",
            "extybr1234",
            "uchenik123",
            "любовь2026",
            "Москва2026!",
        ] {
            assert_eq!(code(password, &[]), "guessable_password", "{password}");
        }
        for password in ["tuman nad rekoy 42", "зелёный чай", "correct horse battery", "девять синих чашек"]
        {
            assert_eq!(code(password, &[]), "accepted", "{password}");
        }
    }

    #[test]
    fn a4_the_answer_says_why_and_what_helps() {
        let Err(WeakPassword::Guessable(advice)) = check_password("password12", &[]) else { panic!() };
        assert_eq!(advice, PasswordAdvice { cause: "common", advice: "add_words" });
        let Err(WeakPassword::Guessable(advice)) = check_password("aaaaaaaaaaaa", &[]) else { panic!() };
        assert_eq!(advice.cause, "repeats");
    }

    #[test]
    fn only_the_length_is_asked_for_no_composition() {
        assert_eq!(code("девятьбук", &[]), "too_short");
        let long: String = ('а'..='я').chain('a'..='z').cycle().step_by(7).take(PASSWORD_MAX).collect();
        assert_eq!(code(&long, &[]), "accepted");
        assert_eq!(code(&(long + "ы"), &[]), "too_long");
    }

    #[test]
    fn ones_own_name_or_address_is_no_password() {
        let own = ["Anna.Petrova@example.org", "anna_petrova_99", "Анна Петрова"];
        for password in ["anna.petrova@EXAMPLE.org", "Anna.Petrova", "ANNA_petrova_99", "анна петрова"]
        {
            assert_eq!(code(password, &own), "password_is_own_name", "{password}");
        }
        for password in ["annapetrova1", "Petrova2026", "Петрова123"] {
            assert_eq!(code(password, &own), "guessable_password", "{password}");
        }
        assert_eq!(code("анна петрова пьёт чай", &own), "accepted");
    }

    #[test]
    fn a1_each_keyboard_gives_one_password() {
        assert_eq!(normalize_password("и\u{306}од"), normalize_password("йод"));
        assert_eq!(normalize_password("ﬁsh"), "fish");
    }
}
