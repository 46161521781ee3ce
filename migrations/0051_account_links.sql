-- Links that are mailed to people, to set a password or to verify an address. Not history: a used or expired
-- link is deleted. The token itself is only in the mail.

create table auth.account_links (
  token_hash bytea primary key check (length(token_hash) = 32),
  account_id uuid not null references auth.credentials on delete cascade,
  purpose text not null check (purpose in ('password_recovery', 'email_verification', 'invitation')),
  -- Keyed hash of the address to which the link is mailed. The link is invalid after a change of the address.
  email_key bytea not null,
  expires_at timestamptz not null
);
create index account_links_account on auth.account_links (account_id);
create index account_links_expiry on auth.account_links (expires_at);
