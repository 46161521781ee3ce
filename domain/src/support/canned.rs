//! Canned replies: texts with variables, filled in for one ticket.

use super::limits::{BODY_LIMIT, TITLE_LIMIT};
use crate::accounts::Lines;
use crate::field_problem::FieldProblem;

/// The variables, as they stand in double braces.
pub const VARIABLES: [&str; 4] = ["requester_name", "agent_name", "ticket_title", "ticket_category"];

/// What the variables mean for one ticket and one agent; personal, so it shows nothing of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Filling {
    pub requester_name: String,
    pub agent_name: String,
    pub ticket_title: String,
    pub ticket_category: String,
}

/// A title and a body as they are kept.
///
/// # Errors
/// Everything that is wrong with them, also a variable that nobody knows: it would be sent as it stands.
pub fn canned_reply(title: &str, body: &str) -> Result<(String, String), Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut checked = |field, text, max, lines| {
        let text = super::validate::checked(field, text, max, lines);
        text.map_err(|problem| problems.push(problem)).unwrap_or_default()
    };
    let kept = (
        checked("title", title, TITLE_LIMIT, Lines::Single),
        checked("body", body, BODY_LIMIT, Lines::Multi),
    );
    let unknown = parts(body).any(|part| matches!(part, Part::Variable(name) if !VARIABLES.contains(&name)));
    if unknown {
        problems.push(FieldProblem::of("body", "unknown"));
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

/// The text for one ticket. What is filled in is not looked at again: no title can name a variable.
pub fn fill(body: &str, filling: &Filling) -> String {
    let filled = parts(body).map(|part| match part {
        Part::Text(text) => text,
        Part::Variable("requester_name") => &filling.requester_name,
        Part::Variable("agent_name") => &filling.agent_name,
        Part::Variable("ticket_title") => &filling.ticket_title,
        Part::Variable("ticket_category") => &filling.ticket_category,
        Part::Variable(_) => "",
    });
    filled.collect()
}

enum Part<'a> {
    Text(&'a str),
    Variable(&'a str),
}

/// Texts and variables in turn; braces that are never closed are text.
fn parts(body: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = body;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix("{{").and_then(|inner| inner.split_once("}}")) {
            rest = after;
            return Some(Part::Variable(name.trim()));
        }
        // At least one character: braces without an end stand at the beginning again and again.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find("{{").map_or(rest.len(), |at| first + at);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Part::Text(text))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filling() -> Filling {
        Filling {
            requester_name: "Анна".to_owned(),
            agent_name: "Ольга".to_owned(),
            ticket_title: "{{agent_name}}".to_owned(),
            ticket_category: "Оплата".to_owned(),
        }
    }

    #[test]
    fn variables_are_filled_in_once() {
        let body =
            "Здравствуйте, {{requester_name}}! «{{ ticket_title }}», {{ticket_category}}. {{agent_name}}";
        let filled = "Здравствуйте, Анна! «{{agent_name}}», Оплата. Ольга";
        assert_eq!(fill(body, &filling()), filled);
    }

    #[test]
    fn a_variable_that_nobody_knows_is_refused_when_it_is_written() {
        let codes = |title: &str, body: &str| -> Vec<String> {
            let problems = canned_reply(title, body).unwrap_err();
            problems.into_iter().map(|problem| format!("{} {}", problem.pointer, problem.code)).collect()
        };
        assert_eq!(codes("Возврат", "{{requester_nane}}"), ["/body unknown"]);
        assert_eq!(codes(" ", ""), ["/title empty", "/body empty"]);
        for name in VARIABLES {
            assert!(canned_reply("Возврат", &format!("{{{{{name}}}}}")).is_ok());
        }
    }

    proptest! {
        #[test]
        fn a_text_without_pairs_of_braces_stays_as_it_is(body in "[^}]{0,60}") {
            prop_assert_eq!(fill(&body, &filling()), body);
        }
    }
}
