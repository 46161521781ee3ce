//! Upcasters of the support desk.

use cqrs_es::persist::{EventUpcaster, SemanticVersionEventUpcaster};
use serde_json::{Value, json};

use super::categories::{OTHER, find_category};
use super::welcome::SYSTEM_TAGS;

/// Returns the upcasters. In version 1.0 the category and the tags were texts of anybody. A category outside the
/// dictionary reads as "other"; of the tags, those of the system remain.
pub(crate) fn upcasters() -> Vec<Box<dyn EventUpcaster>> {
    let coded = |event: &'static str| -> Box<dyn EventUpcaster> {
        let change = move |mut payload: Value| {
            let Some(fields) = payload.get_mut(event) else { return payload };
            if let Some(category) = fields.get_mut("category") {
                *category = json!(category.as_str().and_then(find_category).unwrap_or(OTHER));
            }
            if let Some(tags) = fields.get_mut("tags").and_then(Value::as_array_mut) {
                tags.retain(|tag| tag.as_str().is_some_and(|tag| SYSTEM_TAGS.contains(&tag)));
            }
            payload
        };
        Box::new(SemanticVersionEventUpcaster::new(event, "2.0", Box::new(change)))
    };
    ["TicketOpened", "CategoryChanged", "TagsChanged"].into_iter().map(coded).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::upcast;

    #[test]
    fn old_texts_of_anybody_are_not_read() {
        let opened = json!({ "TicketOpened": { "category": "call Anna", "tags": ["регистрация", "anna"] } });
        let lifted = upcast("Ticket", "TicketOpened", "1.0", opened);
        assert_eq!(lifted, json!({ "TicketOpened": { "category": "Прочее", "tags": ["регистрация"] } }));
        let changed = json!({ "CategoryChanged": { "category": "Оплата" } });
        assert_eq!(upcast("Ticket", "CategoryChanged", "1.0", changed.clone()), changed);
        let suspended = json!({ "AccountSuspended": { "reason": "call Anna" } });
        assert_eq!(
            upcast("Account", "AccountSuspended", "1.0", suspended),
            json!({ "AccountSuspended": {} })
        );
    }
}
