//! Texts of refusals about live sockets.

use super::{Text, text};

pub(super) const PROBLEMS: &[Text] = &[
    text(
        "upgrade_required",
        ("WebSocket only", "This address is opened as a WebSocket (RFC 6455)."),
        ("Только WebSocket", "Этот адрес открывают как WebSocket (RFC 6455)."),
    ),
    text(
        "too_many_sockets",
        ("Too many live connections", "Your account has too many live connections open; close one of them."),
        ("Слишком много соединений", "У вас открыто слишком много живых соединений; закройте одно из них."),
    ),
];
