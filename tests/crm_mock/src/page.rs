//! Reads a list's query and selects one page of the matching records.

use axum::extract::FromRequestParts;
use axum::extract::Query as AxumQuery;
use axum::http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};

use crate::answer::{FieldError, Refusal};

const DEFAULT_LIMIT: u64 = 10;
const MAX_LIMIT: u64 = 100;

/// The parameters of a query, read one by one; errors are collected.
pub(crate) struct Query {
    params: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// Page number and limit: both from 1, the limit at most 100.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageRequest {
    page: u64,
    limit: u64,
}

/// One page as the contract shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    data: Vec<T>,
    total: u64,
    page: u64,
    limit: u64,
    total_pages: u64,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let params = AxumQuery::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let AxumQuery(params) = params.map_err(|error| Refusal::NotJson(error.to_string()))?;
        Ok(Self { params, errors: Vec::new() })
    }
}

impl Query {
    /// A parameter that is present and not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let (_, value) = self.params.iter().find(|(param, _)| param == name)?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The search text, in lower case.
    pub fn search(&self) -> Option<String> {
        self.text("search").map(|text| text.to_lowercase())
    }

    /// One of the values of an enum; `words` names them for the caller.
    pub fn word<T: DeserializeOwned>(&mut self, name: &str, words: &str) -> Option<T> {
        let value = self.text(name)?;
        let reader: StrDeserializer<'_, WordError> = value.as_str().into_deserializer();
        match T::deserialize(reader) {
            Ok(word) => Some(word),
            Err(_) => {
                self.wrong(name, format!("must be one of {words}"));
                None
            }
        }
    }

    /// The page; refuses every error of this query at once.
    pub fn finish(mut self) -> Result<PageRequest, Refusal> {
        let page = self.number("page", 1, u64::MAX);
        let limit = self.number("limit", DEFAULT_LIMIT, MAX_LIMIT);
        if self.errors.is_empty() {
            Ok(PageRequest { page, limit })
        } else {
            Err(Refusal::Invalid(self.errors))
        }
    }

    fn number(&mut self, name: &str, default: u64, max: u64) -> u64 {
        let Some((_, value)) = self.params.iter().find(|(param, _)| param == name) else {
            return default;
        };
        match value.parse() {
            Ok(number) if (1..=max).contains(&number) => number,
            Ok(number) if number > max => {
                self.wrong(name, format!("must be at most {max}"));
                default
            }
            _ => {
                self.wrong(name, "must be a whole number from 1".to_owned());
                default
            }
        }
    }

    fn wrong(&mut self, name: &str, message: String) {
        self.errors.push(FieldError { field: name.to_owned(), message });
    }
}

impl PageRequest {
    /// A page beyond the last is empty, not an error.
    pub fn page<'a, T: Clone + 'a>(self, selected: impl Iterator<Item = &'a T>) -> Page<T> {
        let first = (self.page - 1).saturating_mul(self.limit);
        let past = first.saturating_add(self.limit);
        let mut total = 0;
        let mut data = Vec::new();
        for record in selected {
            if (first..past).contains(&total) {
                data.push(record.clone());
            }
            total += 1;
        }
        Page { data, total, page: self.page, limit: self.limit, total_pages: total.div_ceil(self.limit) }
    }
}

/// Returns whether any of the texts contains the search text, in any case of letters.
pub(crate) fn matches_search<'a>(search: Option<&str>, texts: impl IntoIterator<Item = &'a str>) -> bool {
    search.is_none_or(|search| texts.into_iter().any(|text| text.to_lowercase().contains(search)))
}
