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
        ) strict
    ;
CREATE TABLE settings (key text primary key, value text not null) strict;
CREATE TABLE patients (
            id text primary key, family_name text not null default '', given_names text not null default '',
            birth_date text not null default '', sex text not null default '',
            record_number text not null default '', phone text not null default '',
            address text not null default '', language text not null default '',
            interpreter text not null default '', is_demo integer not null default 0,
            search_key text not null default '', created_at text not null, changed_at text not null
        ) strict
    ;
CREATE INDEX patients_by_birth_date on patients (birth_date);
CREATE INDEX patients_by_record_number on patients (record_number);
CREATE INDEX patients_by_change on patients (changed_at);
CREATE TABLE intakes (
            id text primary key, patient_id text not null references patients (id), started_at text not null,
            changed_at text not null, page text not null default '', closed_at text, discarded_at text
        ) strict
    ;
CREATE INDEX intakes_by_patient on intakes (patient_id);
CREATE TABLE entries (
            id text primary key, intake_id text not null references intakes (id), question text not null,
            position integer not null, created_at text not null, removed_at text
        ) strict
    ;
CREATE INDEX entries_by_intake on entries (intake_id, question, position);
CREATE TABLE answers (
            intake_id text not null references intakes (id), entry_id text not null, question text not null,
            value text not null, changed_at text not null, author text not null,
            primary key (intake_id, entry_id, question)
        ) strict
    ;
CREATE TABLE journal (
            id integer primary key, intake_id text not null references intakes (id), entry_id text not null,
            question text not null, kind text not null, old_value text, new_value text,
            undoes integer references journal (id), changed_at text not null, author text not null
        ) strict
    ;
CREATE INDEX journal_by_intake on journal (intake_id);
CREATE INDEX journal_by_undone on journal (undoes) where undoes is not null;
CREATE TABLE recipients (
            id text primary key, name text not null default '', role text not null default '',
            clinic text not null default '', address text not null default '', phone text not null default '',
            fax text not null default '', created_at text not null, removed_at text
        ) strict
    ;
CREATE TABLE letters (
            id text primary key, intake_id text not null references intakes (id), version integer not null,
            issued_at text not null, issued_by text not null, recipient text not null, reason text not null,
            ruleset_version text not null, sha256 text not null, case_sha256 text not null,
            case_json text not null, pdf blob not null, unique (intake_id, version)
        ) strict
    ;
