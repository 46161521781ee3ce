//! The environment as a layer of the configuration: `KAFEDRA_SECTION__KEY` and the well-known names.

use std::collections::BTreeMap;

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

/// Well-known names of variables, besides `KAFEDRA_…__…`.
const WELL_KNOWN: [(&str, &str); 6] = [
    ("DATABASE_URL", "postgres.url"),
    ("NATS_URL", "nats.url"),
    ("CRM_API_URL", "crm.url"),
    ("CRM_API_KEY", "crm.key"),
    ("SMTP_URL", "mail.smtp_url"),
    ("KAFEDRA_MASTER_KEY", "keys.master_key"),
];

/// Variables with the prefix that are not settings: the command line reads the name of the file.
const NOT_SETTINGS: [&str; 1] = ["KAFEDRA_CONFIG"];

/// `KAFEDRA_SECTION__KEY` and the well-known names.
pub(super) struct Environment {
    pub(super) variables: BTreeMap<String, String>,
    /// The layers below. A setting that is a text there stays a text, even if it looks like a number.
    pub(super) base: Figment,
}

impl Environment {
    fn setting_path(name: &str) -> Option<String> {
        if let Some((_, path)) = WELL_KNOWN.iter().find(|(known, _)| *known == name) {
            return Some((*path).into());
        }
        let key = name.strip_prefix("KAFEDRA_").filter(|_| !NOT_SETTINGS.contains(&name))?;
        Some(key.to_ascii_lowercase().replace("__", "."))
    }

    fn parse_value(&self, path: &str, text: &str) -> Value {
        match self.base.find_value(path) {
            // Settings without a default (URLs, keys, paths) are texts.
            Ok(Value::String(..)) | Err(_) => Value::from(text),
            Ok(_) => text.parse().expect("figment reads any text as some value"),
        }
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("the environment").interpolater(|_, path| {
            let path = path.join(".");
            match WELL_KNOWN.iter().find(|(_, known)| *known == path) {
                Some((name, _)) => format!("{name} or KAFEDRA_{}", path.replace('.', "__").to_uppercase()),
                None => format!("KAFEDRA_{}", path.replace('.', "__").to_uppercase()),
            }
        })
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut settings = Dict::new();
        // An empty variable counts as not set, because compose files and CI pass unset variables so.
        for (name, text) in self.variables.iter().filter(|(_, text)| !text.is_empty()) {
            if let Some(path) = Self::setting_path(name) {
                insert_at(&mut settings, &path, self.parse_value(&path, text));
            }
        }
        Ok(Profile::Default.collect(settings))
    }
}

fn insert_at(dict: &mut Dict, path: &str, value: Value) {
    let Some((section, rest)) = path.split_once('.') else {
        dict.insert(path.into(), value);
        return;
    };
    let inner = dict.entry(section.into()).or_insert_with(|| Value::from(Dict::new()));
    // A section that was set to a plain value keeps it; the validation then refuses it.
    if let Value::Dict(_, inner) = inner {
        insert_at(inner, rest, value);
    }
}
