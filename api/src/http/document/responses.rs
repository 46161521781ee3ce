//! Responses of the API document: each status with the codes of its problems.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::auth::permissions::Access;
use crate::http::problem::{Problem, is_problem_code, status_of};

/// First word of the sentence in which a handler's documentation lists its refusals.
const REFUSALS: &str = "Refusals: ";

/// Problems with one status: their codes, and the sentences that say when they come.
#[derive(Default)]
struct Problems {
    codes: Vec<String>,
    sentences: Vec<String>,
    /// True if the handler's documentation names some of them.
    of_handler: bool,
}

/// Adds a response for each problem that an operation can answer, and a description to each success.
///
/// The codes follow from the shape of the operation, and from the refusals in its documentation. That sentence
/// moves from the description into the responses.
/// Responses without a problem of the handler are the same for many operations; they are added to `shared`.
pub(super) fn describe_responses(
    method: &Method,
    operation: &mut Operation,
    who: Access,
    shared: &mut BTreeMap<String, RefOr<Response>>,
) {
    let mut problems = BTreeMap::<u16, Problems>::new();
    let (description, refusals) = split_refusals(operation.description.take().unwrap_or_default());
    operation.description = Some(description).filter(|text| !text.is_empty());
    for refusal in refusals.iter().flat_map(|text| text.split(';')) {
        add_refusal(&mut problems, refusal.trim());
    }
    for code in codes_of_shape(method, operation, who) {
        let same = problems.entry(Problem::new(code).status.as_u16()).or_default();
        if !same.codes.iter().any(|known| known == code) {
            same.codes.push(code.to_owned());
            same.sentences.push(format!("`{code}`"));
        }
    }
    for response in operation.responses.responses.values_mut() {
        describe_success(response);
    }
    for (status, problems) in problems {
        let name = problems.codes.iter().map(|code| pascal_case(code)).collect::<Vec<_>>().join("Or");
        let extensions = ExtensionsBuilder::new().add("x-problem-codes", &problems.codes[..]).build();
        let response = problem_response(&problems.sentences.join("; ")).extensions(Some(extensions)).build();
        let response = if problems.of_handler {
            response.into()
        } else {
            shared.insert(name.clone(), response.into());
            Ref::from_response_name(name).into()
        };
        operation.responses.responses.insert(status.to_string(), response);
    }
}

fn problem_response(description: &str) -> ResponseBuilder {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", problem)
}

/// Splits a description into its text and its list of refusals.
fn split_refusals(description: String) -> (String, Option<String>) {
    match description.split_once(REFUSALS) {
        Some((text, refusals)) => {
            let refusals = refusals.replace('\n', " ").trim().trim_end_matches('.').to_owned();
            (text.trim().to_owned(), Some(refusals))
        }
        None => (description, None),
    }
}

/// Adds a refusal such as "409 `slot_taken`, `slot_in_past`" to the problems of its status.
fn add_refusal(problems: &mut BTreeMap<u16, Problems>, refusal: &str) {
    let (status, sentence) = refusal.split_at_checked(3).unwrap_or((refusal, ""));
    let Ok(status) = status.parse::<u16>() else { return };
    let same = problems.entry(status).or_default();
    same.of_handler = true;
    let codes = refused_codes(status, sentence);
    let sentence = sentence.trim().trim_start_matches(',').trim();
    same.sentences.push(match codes.iter().find(|code| !sentence.contains(code.as_str())) {
        // The sentence names no code of the problem, but the condition or the fields.
        Some(code) => format!("`{code}` {sentence}").trim().to_owned(),
        None => sentence.to_owned(),
    });
    for code in codes {
        if !same.codes.contains(&code) {
            same.codes.push(code);
        }
    }
}

