//! `GET /messages/search`: searches the messages of the caller's conversations.

use axum::Json as Answer;
use axum::extract::State;
use axum::response::IntoResponse;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use projections::messaging::{self, MessageFilter, Sender};
use serde::Deserialize;

use super::view::MessageView;
use crate::app::AppState;
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Page, PageParams, invalid_parameter};
use crate::http::phones::PhoneRegion;
use crate::http::problem::Problem;

/// Longest query, in characters.
const QUERY_LIMIT: usize = 500;

/// Search query.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchMessagesQuery {
    /// Words that must all occur, in any grammatical form.
    ///
    /// `from:` takes a nickname or an account id. `before:` takes a date in the caller's time zone, or an
    /// instant.
    #[param(min_length = 1, max_length = 500)]
    q: String,
}

/// Searches the caller's conversations for messages, newest first.
#[utoipa::path(
    get,
    path = "/messages/search",
    tag = "messages",
    params(MinPosition, SearchMessagesQuery, PageParams),
    responses((status = 200, body = Page<MessageView>)),
)]
pub async fn search_messages(
    State(app): State<AppState>,
    caller: Caller,
    fresh: MinPosition,
    query: ListQuery<SearchMessagesQuery>,
) -> Result<impl IntoResponse, Problem> {
    let zone = caller.person.profile.time_zone.as_ref().map_or("UTC", |zone| zone.as_str());
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let filter = parse_query(&query.filter.q, &zone, app.settings.phones)
        .map_err(|code| invalid_parameter("q", code))?;
    fresh.wait_for(&app, &["conversations", "directory"]).await?;
    let found =
        messaging::search_messages(&app.pool, caller.account_id, &filter, query.parse_cursor()?, query.limit)
            .await?;
    Ok(Answer(Page::from_read_model(found).map(MessageView::from)))
}

/// Parses the query.
///
/// # Errors
/// The code for the parameter: `too_long`, `malformed`, `repeated` or `required`.
fn parse_query(typed: &str, zone: &TimeZone, phones: PhoneRegion) -> Result<MessageFilter, &'static str> {
    if typed.chars().count() > QUERY_LIMIT {
        return Err("too_long");
    }
    let (mut filter, mut words) = (MessageFilter::default(), String::new());
    for word in typed.split_whitespace() {
        if let Some(sender) = word.strip_prefix("from:") {
            let sender = sender.trim_start_matches('@');
            let sender = match sender.parse() {
                Ok(id) => Sender::Account(id),
                Err(_) if sender.is_empty() => return Err("malformed"),
                Err(_) => Sender::Nickname(sender.to_owned()),
            };
            if filter.from.replace(sender).is_some() {
                return Err("repeated");
            }
        } else if let Some(day) = word.strip_prefix("before:") {
            if filter.before.replace(parse_instant(day, zone).ok_or("malformed")?).is_some() {
                return Err("repeated");
            }
        } else {
            words.push_str(word);
            words.push(' ');
        }
    }
    filter.words = Some(words).filter(|words| !words.is_empty()).map(|words| phones.search_text(&words));
    if filter == MessageFilter::default() { Err("required") } else { Ok(filter) }
}

/// Parses an instant, or the beginning of a day in the zone.
fn parse_instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let day: Date = text.parse().ok()?;
    Some(day.to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<MessageFilter, &'static str> {
        parse_query(typed, &TimeZone::get("Europe/Moscow").unwrap(), PhoneRegion::parse("RU").unwrap())
    }

    #[test]
    fn words_and_operators_are_told_apart() {
        let filter = read("домашнее  from:@Anna задание before:2026-11-25").unwrap();
        assert_eq!(filter.words, Some("домашнее задание ".into()));
        assert_eq!(filter.from, Some(Sender::Nickname("Anna".to_owned())));
        assert_eq!(filter.before, Some("2026-11-24T21:00:00Z".parse().unwrap()));
        let id = "0198c0de-0000-7000-8000-000000000001";
        let filter = read(&format!("from:{id} before:2026-11-25T10:00:00Z")).unwrap();
        assert_eq!(filter.from, Some(Sender::Account(id.parse().unwrap())));
        assert_eq!((filter.words, filter.before), (None, Some("2026-11-25T10:00:00Z".parse().unwrap())));
    }

    #[test]
    fn what_can_not_be_meant_is_refused() {
        for (typed, code) in [
            ("  ", "required"),
            ("from:", "malformed"),
            ("before:вчера", "malformed"),
            ("from:a from:b", "repeated"),
            ("before:2026-01-01 before:2026-01-02", "repeated"),
        ] {
            assert_eq!(read(typed), Err(code), "{typed}");
        }
        assert_eq!(read(&"ж".repeat(501)), Err("too_long"));
    }
}
