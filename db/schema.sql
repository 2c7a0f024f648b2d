CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
ON "_sqlite_migrations" ("migration_set", "name");
CREATE TABLE clinic (
    id text primary key, name text not null default '', address text not null default '',
    phone text not null default '', fax text not null default '', email text not null default '',
    created_at text not null default ''
) strict;
CREATE TABLE settings (key text primary key, value text not null) strict;
CREATE TABLE patients (
    id text primary key, family_name text not null default '', given_names text not null default '',
    birth_date text not null default '', sex text not null default '',
    record_number text not null default '', phone text not null default '',
    address text not null default '', language text not null default '',
    interpreter text not null default '', is_demo integer not null default 0,
    search_key text not null default '', created_at text not null, changed_at text not null
) strict;
CREATE INDEX patients_by_birth_date on patients (birth_date);
CREATE INDEX patients_by_record_number on patients (record_number);
CREATE INDEX patients_by_change on patients (changed_at);
CREATE TABLE intakes (
    id text primary key, patient_id text not null references patients (id), started_at text not null,
    changed_at text not null, page text not null default '', closed_at text, discarded_at text
) strict;
CREATE INDEX intakes_by_patient on intakes (patient_id);
CREATE TABLE entries (
    id text primary key, intake_id text not null references intakes (id), question text not null,
    position integer not null, created_at text not null, removed_at text
) strict;
CREATE INDEX entries_by_intake on entries (intake_id, question, position);
CREATE TABLE answers (
    intake_id text not null references intakes (id), entry_id text not null, question text not null,
    value text not null, changed_at text not null, author text not null,
    primary key (intake_id, entry_id, question)
) strict;
CREATE TABLE journal (
    id integer primary key, intake_id text not null references intakes (id), entry_id text not null,
    question text not null, kind text not null, old_value text, new_value text,
    undoes integer references journal (id), changed_at text not null, author text not null
) strict;
CREATE INDEX journal_by_intake on journal (intake_id);
CREATE INDEX journal_by_undone on journal (undoes) where undoes is not null;
CREATE TABLE recipients (
    id text primary key, name text not null default '', role text not null default '',
    clinic text not null default '', address text not null default '', phone text not null default '',
    fax text not null default '', created_at text not null, removed_at text
) strict;
CREATE TABLE letters (
    id text primary key, intake_id text not null references intakes (id), version integer not null,
    issued_at text not null, issued_by text not null, recipient text not null, reason text not null,
    ruleset_version text not null, sha256 text not null, case_sha256 text not null,
    case_json text not null, pdf blob not null, unique (intake_id, version)
) strict;
CREATE TABLE users (
    id text primary key, name text not null, name_key text not null, role text not null,
    created_at text not null, removed_at text
) strict;
CREATE UNIQUE INDEX users_by_name on users (name_key) where removed_at is null;
CREATE TABLE audit (
    seq integer primary key, at text not null, user text not null, action text not null,
    record text not null, old_hash text not null, new_hash text not null, previous text not null,
    hash text not null
) strict;
CREATE TABLE audit_head (
    one integer primary key check (one = 1), seq integer not null, hash text not null,
    secret text not null
) strict;
CREATE TABLE enclosures (
    id text primary key, intake_id text not null references intakes (id), kind text not null,
    pages integer not null, notes text not null, size integer not null, sha256 text not null,
    added_at text not null
) strict;
CREATE INDEX enclosures_by_intake on enclosures (intake_id);
CREATE TABLE enclosure_pieces (
    enclosure_id text not null references enclosures (id), number integer not null, content blob not null,
    primary key (enclosure_id, number)
) strict;
CREATE TABLE letter_choices (
    id text primary key, intake_id text not null references intakes (id),
    letter_id text references letters (id), recipient text not null, why_again text not null,
    copies text not null, left_out text not null
) strict;
CREATE UNIQUE INDEX letter_choices_next on letter_choices (intake_id) where letter_id is null;
CREATE UNIQUE INDEX letter_choices_kept on letter_choices (letter_id) where letter_id is not null;
CREATE TABLE listed_enclosures (
    choices_id text not null references letter_choices (id), position integer not null,
    enclosure_id text not null references enclosures (id), title text not null,
    primary key (choices_id, position)
) strict;
CREATE INDEX listed_enclosures_by_enclosure on listed_enclosures (enclosure_id);
CREATE INDEX audit_by_user on audit (user);
CREATE INDEX audit_by_record on audit (record);
CREATE INDEX audit_by_time on audit (at);
CREATE INDEX audit_by_action on audit (action) where action <> 'answered';
