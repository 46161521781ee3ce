//! Frames as they come from a client. Who sends is known from the session: an id of an account in a frame is
//! never read.

use domain::{ConversationId, TicketId};
use serde_json::Value;

/// What a client may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    Typing(ConversationId),
    /// The ticket that is open on the desk now.
    Viewing(Option<TicketId>),
    Ping,
}

/// Reads a frame.
///
/// # Errors
/// The code of what is wrong with it.
pub(super) fn read(text: &str) -> Result<Incoming, &'static str> {
    let frame: Value = serde_json::from_str(text).map_err(|_| "malformed_frame")?;
    match frame["type"].as_str() {
        Some("typing") => {
            let id = frame["conversation_id"].as_str().and_then(|id| id.parse().ok());
            id.map(Incoming::Typing).ok_or("malformed_frame")
        }
        Some("viewing") => match &frame["ticket_id"] {
            Value::Null => Ok(Incoming::Viewing(None)),
            id => {
                let id = id.as_str().and_then(|id| id.parse().ok());
                id.map(|id| Incoming::Viewing(Some(id))).ok_or("malformed_frame")
            }
        },
        Some("ping") => Ok(Incoming::Ping),
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
        assert_eq!(read(&typing), Ok(Incoming::Typing(id.parse().unwrap())));
        let viewing = format!(r#"{{"type":"viewing","ticket_id":"{id}"}}"#);
        assert_eq!(read(&viewing), Ok(Incoming::Viewing(Some(id.parse().unwrap()))));
        assert_eq!(read(r#"{"type":"viewing","ticket_id":null}"#), Ok(Incoming::Viewing(None)));
        assert_eq!(read(r#"{"type":"viewing","ticket_id":7}"#), Err("malformed_frame"));
        assert_eq!(read(r#"{"type":"ping"}"#), Ok(Incoming::Ping));
        assert_eq!(read(r#"{"type":"message_sent"}"#), Err("unknown_type"));
        for garbage in ["", "nonsense", "[]", "17", "{}", r#"{"type":7}"#, r#"{"type":"typing"}"#] {
            assert_eq!(read(garbage), Err("malformed_frame"), "{garbage}");
        }
    }
}
