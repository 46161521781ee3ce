### Mails: what surrounds the texts of notifications

# Subject of a mail about several conversations; $count: their number
subject = New messages: { $count }
open = Open in Kafedra
rate = Rate the answer of support
settings = Choose which mails you get, and when, in the notification settings.
