//! Sentences for the events of a timeline.

mod args;

use std::sync::LazyLock;

use domain::accounts::Locale;
use serde_json::Value;
use translations::{Catalogue, TextFile, text_file};

const FILES: &[TextFile] = &[text_file!("timeline")];

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FILES));

/// Returns the sentence for an event of this type.
///
/// A newer version may have written an unknown event type. Its name is the best available text.
pub fn event_text(event_type: &str, params: &Value, locale: Locale) -> String {
    if TEXTS.known_id(event_type).is_none() {
        return event_type.to_owned();
    }
    TEXTS.text(locale, event_type, &args::event_args(params, locale))
}

#[cfg(test)]
mod tests;
