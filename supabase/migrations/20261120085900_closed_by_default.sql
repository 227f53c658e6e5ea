-- A hosted project opens every new object in public to the browser roles and counts on row level
-- security alone. Here nothing is open until a migration grants it: a forgotten policy then shows
-- nothing, instead of everything.

alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;
