//! Canned replies: texts with variables, filled in for one ticket.

use super::limits::{BODY_LIMIT, TITLE_LIMIT};
use crate::accounts::Lines;
use crate::field_problem::FieldProblem;

/// Names of the variables; a text has them in double braces.
pub const VARIABLES: [&str; 4] = ["requester_name", "agent_name", "ticket_title", "ticket_category"];

/// Values of the variables for one ticket and one agent. They are personal, so `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct TemplateValues {
    pub requester_name: String,
    pub agent_name: String,
    pub ticket_title: String,
    pub ticket_category: String,
}

/// Returns a checked title and body.
///
/// # Errors
/// All problems of the texts. An unknown variable is also a problem, because it would be sent unchanged.
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
    let unknown =
        parts(body).any(|part| matches!(part, TemplateToken::Variable(name) if !VARIABLES.contains(&name)));
    if unknown {
        problems.push(FieldProblem::of("body", "unknown"));
    }
    if problems.is_empty() { Ok(kept) } else { Err(problems) }
}

/// Returns the text for one ticket. Filled-in values are not parsed again, so a title cannot use a variable.
pub fn fill(body: &str, filling: &TemplateValues) -> String {
    let filled = parts(body).map(|part| match part {
        TemplateToken::Text(text) => text,
        TemplateToken::Variable("requester_name") => &filling.requester_name,
        TemplateToken::Variable("agent_name") => &filling.agent_name,
        TemplateToken::Variable("ticket_title") => &filling.ticket_title,
        TemplateToken::Variable("ticket_category") => &filling.ticket_category,
        TemplateToken::Variable(_) => "",
    });
    filled.collect()
}

enum TemplateToken<'a> {
    Text(&'a str),
    Variable(&'a str),
}

/// Returns texts and variables in turn; unclosed braces are text.
fn parts(body: &str) -> impl Iterator<Item = TemplateToken<'_>> {
    let mut rest = body;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix("{{").and_then(|inner| inner.split_once("}}")) {
            rest = after;
            return Some(TemplateToken::Variable(name.trim()));
        }
        // A text has at least one character, because unclosed braces stay at the beginning.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find("{{").map_or(rest.len(), |at| first + at);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(TemplateToken::Text(text))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filling() -> TemplateValues {
        TemplateValues {
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
