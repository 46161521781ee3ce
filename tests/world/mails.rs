//! Mails that an installation has written to its folder.

use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{Person, World, eventually};

/// The mail with its parts decoded: Russian ones are base64, English ones quoted-printable.
fn decode_parts(mail: &str) -> String {
    let mut decoded = mail.replace("=\r\n", "").replace("=3D", "=");
    for part in mail.split("Content-Transfer-Encoding: base64\r\n\r\n").skip(1) {
        let text: String = part.lines().take_while(|line| !line.starts_with("--")).collect();
        let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
        decoded.push_str(&String::from_utf8_lossy(&bytes));
    }
    decoded
}

impl World {
    /// Texts of the mails to an address, decoded as far as links need it.
    pub fn mails_to(&self, email: &str) -> Vec<String> {
        let folder: PathBuf = self.folder.path().join("data/mail");
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let files = entries.flatten().map(|entry| entry.path());
        let written = files.filter(|path| path.extension().is_some_and(|ending| ending == "eml"));
        let texts = written.filter_map(|path| std::fs::read_to_string(path).ok());
        let is_to = |text: &String| {
            let address = format!("<{}>", email.to_lowercase());
            text.to_lowercase().lines().any(|line| line.contains(&address))
        };
        texts.filter(is_to).map(|text| decode_parts(&text)).collect()
    }

    /// Token of the link `/<page>/<token>` in a mail to an address, once the mail was written.
    pub async fn mailed_token(&self, email: &str, page: &str) -> String {
        let path = format!("/{page}/");
        eventually("a mail with a link", || async {
            let mails = self.mails_to(email);
            let rest = mails.iter().find_map(|mail| mail.split_once(&path).map(|(_, rest)| rest.to_owned()));
            let rest = rest.ok_or_else(|| format!("{mails:?}"))?;
            Ok(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect())
        })
        .await
    }

    /// Verifies the address of a person by the mailed link.
    pub async fn verifies(&self, person: &Person) {
        let token = self.mailed_token(&person.email, "verify-email").await;
        let path = format!("/email-verifications/{token}");
        self.client().post(&path, &serde_json::Value::Null).await.is(200);
    }
}