/// Returns the codes in a refusal. A code of a field (422) is not the code of the problem.
fn refused_codes(status: u16, sentence: &str) -> Vec<String> {
    let is_code = |text: &&str| {
        let has_form = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let is_of_problem =
            || status_of(text).map_or(is_problem_code(text), |own| own == StatusCode::UNPROCESSABLE_ENTITY);
        has_form && (status != 422 || is_of_problem())
    };
    let named: Vec<String> =
        sentence.split('`').skip(1).step_by(2).filter(is_code).map(str::to_owned).collect();
    match status {
        404 if named.is_empty() => vec!["not_found".to_owned()],
        422 if named.is_empty() => vec!["invalid_fields".to_owned()],
        _ => named,
    }
}

/// Codes that the middleware and the extractors can answer.
fn codes_of_shape(method: &Method, operation: &Operation, who: Access) -> Vec<&'static str> {
    let parameters = || {
        operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
            RefOr::T(known) => Some(known),
            RefOr::Ref(_) => None,
        })
    };
    let has = |place: ParameterIn| parameters().any(|known| known.parameter_in == place);
    let takes = |header: &str| parameters().any(|known| known.name == header);
    let mut codes = vec!["too_many_requests", "internal", "unavailable", "timeout", "malformed_header"];
    if has(ParameterIn::Path) {
        codes.push("not_found");
    }
    // A read without parameters refuses each of them.
    if method == Method::GET || has(ParameterIn::Query) {
        codes.extend(["malformed_parameter", "unknown_parameter", "too_many_parameters"]);
    }
    if let Some(RefOr::T(body)) = &operation.request_body {
        codes.extend(["malformed_request", "body_too_large", "unsupported_media_type", "invalid_fields"]);
        if body.content.contains_key("application/json") {
            codes.push("malformed_json");
        }
    }
    if takes("Min-Log-Position") {
        codes.push("projection_behind");
    }
    if takes("If-Match") {
        codes.push("stale_version");
    }
    if method != Method::GET {
        codes.extend(["origin_not_allowed", "busy"]);
    }
    if method == Method::POST {
        codes.extend(["idempotency_key_reused", "too_many_keys"]);
    }
    match who {
        Access::Anyone => {}
        Access::EvenSuspended => codes.push("unauthenticated"),
        Access::SignedIn => codes.extend(["unauthenticated", "account_suspended"]),
        Access::Roles(_) => codes.extend(["unauthenticated", "account_suspended", "forbidden"]),
    }
    codes
}

/// Returns a snake_case name in PascalCase.
pub(super) fn pascal_case(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect::<String>()
        })
        .collect()
}

/// Gives a success a description where the handler has none; OpenAPI requires one.
fn describe_success(response: &mut RefOr<Response>) {
    let RefOr::T(response) = response else { return };
    if response.description.is_empty() {
        response.description = if response.content.is_empty() { "Done" } else { "Result" }.to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(refusals: &str) -> BTreeMap<u16, Problems> {
        let mut problems = BTreeMap::new();
        refusals.split(';').for_each(|refusal| add_refusal(&mut problems, refusal.trim()));
        problems
    }

    #[test]
    fn refusals_are_read_from_the_documentation() {
        let (text, refusals) = split_refusals("Books.\n\nRefusals: 404; 409 `a`,\n`b`.".to_owned());
        assert_eq!((text.as_str(), refusals.as_deref()), ("Books.", Some("404; 409 `a`, `b`")));
        let problems =
            problems_of("404, also for others; 409 `a`, `b` if full; 422 `required` at `/price`; 409 `c`");
        assert_eq!(problems[&404].codes, ["not_found"]);
        assert_eq!(problems[&404].sentences, ["`not_found` also for others"]);
        assert_eq!(problems[&409].codes, ["a", "b", "c"]);
        assert_eq!(problems[&409].sentences, ["`a`, `b` if full", "`c`"]);
        assert_eq!(problems[&422].codes, ["invalid_fields"]);
        assert_eq!(problems[&422].sentences, ["`invalid_fields` `required` at `/price`"]);
    }
}
