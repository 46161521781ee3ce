//! Secrets in the printed configuration.

use secrecy::{ExposeSecret, SecretString};
use serde::Serializer;

/// Serializes a URL without its password.
pub(super) fn redact_url<S: Serializer>(
    url: &Option<SecretString>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&redact_passwords(url.as_ref().map_or("", |url| url.expose_secret())))
}

pub(super) fn redact<S: Serializer>(_: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("[redacted]")
}

/// Replaces each password by "[redacted]" in a URL, or in several separated by commas.
fn redact_passwords(urls: &str) -> String {
    if urls.contains("password=") {
        return "[redacted]".into();
    }
    // A comma may belong to the password of a single URL.
    match urls.matches("://").count() {
        0 | 1 => redact_password(urls),
        _ => urls.split(',').map(redact_password).collect::<Vec<_>>().join(","),
    }
}

/// Replaces the password of one URL. It may contain an unescaped `@` or `/`, so it ends at the last `@`.
fn redact_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "[redacted]".into() };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:[redacted]@{host}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::redact_passwords;

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        for (url, shown) in [
            ("postgres://u:p@h:1/d", "postgres://u:[redacted]@h:1/d"),
            ("postgres://u:p@/,x@h/d", "postgres://u:[redacted]@h/d"),
            ("postgres://h/d", "postgres://h/d"),
            ("postgres://h/d?user=u&password=p", "[redacted]"),
            ("nats://u:p@a:1,nats://b:2", "nats://u:[redacted]@a:1,nats://b:2"),
            ("token@host", "[redacted]"),
        ] {
            assert_eq!(redact_passwords(url), shown);
        }
    }
}
