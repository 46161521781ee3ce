//! Frames from a client. The sender comes from the session; an account id in a frame is never read.

use domain::{ConversationId, TicketId};
use serde_json::Value;

/// Frame that a client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IncomingFrame {
    Typing(ConversationId),
    /// Ticket that the agent has open now; `None` if there is none.
    Viewing(Option<TicketId>),
    Ping,
}

/// Parses a frame.
///
/// # Errors
/// The error code: `malformed_frame` or `unknown_type`.
pub(super) fn parse_frame(text: &str) -> Result<IncomingFrame, &'static str> {
    let frame: Value = serde_json::from_str(text).map_err(|_| "malformed_frame")?;
    match frame["type"].as_str() {
        Some("typing") => {
            let id = frame["conversation_id"].as_str().and_then(|id| id.parse().ok());
            id.map(IncomingFrame::Typing).ok_or("malformed_frame")
        }
        Some("viewing") => match &frame["ticket_id"] {
            Value::Null => Ok(IncomingFrame::Viewing(None)),
            id => {
                let id = id.as_str().and_then(|id| id.parse().ok());
                id.map(|id| IncomingFrame::Viewing(Some(id))).ok_or("malformed_frame")
            }
        },
        Some("ping") => Ok(IncomingFrame::Ping),
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
        assert_eq!(parse_frame(&typing), Ok(IncomingFrame::Typing(id.parse().unwrap())));
        let viewing = format!(r#"{{"type":"viewing","ticket_id":"{id}"}}"#);
        assert_eq!(parse_frame(&viewing), Ok(IncomingFrame::Viewing(Some(id.parse().unwrap()))));
        assert_eq!(parse_frame(r#"{"type":"viewing","ticket_id":null}"#), Ok(IncomingFrame::Viewing(None)));
        assert_eq!(parse_frame(r#"{"type":"viewing","ticket_id":7}"#), Err("malformed_frame"));
        assert_eq!(parse_frame(r#"{"type":"ping"}"#), Ok(IncomingFrame::Ping));
        assert_eq!(parse_frame(r#"{"type":"message_sent"}"#), Err("unknown_type"));
        for garbage in ["", "nonsense", "[]", "17", "{}", r#"{"type":7}"#, r#"{"type":"typing"}"#] {
            assert_eq!(parse_frame(garbage), Err("malformed_frame"), "{garbage}");
        }
    }
}
