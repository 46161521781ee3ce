//! Chooses the language and the format of a response by quality values (RFC 9110, 12.4.2 and 12.5).

use std::cmp::Reverse;

use axum::http::{HeaderMap, HeaderName, header};
use domain::accounts::Locale;
use parse_net::Limits;
use parse_net::media::parse_media_type;
use parse_net::negotiate::{MalformedPolicy, Negotiator, Outcome, parse_accept, parse_weighted};

/// Returns the offered media type that the client prefers; `None` if it accepts none of them or does not say.
///
/// Among types of equal weight the one that is named most exactly wins, then the one that is named first.
pub fn preferred_media<'a>(headers: &HeaderMap, offers: &[&'a str]) -> Option<&'a str> {
    let accept = joined_lines(headers, &header::ACCEPT)?;
    let ranges = parse_accept(&accept, &Limits::DEFAULT).ok()?;
    let rank = |offer: &str| {
        let parsed = parse_media_type(offer.as_bytes()).ok()?;
        let matching = ranges.iter().enumerate().filter(|(_, range)| range.matches(&parsed));
        matching.map(|(index, range)| (range.specificity(), Reverse(index))).max()
    };
    choose(offers, |offer| (negotiator().media(Some(&accept), &[offer]), rank(offer)))
}

/// Returns Russian or English by `Accept-Language`. The default is Russian.
pub fn preferred_language(headers: &HeaderMap) -> Locale {
    let chosen = joined_lines(headers, &header::ACCEPT_LANGUAGE).and_then(|accept| {
        let ranges = parse_weighted(&accept, &Limits::DEFAULT).ok()?;
        let rank = |offer: &str| {
            let names = |range: &[u8]| {
                let primary = range.split(|byte| *byte == b'-').next().unwrap_or_default();
                primary.eq_ignore_ascii_case(offer.as_bytes())
            };
            ranges.iter().position(|range| names(range.value)).map(|index| (1, Reverse(index)))
        };
        let codes: Vec<&str> = Locale::ALL.iter().map(|locale| locale.as_str()).collect();
        choose(&codes, |offer| (negotiator().language(Some(&accept), &[offer]), rank(offer)))
            .and_then(Locale::parse)
    });
    chosen.unwrap_or_default()
}

fn negotiator() -> Negotiator {
    Negotiator::new().on_malformed(MalformedPolicy::Refuse)
}

/// Returns the offer of the highest weight; among equals the one of the highest rank, then the first.
fn choose<'a, R: Ord>(offers: &[&'a str], assess: impl Fn(&str) -> (Outcome, Option<R>)) -> Option<&'a str> {
    let assessed = offers.iter().enumerate().filter_map(|(index, offer)| match assess(offer) {
        (Outcome::Chosen { weight, .. }, rank) => Some((weight.thousandths(), rank, Reverse(index), *offer)),
        _ => None,
    });
    assessed.max_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2))).map(|(.., offer)| offer)
}

/// Returns all lines of a header as one list (RFC 9110, 5.3).
pub fn joined_lines(headers: &HeaderMap, name: &HeaderName) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = headers.get_all(name).iter().map(|value| value.as_bytes()).collect();
    (!lines.is_empty()).then(|| lines.join(&b", "[..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(name: HeaderName, values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn h1_the_language_with_the_highest_weight_wins() {
        let language = |values: &[&'static str]| preferred_language(&lines(header::ACCEPT_LANGUAGE, values));
        for (values, expected) in [
            (&["en-GB,en;q=0.9,ru;q=0.5"][..], Locale::En),
            (&["de, en;q=0.2, ru-RU;q=0.7"], Locale::Ru),
            (&["ru;q=0, *"], Locale::En),
            (&["en;q=0, *"], Locale::Ru),
            (&["*"], Locale::Ru),
            (&["en, ru"], Locale::En),
            (&["ru, en"], Locale::Ru),
            (&["ru;q=0.1", "en;q=0.5"], Locale::En),
            (&["EN-us ; Q=1.000"], Locale::En),
            (&["fr"], Locale::Ru),
            (&["en;q=nonsense"], Locale::Ru),
            (&["en;q=1.5"], Locale::Ru),
            (&["*;q=0.5, ru;q=0.1"], Locale::En),
            (&[""], Locale::Ru),
            (&[], Locale::Ru),
        ] {
            assert_eq!(language(values), expected, "{values:?}");
        }
    }

    #[test]
    fn h1_the_format_with_the_highest_weight_wins() {
        const OFFERS: [&str; 2] = ["application/json", "text/csv"];
        let media = |values: &[&'static str]| preferred_media(&lines(header::ACCEPT, values), &OFFERS);
        for (values, expected) in [
            (&["text/csv"][..], Some("text/csv")),
            (&["text/csv;q=0.5, application/json"], Some("application/json")),
            (&["application/json;q=0, */*"], Some("text/csv")),
            (&["text/csv, */*"], Some("text/csv")),
            (&["text/csv, application/json"], Some("text/csv")),
            (&["*/*"], Some("application/json")),
            (&["text/*"], Some("text/csv")),
            (&["text/*, text/csv;q=0"], None),
            (&["application/json;q=0.5", "TEXT/CSV;q=0.9"], Some("text/csv")),
            (&["text/csv; charset=utf-8; q=0.9, application/json;q=0.1"], Some("application/json")),
            (&["image/png"], None),
            (&["nonsense"], None),
            (&[], None),
        ] {
            assert_eq!(media(values), expected, "{values:?}");
        }
    }
}
