//! Query parameters of lists: filters, limit and opaque cursor. Unknown parameters are refused.

use std::collections::HashSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{CodeEnum, Reason, Vocabulary};
use jiff::Timestamp;
use projection_runtime::paging::QueryError;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::export_format::ExportFormat;
use super::instant::parse_instant;
use super::problem::Problem;

pub const DEFAULT_LIMIT: u32 = 25;
pub const MAX_LIMIT: u32 = 100;

/// Most parameters of a query. No route has so many.
const MAX_PARAMETERS: usize = 50;

/// Query parameters of a route without pages, as `T`. `T` must have `#[serde(deny_unknown_fields)]` and must
/// not use `flatten`: an unknown parameter is refused with 400.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

/// Query parameters of a list: filters as `F` (same rule as [`Query`]), and the page. Only a list that is
/// `COUNTED` takes `include=total`.
#[derive(Clone, Debug)]
pub struct ListQuery<F, const COUNTED: bool = false> {
    pub filter: F,
    /// 1 to 100.
    pub limit: u32,
    /// True if the client gave the limit; false for the default.
    pub limit_given: bool,
    /// End of the last page. [`ListQuery::parse_cursor`] or [`ListQuery::parse_sort_key`] reads it.
    pub cursor: Option<String>,
    /// True if the client requests `page.total` (`include=total`).
    pub with_total: bool,
}

/// Query parameters of a list that counts its rows.
pub type CountedListQuery<F> = ListQuery<F, true>;

/// Parameters of all lists beside their filters. Only for the API document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by ListQuery, described here")]
pub struct PageParams {
    /// 1 to 100; 25 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// Parameters of a list that counts its rows. Only for the API document.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by ListQuery, described here")]
pub struct CountedPageParams {
    /// 1 to 100; 25 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
    /// `total` adds `page.total`.
    include: Option<String>,
}

/// An instant in a filter (RFC 3339). Instants before the epoch become the epoch. Instants after the last one of
/// the calendar become the last one.
#[derive(Clone, Copy, Debug)]
pub struct TimestampParam(pub Timestamp);

/// Query of a route without parameters.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub page: PageInfo,
}

/// End of a page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PageInfo {
    /// Value of `cursor` for the next page. Null at the end.
    pub next_cursor: Option<String>,
    pub has_more: bool,
    /// Number of all matching rows, with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

impl<F, const COUNTED: bool> ListQuery<F, COUNTED> {
    /// Parses the cursor as the sort key that [`Page::from_rows`] wrote.
    ///
    /// # Errors
    /// `malformed_parameter` for an invalid cursor.
    pub fn parse_sort_key<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let key = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        key.map(Some).ok_or_else(|| invalid_parameter("cursor", "malformed"))
    }
}

impl<F, const COUNTED: bool> ListQuery<F, COUNTED> {
    /// Returns the number of rows to read: one more than the page, or for a file all rows without a given limit.
    pub fn row_limit(&self, format: ExportFormat) -> Option<i64> {
        match (format, self.limit_given) {
            (ExportFormat::Json, _) => Some(i64::from(self.limit) + 1),
            (_, true) => Some(i64::from(self.limit)),
            (_, false) => None,
        }
    }

    /// Parses the cursor as the read model's cursor that [`Page::from_read_model`] wrote.
    ///
    /// # Errors
    /// `malformed_parameter` for an invalid cursor.
    pub fn parse_cursor(&self) -> Result<Option<projection_runtime::paging::Cursor>, Problem> {
        let cursor = self.cursor.as_deref().map(str::parse).transpose();
        cursor.map_err(|_| invalid_parameter("cursor", "malformed"))
    }
}

impl<'de> Deserialize<'de> for TimestampParam {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_bound(&text).map(Self).ok_or_else(|| D::Error::custom("not an instant"))
    }
}

/// Parses an instant of a filter. The end of the year 9999 is the usual "for ever".
fn parse_bound(text: &str) -> Option<Timestamp> {
    match parse_instant(text) {
        Some(instant) => Some(instant.max(Timestamp::UNIX_EPOCH)),
        None if text.starts_with("9999-12-3") && is_instant(&text.replacen("9999", "9996", 1)) => {
            Some(Timestamp::MAX)
        }
        None => None,
    }
}

fn is_instant(text: &str) -> bool {
    parse_instant(text).is_some()
}

/// Converts an error of a query. A cursor of another sort order is an error of the client.
impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Database(error) => error.into(),
            QueryError::Cursor(_) => invalid_parameter("cursor", "malformed"),
        }
    }
}

/// Parses a parameter with a fixed set of values. Returns `None` if it is absent.
///
/// # Errors
/// `malformed_parameter` (400) for an unknown value.
pub fn parse_choice<T>(
    name: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = text else { return Ok(None) };
    parse(text).map(Some).ok_or_else(|| invalid_parameter(name, "unknown_value"))
}

/// Parses a parameter with the codes of an enum. Returns `None` if it is absent.
///
/// # Errors
/// `malformed_parameter` (400) for an unknown code, with the known ones.
pub fn parse_code<T: CodeEnum>(name: &str, text: Option<&str>) -> Result<Option<T>, Problem> {
    let known: Vec<&str> = T::all().iter().map(|value| value.code()).collect();
    parse_known(name, text, &known, |text| T::all().iter().copied().find(|value| value.code() == text))
}