insert into "_sqlite_migrations" values (1, 'intake', 'm001_clinic_and_patients', '2026-11-22 15:51:08.183158+00:00');
insert into "_sqlite_migrations" values (2, 'intake', 'm002_intakes_and_answers', '2026-11-22 15:51:08.184658+00:00');
insert into "_sqlite_migrations" values (3, 'intake', 'm003_journal', '2026-11-22 15:51:08.186118+00:00');
insert into "_sqlite_migrations" values (4, 'intake', 'm004_letters_and_recipients', '2026-11-22 15:51:08.187568+00:00');
insert into "clinic" values ('f584e38a35974ba7b71ebd46930f131d', 'Invented Spine Clinic', '1 Nowhere Street', '', '', '', '2026-11-22T09:00:00.000000+00:00');
insert into "patients" values ('0e4c19bc61394908bdb20649a7d29bf8', 'O''Brien-Łukasz', 'Zoë', '1956-05-03', '', '004711', '', '', '', '', 1, ' obrien lukasz zoe o brien lukasz zoe obrienlukaszzoe zoeobrienlukasz 004711 4711 1956-05-03', '2026-11-22T09:00:00.000000+00:00', '2026-11-22T09:00:00.000000+00:00');
insert into "intakes" values ('a1533353b7e04004bc43c8c5bd6fe517', '0e4c19bc61394908bdb20649a7d29bf8', '2026-11-22T09:00:00.000000+00:00', '2026-11-22T09:00:00.000000+00:00', '', '2026-11-22T09:00:00.000000+00:00', NULL);
insert into "entries" values ('afd7d65a153149e398c6d0af8f494d47', 'a1533353b7e04004bc43c8c5bd6fe517', 'treatments', 0, '2026-11-22T09:00:00.000000+00:00', NULL);
insert into "entries" values ('0d8119d998894e8eae404e3374f24f8c', 'a1533353b7e04004bc43c8c5bd6fe517', 'treatments', 1, '2026-11-22T09:00:00.000000+00:00', NULL);
insert into "entries" values ('41a8026527004a63a463239697f1d794', 'a1533353b7e04004bc43c8c5bd6fe517', 'treatments', 2, '2026-11-22T09:00:00.000000+00:00', '2026-11-22T09:00:00.000000+00:00');
insert into "answers" values ('a1533353b7e04004bc43c8c5bd6fe517', '', 'fever', '"no"', '2026-11-22T09:00:00.000000+00:00', 'Ann');
insert into "answers" values ('a1533353b7e04004bc43c8c5bd6fe517', '', 'own_words', '"L4<L5 & L5>S1, 山田"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "answers" values ('a1533353b7e04004bc43c8c5bd6fe517', 'afd7d65a153149e398c6d0af8f494d47', 'kind', '"physical_therapy"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "answers" values ('a1533353b7e04004bc43c8c5bd6fe517', '0d8119d998894e8eae404e3374f24f8c', 'kind', '"injection"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "answers" values ('a1533353b7e04004bc43c8c5bd6fe517', '41a8026527004a63a463239697f1d794', 'kind', '"brace"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "answers" values ('a1533353b7e04004bc43c8c5bd6fe517', '', 'imaging', '"none"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (1, 'a1533353b7e04004bc43c8c5bd6fe517', '', 'fever', 'answered', NULL, '"unsure"', NULL, '2026-11-22T09:00:00.000000+00:00', 'Ann');
insert into "journal" values (2, 'a1533353b7e04004bc43c8c5bd6fe517', '', 'fever', 'answered', '"unsure"', '"no"', NULL, '2026-11-22T09:00:00.000000+00:00', 'Ann');
insert into "journal" values (3, 'a1533353b7e04004bc43c8c5bd6fe517', '', 'own_words', 'answered', NULL, '"L4<L5 & L5>S1, 山田"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (4, 'a1533353b7e04004bc43c8c5bd6fe517', 'afd7d65a153149e398c6d0af8f494d47', 'treatments', 'entry added', NULL, NULL, NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (5, 'a1533353b7e04004bc43c8c5bd6fe517', 'afd7d65a153149e398c6d0af8f494d47', 'kind', 'answered', NULL, '"physical_therapy"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (6, 'a1533353b7e04004bc43c8c5bd6fe517', '0d8119d998894e8eae404e3374f24f8c', 'treatments', 'entry added', NULL, NULL, NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (7, 'a1533353b7e04004bc43c8c5bd6fe517', '0d8119d998894e8eae404e3374f24f8c', 'kind', 'answered', NULL, '"injection"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (8, 'a1533353b7e04004bc43c8c5bd6fe517', '41a8026527004a63a463239697f1d794', 'treatments', 'entry added', NULL, NULL, NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (9, 'a1533353b7e04004bc43c8c5bd6fe517', '41a8026527004a63a463239697f1d794', 'kind', 'answered', NULL, '"brace"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (10, 'a1533353b7e04004bc43c8c5bd6fe517', '41a8026527004a63a463239697f1d794', 'treatments', 'entry removed', NULL, NULL, NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (11, 'a1533353b7e04004bc43c8c5bd6fe517', '', 'imaging', 'answered', NULL, '"none"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "recipients" values ('0bc9ffec737e4356a605d8d2379f1dcf', 'Dr A. Surgeon', 'Spine surgeon', '', '', '', '', '2026-11-22T09:00:00.000000+00:00', NULL);
insert into "letters" values ('3b79ad275aed452bbebd886416a9bd6f', 'a1533353b7e04004bc43c8c5bd6fe517', 1, '2026-11-22T09:00:00.000000+00:00', 'Ann', '{"name": "Dr A"}', '', '1', 'c9bb893bb6dcd937afc196fe4b710f495225d15b25cf98780a8fbd3b37fedb06', '252af9b44a168d52f1d1172ad90cae969de64ddf3351e123a4bbac9ff92943c2', '{"name": "Łukasz"}', X'255044462D312E3720696E76656E746564');
