//! Catalogue: the messages of some Fluent files in both languages.

use std::collections::BTreeSet;

use domain::accounts::Locale;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::{Entry, Pattern};
use unic_langid::LanguageIdentifier;

use crate::inspection::compare_ids;

/// Fluent file in both languages; [`text_file!`](crate::text_file) makes one.
#[derive(Clone, Copy, Debug)]
pub struct TextFile {
    /// Name of the file, without its ending.
    pub name: &'static str,
    pub ru: &'static str,
    pub en: &'static str,
}

impl TextFile {
    pub fn source(&self, locale: Locale) -> &'static str {
        match locale {
            Locale::Ru => self.ru,
            Locale::En => self.en,
        }
    }
}

/// Includes `texts/ru/<name>.ftl` and `texts/en/<name>.ftl` of the calling crate as a [`TextFile`].
#[macro_export]
macro_rules! text_file {
    ($name:literal) => {
        $crate::TextFile {
            name: $name,
            ru: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/texts/ru/", $name, ".ftl")),
            en: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/texts/en/", $name, ".ftl")),
        }
    };
}

/// Makes arguments of a text: `text_args!["name" => name, "count" => 3]`.
#[macro_export]
macro_rules! text_args {
    ($($name:literal => $value:expr),* $(,)?) => {{
        let mut args = $crate::FluentArgs::new();
        $(args.set($name, $value);)*
        args
    }};
}

/// Messages of some files in both languages. Each id is unique in a catalogue.
///
/// A missing message, attribute or argument is a defect of the program. In builds with debug assertions it
/// panics; otherwise it is logged and the text shows the missing name.
pub struct Catalogue {
    files: &'static [TextFile],
    ids: BTreeSet<&'static str>,
    ru: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// Parses the files. A `LazyLock` keeps the catalogue, so that each file is parsed once.
    ///
    /// # Panics
    /// If a file is malformed or an id is used twice. A test of the repository parses every file.
    pub fn new(files: &'static [TextFile]) -> Self {
        Self {
            files,
            ids: files.iter().flat_map(|file| message_ids(file.en)).collect(),
            ru: bundle(Locale::Ru, files),
            en: bundle(Locale::En, files),
        }
    }

    /// Returns the text of a message.
    pub fn text(&self, locale: Locale, id: &str, args: &FluentArgs<'_>) -> String {
        let message = self.bundle(locale).get_message(id);
        self.format(locale, id, message.and_then(|message| message.value()), Some(args))
    }

    /// Returns the text of an attribute of a message.
    pub fn attribute(&self, locale: Locale, id: &str, name: &str, args: &FluentArgs<'_>) -> String {
        let message = self.bundle(locale).get_message(id);
        let attribute = message.and_then(|message| message.get_attribute(name));
        self.format(locale, id, attribute.map(|attribute| attribute.value()), Some(args))
    }

    /// Returns the text of a message without arguments, or `None` if the id is unknown.
    pub fn label(&self, locale: Locale, id: &str) -> Option<String> {
        let value = self.bundle(locale).get_message(id)?.value()?;
        Some(self.format(locale, id, Some(value), None))
    }

    /// Returns the id itself if the catalogue has a message with it.
    pub fn known_id(&self, id: &str) -> Option<&'static str> {
        self.ids.get(id).copied()
    }

    /// Returns the ids of all messages.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        self.ids.iter().copied()
    }

    /// Compares the ids of the files with those that the program uses, for tests.
    ///
    /// Returns one line for each used id without a message, and for each message that is neither used nor
    /// referred to by a used one.
    pub fn compare_ids(&self, used: &BTreeSet<String>) -> Vec<String> {
        let locales = [Locale::Ru, Locale::En];
        locales
            .into_iter()
            .flat_map(|locale| {
                let sources = self.files.iter().map(|file| file.source(locale));
                let lines = compare_ids(sources, used).into_iter();
                lines.map(move |line| format!("{}: {line}", locale.as_str())).collect::<Vec<_>>()
            })
            .collect()
    }

    fn bundle(&self, locale: Locale) -> &FluentBundle<FluentResource> {
        match locale {
            Locale::Ru => &self.ru,
            Locale::En => &self.en,
        }
    }

    fn format(
        &self,
        locale: Locale,
        id: &str,
        pattern: Option<&Pattern<&str>>,
        args: Option<&FluentArgs<'_>>,
    ) -> String {
        let Some(pattern) = pattern else {
            report_defect(locale, id, "unknown message or attribute");
            return id.to_owned();
        };
        let mut errors = Vec::new();
        let text = self.bundle(locale).format_pattern(pattern, args, &mut errors).into_owned();
        for error in errors {
            report_defect(locale, id, &error.to_string());
        }
        text
    }
}

fn bundle(locale: Locale, files: &[TextFile]) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = locale.as_str().parse().expect("ru and en are language identifiers");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks for mixed directions of writing would be in mails and in exported files.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = FluentResource::try_new(file.source(locale).to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{locale}/{}.ftl: {errors:?}", file.name));
        if let Err(errors) = bundle.add_resource(resource) {
            panic!("{locale}/{}.ftl: {errors:?}", file.name);
        }
    }
    bundle
}

fn message_ids(source: &'static str) -> Vec<&'static str> {
    let resource = fluent_syntax::parser::parse_runtime(source).unwrap_or_else(|(resource, _)| resource);
    let ids = resource.body.into_iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message.id.name),
        _ => None,
    });
    ids.collect()
}

fn report_defect(locale: Locale, id: &str, error: &str) {
    debug_assert!(false, "text {id} ({}): {error}", locale.as_str());
    tracing::error!(text = id, locale = locale.as_str(), error, "cannot format text");
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: &[TextFile] = &[TextFile {
        name: "seats",
        ru: "seats = { $count ->\n    [one] { $count } место\n    [few] { $count } места\n   *[many] { $count } мест\n }\n",
        en: "seats = { $count ->\n    [one] { $count } seat\n   *[other] { $count } seats\n }\n",
    }];

    #[test]
    fn a_count_has_the_plural_form_of_its_language() {
        let catalogue = Catalogue::new(FILES);
        let text = |locale, count: u32| catalogue.text(locale, "seats", &text_args!["count" => count]);
        assert_eq!(
            [1, 2, 5, 21].map(|count| text(Locale::Ru, count)),
            ["1 место", "2 места", "5 мест", "21 место"]
        );
        assert_eq!([1, 2].map(|count| text(Locale::En, count)), ["1 seat", "2 seats"]);
    }

    #[test]
    #[should_panic(expected = "$count")]
    fn a_missing_argument_is_a_defect() {
        Catalogue::new(FILES).text(Locale::En, "seats", &FluentArgs::new());
    }

    #[test]
    #[should_panic(expected = "chairs")]
    fn an_unknown_message_is_a_defect() {
        Catalogue::new(FILES).text(Locale::En, "chairs", &FluentArgs::new());
    }

    #[test]
    #[should_panic(expected = "seats.ftl")]
    fn a_malformed_file_is_a_defect() {
        const MALFORMED: &[TextFile] =
            &[TextFile { name: "seats", ru: "seats = места\n", en: "seats\n" }];
        Catalogue::new(MALFORMED);
    }
}
