//! Inspection of Fluent files for tests: ids, attributes, variables and references of the messages.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

/// Structure of a message or a term. Variables and references are direct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageShape {
    pub has_value: bool,
    pub attributes: BTreeSet<String>,
    pub variables: BTreeSet<String>,
    /// Ids of messages, and ids of terms with their hyphen.
    pub references: BTreeSet<String>,
}

/// Returns the messages and terms of a file by id. The id of a term begins with a hyphen.
///
/// # Errors
/// One line for each malformed entry and each repeated id.
pub fn shapes(source: &str) -> Result<BTreeMap<String, MessageShape>, Vec<String>> {
    let resource = parser::parse(source)
        .map_err(|(_, errors)| errors.iter().map(|error| format!("{error:?}")).collect::<Vec<_>>())?;
    let mut shapes = BTreeMap::new();
    let mut repeated = Vec::new();
    for entry in &resource.body {
        let (id, value, attributes) = match entry {
            Entry::Message(message) => {
                (message.id.name.to_owned(), message.value.as_ref(), &message.attributes)
            }
            Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => {
                continue;
            }
        };
        let mut shape = MessageShape { has_value: value.is_some(), ..MessageShape::default() };
        for attribute in attributes {
            shape.attributes.insert(attribute.id.name.to_owned());
            shape.read_pattern(&attribute.value);
        }
        if let Some(value) = value {
            shape.read_pattern(value);
        }
        if shapes.insert(id.clone(), shape).is_some() {
            repeated.push(format!("{id} is repeated"));
        }
    }
    if repeated.is_empty() { Ok(shapes) } else { Err(repeated) }
}

/// Returns the variables of a message and of all messages that it refers to. Variables of a term are its own
/// parameters and do not count.
pub fn all_variables(shapes: &BTreeMap<String, MessageShape>, id: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    reach(shapes, id, &mut seen);
    let messages = seen.iter().filter(|id| !id.starts_with('-')).filter_map(|id| shapes.get(id));
    messages.flat_map(|shape| shape.variables.iter().cloned()).collect()
}

/// Returns one line for each used id without a message, and for each message that is not needed.
pub(crate) fn compare_ids<'a>(
    sources: impl Iterator<Item = &'a str>,
    used: &BTreeSet<String>,
) -> Vec<String> {
    let mut known = BTreeMap::new();
    for source in sources {
        match shapes(source) {
            Ok(shapes) => known.extend(shapes),
            Err(errors) => return errors,
        }
    }
    let mut needed = BTreeSet::new();
    for id in used {
        reach(&known, id, &mut needed);
    }
    let missing = used.iter().filter(|id| !known.contains_key(*id)).map(|id| format!("{id} is missing"));
    let unused = known.keys().filter(|id| !needed.contains(*id)).map(|id| format!("{id} is not used"));
    missing.chain(unused).collect()
}

fn reach(shapes: &BTreeMap<String, MessageShape>, id: &str, seen: &mut BTreeSet<String>) {
    if !seen.insert(id.to_owned()) {
        return;
    }
    for reference in shapes.get(id).into_iter().flat_map(|shape| &shape.references) {
        reach(shapes, reference, seen);
    }
}

impl MessageShape {
    fn read_pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.read_expression(expression);
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                self.read_inline(selector);
                for variant in variants {
                    self.read_pattern(&variant.value);
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, .. } => {
                self.references.insert(id.name.to_owned());
            }
            InlineExpression::TermReference { id, arguments, .. } => {
                self.references.insert(format!("-{}", id.name));
                if let Some(arguments) = arguments {
                    self.read_arguments(arguments);
                }
            }
            InlineExpression::FunctionReference { arguments, .. } => self.read_arguments(arguments),
            InlineExpression::Placeable { expression } => self.read_expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn read_arguments(&mut self, arguments: &CallArguments<&str>) {
        let named = arguments.named.iter().map(|argument| &argument.value);
        for value in arguments.positional.iter().chain(named) {
            self.read_inline(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
booked = { $subject }{ person }
    .title = { $reader ->
        [teacher] Booked with you
       *[student] Booked: { -school }
    }
person = ; { $name }
-school = Kafedra
lonely = Alone
";

    #[test]
    fn variables_are_found_in_selectors_attributes_and_references() {
        let shapes = shapes(SOURCE).unwrap();
        let variables: Vec<_> = all_variables(&shapes, "booked").into_iter().collect();
        assert_eq!(variables, ["name", "reader", "subject"]);
        assert_eq!(shapes["booked"].attributes, BTreeSet::from(["title".to_owned()]));
    }

    #[test]
    fn a_missing_and_an_unused_message_are_found() {
        let used = BTreeSet::from(["booked".to_owned(), "moved".to_owned()]);
        assert_eq!(compare_ids([SOURCE].into_iter(), &used), ["moved is missing", "lonely is not used"]);
    }

    #[test]
    fn a_repeated_id_and_a_malformed_entry_are_errors() {
        assert_eq!(shapes("a = 1\na = 2\n"), Err(vec!["a is repeated".to_owned()]));
        assert!(shapes("a = { $\n").is_err());
    }
}
