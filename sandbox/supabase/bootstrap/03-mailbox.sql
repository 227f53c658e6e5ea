-- Mails the stand-in would have sent. It is a mailbox, so links and codes are readable in it; no role of
-- the API can see it.
create schema sandbox authorization supabase_auth_admin;
set local role supabase_auth_admin;

create table sandbox.mail (
  id bigint generated always as identity primary key,
  recipient text not null,
  subject text not null,
  code text not null,
  token_hash text not null,
  link text not null,
  sent_at timestamptz not null default now()
);
create index mail_recipient_idx on sandbox.mail (recipient, id desc);

reset role;
