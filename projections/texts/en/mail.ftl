### Mails: what surrounds the texts of notifications

# Subject of a mail about several conversations; $count: their number
subject = New messages: { $count }
open = Open in Kafedra
rate = Rate the answer of the support
settings = Which mails come, and when, is chosen in the notification settings.
