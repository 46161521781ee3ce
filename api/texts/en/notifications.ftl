### Refusals about notifications. The id is the error code.

notification_not_found =
    .title = No such notification
    .detail = There is no such notification, or it is not yours.
critical_kind =
    .title = Always on
    .detail = Notifications of this kind cannot be switched off.
