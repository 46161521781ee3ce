//! Telephone numbers as people write them, in the region of the installation.

use domain::accounts::fold_case;
use phonenumber::Mode;
use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use projection_runtime::text_search::SearchText;

/// Fewest digits of a text that may be a number or its beginning.
const DIGITS_MIN: usize = 5;

/// Country whose numbers may be written without a country code.
#[derive(Clone, Copy, Debug)]
pub struct PhoneRegion(Id);

impl PhoneRegion {
    /// Parses a country code of two letters (ISO 3166-1).
    pub fn parse(code: &str) -> Option<Self> {
        let id: Id = code.trim().to_ascii_uppercase().parse().ok()?;
        DATABASE.by_id(id.as_ref()).map(|_| Self(id))
    }

    /// Returns a valid number in E.164 form. Returns any other text as it is.
    pub fn to_e164(self, text: &str) -> String {
        match phonenumber::parse(Some(self.0), text) {
            Ok(number) if number.is_valid() && number.extension().is_none() => {
                let e164 = number.format().mode(Mode::E164).to_string();
                if has_digits_of(text, &e164) { e164 } else { text.to_owned() }
            }
            Ok(_) | Err(_) => text.to_owned(),
        }
    }

    /// Returns a typed text for a search, with the spellings of the number that it may be.
    pub fn search_text(self, typed: &str) -> SearchText {
        SearchText::new(typed, self.spellings(typed))
    }

    /// Returns the digits of the number in each of its spellings. The number may be incomplete.
    fn spellings(self, typed: &str) -> Vec<String> {
        let typed = fold_case(typed);
        let is_phone = typed.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        if !is_phone || digits.len() < DIGITS_MIN {
            return Vec::new();
        }
        let mut spellings = vec![digits.clone()];
        if let Some(region) = DATABASE.by_id(self.0.as_ref()) {
            let code = region.country_code().to_string();
            let prefix = region.national_prefix().unwrap_or_default();
            let mut nationals = vec![digits.as_str()];
            let has_plus = typed.trim_start().starts_with('+');
            nationals.extend(digits.strip_prefix(prefix).filter(|_| !prefix.is_empty() && !has_plus));
            nationals.extend(digits.strip_prefix(&code));
            for national in nationals.into_iter().filter(|national| national.len() + 1 >= DIGITS_MIN) {
                spellings.extend([
                    national.to_owned(),
                    format!("{code}{national}"),
                    format!("{prefix}{national}"),
                ]);
            }
        }
        spellings.sort();
        spellings.dedup();
        spellings
    }
}

/// Returns true unless a text in international form has other digits than this number: the library leaves out
/// digits of a number that is too long.
fn has_digits_of(text: &str, e164: &str) -> bool {
    let is_digit = |c: &char| c.is_ascii_digit();
    !text.trim_start().starts_with('+') || text.chars().filter(is_digit).eq(e164.chars().filter(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s3_one_number_in_many_spellings_is_one() {
        let russia = PhoneRegion::parse("RU").unwrap();
        for text in [
            "8 (999) 123-45-67",
            "9991234567",
            "+7 999 123 45 67",
            "89991234567",
            "+7(999)1234567",
            "7 999 123-45-67",
        ] {
            assert_eq!(russia.to_e164(text), "+79991234567", "{text}");
            assert!(russia.spellings(text).contains(&"79991234567".to_owned()), "{text}");
        }
        assert_eq!(russia.to_e164("+49 30 901820"), "+4930901820");
        for other in ["12", "not a number", "999123", "", "+7888337539477"] {
            assert_eq!(russia.to_e164(other), other);
        }
        assert!(russia.spellings("8 (999) 123").contains(&"7999123".to_owned()));
        assert!(PhoneRegion::parse("XX").is_none());
        let germany = PhoneRegion::parse("de").unwrap();
        assert_eq!(germany.to_e164("030 901820"), "+4930901820");
    }
}
