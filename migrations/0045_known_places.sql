-- From where a person has signed in: networks and browsers. Attempts from there are not slowed down by what
-- strangers try elsewhere. A place is a keyed hash of the e-mail address with the network or with the cookie of
-- the browser, so a row tells neither.
create table auth.known_places (
  account_id uuid not null references auth.credentials on delete cascade,
  place bytea not null,
  seen_at timestamptz not null default now(),
  primary key (account_id, place)
);
create index known_places_place on auth.known_places (place);
create index known_places_seen on auth.known_places (seen_at);