/// Parses a parameter with a code of the dictionary. Returns `None` if it is absent.
///
/// # Errors
/// `malformed_parameter` (400) for an unknown code, with the known ones.
pub fn parse_dictionary_code(
    name: &str,
    text: Option<&str>,
    list: Vocabulary,
) -> Result<Option<String>, Problem> {
    parse_known(name, text, list.codes(), |code| list.knows(code).then(|| code.to_owned()))
}

/// Parses a parameter with the codes of an enum or a dictionary. Returns `None` if it is absent.
///
/// # Errors
/// `malformed_parameter` (400) for an unknown code, with the known ones.
pub fn parse_known<T>(
    name: &str,
    text: Option<&str>,
    known: &[&str],
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = text else { return Ok(None) };
    parse(text).map(Some).ok_or_else(|| unknown_value(name, known))
}

/// Problem of an unknown value of a parameter: 400 with the known values.
pub fn unknown_value(name: &str, known: &[&str]) -> Problem {
    let reason = Reason::field(name, "unknown_value").with("allowed", known.join(", "));
    Problem::new("malformed_parameter").with_field_error(reason)
}

/// Problem of a number outside its range: 400 with the range.
pub fn out_of_range(name: &str, min: i64, max: i64) -> Problem {
    let reason = Reason::field(name, "out_of_range").with("min", min).with("max", max);
    Problem::new("malformed_parameter").with_field_error(reason)
}

/// Problem of an invalid parameter: 400.
pub fn invalid_parameter(name: &str, code: &str) -> Problem {
    Problem::new("malformed_parameter").with_field_error(Reason::field(name, code))
}

impl<T> Page<T> {
    /// Builds the page from a page of a read model.
    pub fn from_read_model(page: projection_runtime::paging::Page<T>) -> Self {
        let next_cursor = page.next.map(|cursor| cursor.to_string());
        Self { data: page.rows, page: PageInfo { has_more: next_cursor.is_some(), next_cursor, total: None } }
    }

    /// Builds a page from `rows`. The caller reads one row more than the limit.
    /// `key` returns the sort key of a row: a tuple of all columns of the order.
    pub fn from_rows<K: Serialize>(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> K) -> Self {
        let limit = limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| has_more).map(|last| {
            let text = serde_json::to_vec(&key(last)).expect("a sort key is made of texts and numbers");
            URL_SAFE_NO_PAD.encode(text)
        });
        Self { data: rows, page: PageInfo { next_cursor, has_more, total: None } }
    }

    #[must_use]
    pub fn with_total(mut self, total: Option<u64>) -> Self {
        self.page.total = total;
        self
    }

    /// Converts the rows of the page.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(f).collect(), page: self.page }
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        deserialize_query(query_pairs(parts)?).map(Self)
    }
}

impl<F: DeserializeOwned, S: Sync, const COUNTED: bool> FromRequestParts<S> for ListQuery<F, COUNTED> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut rest = query_pairs(parts)?;
        let given = match take_parameter(&mut rest, "limit") {
            Some(text) => match text.parse() {
                Ok(limit @ 1..=MAX_LIMIT) => Some(limit),
                Ok(_) | Err(_) => return Err(out_of_range("limit", 1, MAX_LIMIT.into())),
            },
            None => None,
        };
        let include = if COUNTED { take_parameter(&mut rest, "include") } else { None };
        let with_total = match include.as_deref() {
            None => false,
            Some("total") => true,
            Some(_) => return Err(unknown_value("include", &["total"])),
        };
        let cursor = take_parameter(&mut rest, "cursor");
        let limit = given.unwrap_or(DEFAULT_LIMIT);
        Ok(Self { filter: deserialize_query(rest)?, limit, limit_given: given.is_some(), cursor, with_total })
    }
}

/// Returns the query as pairs. A repeated parameter and U+0000 are refused.
fn query_pairs(parts: &Parts) -> Result<Vec<(String, String)>, Problem> {
    let query = parts.uri.query().unwrap_or_default();
    // Texts are stored composed (NFC), so they are searched and compared composed.
    let given = form_urlencoded::parse(query.as_bytes());
    let given = given.map(|(name, value)| (name.into_owned(), value.nfc().collect::<String>()));
    let pairs: Vec<(String, String)> = given.take(MAX_PARAMETERS + 1).collect();
    if pairs.len() > MAX_PARAMETERS {
        return Err(Problem::new("too_many_parameters"));
    }
    let mut names = HashSet::new();
    for (name, value) in &pairs {
        if !names.insert(name) {
            return Err(invalid_parameter(name, "repeated"));
        }
        if value.contains('\0') || name.contains('\0') {
            return Err(invalid_parameter(name, "forbidden_character"));
        }
    }
    Ok(pairs)
}

fn take_parameter(pairs: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let index = pairs.iter().position(|(known, _)| known == name)?;
    Some(pairs.swap_remove(index).1)
}

fn deserialize_query<T: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<T, Problem> {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let message = error.inner().to_string();
        let path = error.path().to_string();
        if message.starts_with("unknown field") {
            Problem::new("unknown_parameter").with_field_error(Reason::field(&path, "unknown_parameter"))
        } else if message.starts_with("missing field") {
            invalid_parameter(message.split('`').nth(1).unwrap_or_default(), "required")
        } else {
            invalid_parameter(&path, "malformed")
        }
    })
}
