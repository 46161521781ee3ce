//! Frames from a client. The sender comes from the session; an account id in a frame is never read.

use domain::{ConversationId, TicketId};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// Frame that a client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ClientFrame {
    /// The person types in a conversation.
    Typing {
        #[schemars(with = "Uuid")]
        conversation_id: ConversationId,
    },
    /// The agent has this ticket open now; null if none is open.
    Viewing {
        #[schemars(with = "Option<Uuid>")]
        ticket_id: Option<TicketId>,
    },
    /// Asks for a `pong`.
    Ping,
}

/// Parses a frame.
///
/// # Errors
/// The error code: `malformed_frame` or `unknown_type`.
pub(super) fn parse_frame(text: &str) -> Result<ClientFrame, &'static str> {
    let frame: Value = serde_json::from_str(text).map_err(|_| "malformed_frame")?;
    match frame["type"].as_str() {
        Some("typing" | "viewing" | "ping") => serde_json::from_value(frame).map_err(|_| "malformed_frame"),
        Some(_) => Err("unknown_type"),
        None => Err("malformed_frame"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_understood_or_answered_with_a_code() {
        let id = "01890000-0000-7000-8000-00000000abcd";
        let typing = format!(r#"{{"type":"typing","conversation_id":"{id}","account_id":"{id}"}}"#);
        assert_eq!(parse_frame(&typing), Ok(ClientFrame::Typing { conversation_id: id.parse().unwrap() }));
        let viewing = format!(r#"{{"type":"viewing","ticket_id":"{id}"}}"#);
        assert_eq!(parse_frame(&viewing), Ok(ClientFrame::Viewing { ticket_id: Some(id.parse().unwrap()) }));
        assert_eq!(
            parse_frame(r#"{"type":"viewing","ticket_id":null}"#),
            Ok(ClientFrame::Viewing { ticket_id: None })
        );
        assert_eq!(parse_frame(r#"{"type":"viewing","ticket_id":7}"#), Err("malformed_frame"));
        assert_eq!(parse_frame(r#"{"type":"ping"}"#), Ok(ClientFrame::Ping));
        assert_eq!(parse_frame(r#"{"type":"message_sent"}"#), Err("unknown_type"));
        for garbage in ["", "nonsense", "[]", "17", "{}", r#"{"type":7}"#, r#"{"type":"typing"}"#] {
            assert_eq!(parse_frame(garbage), Err("malformed_frame"), "{garbage}");
        }
    }
}
