//! TURN servers and their time-limited credentials (the TURN REST API of coturn).

use base64::Engine as _;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha1::Sha1;

/// TURN server of the installation and the secret it shares with us (`static-auth-secret` of coturn).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct TurnConfig {
    /// For example `turn:turn.example.org:3478?transport=udp`.
    pub urls: Vec<String>,
    pub secret: String,
}

/// One entry of `ice_servers` as browsers take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    pub urls: Vec<String>,
    pub username: String,
    pub credential: String,
}

impl TurnConfig {
    /// Returns credentials that name lesson and participant and end at `expires_at`.
    pub fn credentials(
        &self,
        lesson: uuid::Uuid,
        participant: uuid::Uuid,
        expires_at: Timestamp,
    ) -> Vec<IceServer> {
        if self.urls.is_empty() {
            return Vec::new();
        }
        let username = format!("{}:{lesson}:{participant}", expires_at.as_second());
        let mut mac = Hmac::<Sha1>::new_from_slice(self.secret.as_bytes()).expect("HMAC takes any key");
        mac.update(username.as_bytes());
        let credential = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        vec![IceServer { urls: self.urls.clone(), username, credential }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_the_hmac_of_expiry_lesson_and_participant() {
        let config = TurnConfig { urls: vec!["turn:h:3478".into()], secret: "north".into() };
        let (lesson, participant) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let server = &config.credentials(lesson, participant, Timestamp::from_second(600).unwrap())[0];
        assert_eq!(server.username, format!("600:{lesson}:{participant}"));
        assert_eq!(server.credential.len(), 28);
        assert!(TurnConfig::default().credentials(lesson, participant, Timestamp::UNIX_EPOCH).is_empty());
    }
}
