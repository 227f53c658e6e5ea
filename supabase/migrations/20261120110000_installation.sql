-- What belongs to the installation rather than to a person. A schema of its own, which the REST
-- interface does not serve: nothing in it can be reached with a key or a session.

create schema roundup_internal;
revoke all on schema roundup_internal from public, anon, authenticated;
comment on schema roundup_internal is 'Installation-wide state. Not exposed through the REST interface.';

create table roundup_internal.installation (
  only_one boolean primary key default true check (only_one),
  environment text not null,
  created_at timestamptz not null default now()
);
comment on table roundup_internal.installation is 'Which environment this database belongs to. Set by the first start.';

-- Columns as rate-limiter-flexible expects them. Keys are hashes: no address and no e-mail is kept.
create table roundup_internal.rate_limit (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
comment on table roundup_internal.rate_limit is 'Request budgets, shared by all instances. expire is in milliseconds since 1970.';
create index rate_limit_expire on roundup_internal.rate_limit (expire);
