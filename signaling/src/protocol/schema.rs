//! The JSON Schema of the protocol, generated from its types and served at `/rtc/schema.json`.

use serde_json::{Value, json};

use super::{CloseCode, SUBPROTOCOL, client::ClientFrame, server::ServerFrame};

/// Returns one document with the definitions `ClientFrame` and `ServerFrame` and all their parts.
pub fn schema() -> Value {
    let mut generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let client = generator.subschema_for::<ClientFrame>();
    let server = generator.subschema_for::<ServerFrame>();
    let codes: Vec<u16> = CloseCode::ALL.iter().map(|code| code.number()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SUBPROTOCOL,
        "anyOf": [client, server],
        "x-close-codes": codes,
        "$defs": generator.take_definitions(true),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ClientMessage, ServerMessage};

    fn validator(of: &str) -> jsonschema::Validator {
        let mut document = schema();
        document.as_object_mut().unwrap().remove("anyOf");
        document["$ref"] = json!(format!("#/$defs/{of}"));
        jsonschema::validator_for(&document).unwrap()
    }

    #[test]
    fn frames_of_the_types_are_valid_by_the_schema() {
        let client = validator("ClientFrame");
        for message in [
            ClientMessage::Ping,
            ClientMessage::Hand { up: true },
            ClientMessage::SubAnswer { nid: 1, sdp: "v=0".into() },
        ] {
            let frame = serde_json::to_value(ClientFrame { id: Some(3), message }).unwrap();
            assert!(client.is_valid(&frame), "{frame}");
        }
        let frame = ServerFrame { re: None, seq: 1, message: ServerMessage::Ok };
        assert!(validator("ServerFrame").is_valid(&serde_json::to_value(frame).unwrap()));
    }

    #[test]
    fn foreign_frames_are_invalid_by_the_schema() {
        let client = validator("ClientFrame");
        for frame in [
            json!({"t": "hand", "d": {"up": "yes"}}),
            json!({"t": "nothing"}),
            json!({"t": "sub.answer", "d": {"nid": -1, "sdp": ""}}),
            json!([]),
        ] {
            assert!(!client.is_valid(&frame), "{frame}");
            assert!(serde_json::from_value::<ClientFrame>(frame).is_err());
        }
    }
}
