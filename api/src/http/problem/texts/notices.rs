//! Texts of refusals about notifications.

use super::{Text, text};

pub(super) const PROBLEMS: &[Text] = &[
    text(
        "notification_not_found",
        ("No such notification", "There is no such notification, or it is not yours."),
        ("Уведомления нет", "Такого уведомления нет, или оно не ваше."),
    ),
    text(
        "critical_kind",
        ("Always on", "Notifications of this kind can not be switched off."),
        ("Отключить нельзя", "Уведомления этого вида отключить нельзя."),
    ),
];
