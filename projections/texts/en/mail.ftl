### Mails: what surrounds the texts of notifications

# Subject of a mail about several conversations; $count: their number
subject = New messages: { $count }
open = Open in Kafedra
rate = Rate the answer of support
settings = Choose which mails you get, and when, in the notification settings.

## Links that a person gets by mail; $expires_at: local time until which the link is valid

ignore = If you did not request this, ignore this mail: nothing changes without the link.
password_recovery =
    .title = New password for Kafedra
    .body = A new password was requested for your account. Set it by the link. The link is valid once, until { $expires_at }.
    .link = Set a new password
email_verification =
    .title = Confirm your e-mail address
    .body = Confirm that this address is yours, so that you get mails about your lessons. The link is valid until { $expires_at }.
    .link = Confirm the address
invitation =
    .title = Invitation to Kafedra
    .body = An account was made for you. Set a password by the link and sign in with this e-mail address. The link is valid once, until { $expires_at }.
    .link = Set a password
