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
CREATE TABLE users (
            id text primary key, name text not null, name_key text not null, role text not null,
            created_at text not null, removed_at text
        ) strict
    ;
CREATE UNIQUE INDEX users_by_name on users (name_key) where removed_at is null;
CREATE TABLE audit (
            seq integer primary key, at text not null, user text not null, action text not null,
            record text not null, old_hash text not null, new_hash text not null, previous text not null,
            hash text not null
        ) strict
    ;
CREATE TABLE audit_head (
            one integer primary key check (one = 1), seq integer not null, hash text not null,
            secret text not null
        ) strict
    ;
insert into "_sqlite_migrations" values (1, 'intake', 'm001_clinic_and_patients', '2026-11-22 21:43:34.931565+00:00');
insert into "_sqlite_migrations" values (2, 'intake', 'm002_intakes_and_answers', '2026-11-22 21:43:34.971398+00:00');
insert into "_sqlite_migrations" values (3, 'intake', 'm003_journal', '2026-11-22 21:43:35.011183+00:00');
insert into "_sqlite_migrations" values (4, 'intake', 'm004_letters_and_recipients', '2026-11-22 21:43:35.043888+00:00');
insert into "_sqlite_migrations" values (5, 'intake', 'm005_users_and_audit', '2026-11-22 21:43:35.087641+00:00');
insert into "clinic" values ('e0309e88131b470ba39420d9dace373a', 'Invented Spine Clinic', '1 Nowhere Street', '', '', '', '2026-11-22T09:00:00.000000+00:00');
insert into "settings" values ('enclosure:11111111111111111111111111111111:0', '"JVBERi0xLjcgaW52ZW50ZWQgcmVwb3J0LCA="');
insert into "settings" values ('enclosure:11111111111111111111111111111111:1', '"c2Vjb25kIHBpZWNlLCA="');
insert into "settings" values ('enclosure:11111111111111111111111111111111:2', '"dGhpcmQA/w=="');
insert into "settings" values ('enclosure:22222222222222222222222222222222:0', '"/9j/IGludmVudGVkIHBpY3R1cmU="');
insert into "settings" values ('enclosure:33333333333333333333333333333333:0', 'null');
insert into "settings" values ('enclosure:33333333333333333333333333333333:1', 'null');
insert into "settings" values ('enclosure:44444444444444444444444444444444:0', '"bmV2ZXIgbGlzdGVk"');
insert into "settings" values ('letter:232d0140a2eb4cd88452646bebd4acc8', '{"recipient": {"name": "Dr A", "clinic": "North"}, "why_again": "", "copies": ["Dr B, family doctor", "山田"], "enclosures": [{"id": "11111111111111111111111111111111", "title": "MRI report, 3 May 2026", "kind": "PDF", "pages": 2, "notes": ["A script in it is left out."]}], "left_out": ["goals"]}');
insert into "settings" values ('letter:e8bf05812ea546108e44b7a0db8b0de3', '{"recipient": {"name": "Dr A", "clinic": "North", "fax": "555"}, "why_again": "A new MRI", "copies": ["Dr B, family doctor"], "enclosures": [{"id": "22222222222222222222222222222222", "title": "", "kind": "JPEG", "pages": 1, "notes": []}, {"id": "11111111111111111111111111111111", "title": "The report again", "kind": "PDF", "pages": 2, "notes": ["A script in it is left out."]}], "left_out": []}');
insert into "settings" values ('letter:b5a644b0aaa74287a2c8ae459889c4d7', '{"recipient": {"name": "Dr C"}, "why_again": ""}');
insert into "patients" values ('d1e18e87f7064053b5b6d311a549a058', 'O''Brien-Łukasz', 'Zoë', '1956-05-03', '', '004711', '', '', '', '', 1, ' obrien lukasz zoe o brien lukasz zoe obrienlukaszzoe zoeobrienlukasz 004711 4711 1956-05-03', '2026-11-22T09:00:00.000000+00:00', '2026-11-22T09:00:00.000000+00:00');
insert into "patients" values ('6136646fc08946b1b6ac95ea2cda3e98', 'Invented', '', '', '', '', '', '', '', '', 0, ' invented', '2026-11-22T09:00:00.000000+00:00', '2026-11-22T09:00:00.000000+00:00');
insert into "intakes" values ('e8bf05812ea546108e44b7a0db8b0de3', 'd1e18e87f7064053b5b6d311a549a058', '2026-11-22T09:00:00.000000+00:00', '2026-11-22T09:00:00.000000+00:00', '', '2026-11-22T09:00:00.000000+00:00', NULL);
insert into "intakes" values ('b5a644b0aaa74287a2c8ae459889c4d7', '6136646fc08946b1b6ac95ea2cda3e98', '2026-11-22T09:00:00.000000+00:00', '2026-11-22T09:00:00.000000+00:00', '', NULL, '2026-11-22T09:00:00.000000+00:00');
insert into "entries" values ('54c0b5204f2a4e078ea4030d7f6ddde5', 'e8bf05812ea546108e44b7a0db8b0de3', 'treatments', 0, '2026-11-22T09:00:00.000000+00:00', NULL);
insert into "entries" values ('2d274c5515d6428f968e748fb09876e2', 'e8bf05812ea546108e44b7a0db8b0de3', 'treatments', 1, '2026-11-22T09:00:00.000000+00:00', NULL);
insert into "entries" values ('b1da8ea6dd3241c48df9b19a9eca8edc', 'e8bf05812ea546108e44b7a0db8b0de3', 'treatments', 2, '2026-11-22T09:00:00.000000+00:00', '2026-11-22T09:00:00.000000+00:00');
insert into "answers" values ('e8bf05812ea546108e44b7a0db8b0de3', '', 'fever', '"no"', '2026-11-22T09:00:00.000000+00:00', 'Ann');
insert into "answers" values ('e8bf05812ea546108e44b7a0db8b0de3', '', 'own_words', '"L4<L5 & L5>S1, 山田"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "answers" values ('e8bf05812ea546108e44b7a0db8b0de3', '54c0b5204f2a4e078ea4030d7f6ddde5', 'kind', '"physical_therapy"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "answers" values ('e8bf05812ea546108e44b7a0db8b0de3', '2d274c5515d6428f968e748fb09876e2', 'kind', '"injection"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "answers" values ('e8bf05812ea546108e44b7a0db8b0de3', 'b1da8ea6dd3241c48df9b19a9eca8edc', 'kind', '"brace"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "answers" values ('e8bf05812ea546108e44b7a0db8b0de3', '', 'imaging', '"none"', '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (1, 'e8bf05812ea546108e44b7a0db8b0de3', '', 'fever', 'answered', NULL, '"unsure"', NULL, '2026-11-22T09:00:00.000000+00:00', 'Ann');
insert into "journal" values (2, 'e8bf05812ea546108e44b7a0db8b0de3', '', 'fever', 'answered', '"unsure"', '"no"', NULL, '2026-11-22T09:00:00.000000+00:00', 'Ann');
insert into "journal" values (3, 'e8bf05812ea546108e44b7a0db8b0de3', '', 'own_words', 'answered', NULL, '"L4<L5 & L5>S1, 山田"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (4, 'e8bf05812ea546108e44b7a0db8b0de3', '54c0b5204f2a4e078ea4030d7f6ddde5', 'treatments', 'entry added', NULL, NULL, NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (5, 'e8bf05812ea546108e44b7a0db8b0de3', '54c0b5204f2a4e078ea4030d7f6ddde5', 'kind', 'answered', NULL, '"physical_therapy"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (6, 'e8bf05812ea546108e44b7a0db8b0de3', '2d274c5515d6428f968e748fb09876e2', 'treatments', 'entry added', NULL, NULL, NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (7, 'e8bf05812ea546108e44b7a0db8b0de3', '2d274c5515d6428f968e748fb09876e2', 'kind', 'answered', NULL, '"injection"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (8, 'e8bf05812ea546108e44b7a0db8b0de3', 'b1da8ea6dd3241c48df9b19a9eca8edc', 'treatments', 'entry added', NULL, NULL, NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (9, 'e8bf05812ea546108e44b7a0db8b0de3', 'b1da8ea6dd3241c48df9b19a9eca8edc', 'kind', 'answered', NULL, '"brace"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (10, 'e8bf05812ea546108e44b7a0db8b0de3', 'b1da8ea6dd3241c48df9b19a9eca8edc', 'treatments', 'entry removed', NULL, NULL, NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "journal" values (11, 'e8bf05812ea546108e44b7a0db8b0de3', '', 'imaging', 'answered', NULL, '"none"', NULL, '2026-11-22T09:00:00.000000+00:00', '');
insert into "recipients" values ('5f5c8493db6b494b9f38b8bb3b903d94', 'Dr A. Surgeon', 'Spine surgeon', '', '', '', '', '2026-11-22T09:00:00.000000+00:00', NULL);
insert into "letters" values ('232d0140a2eb4cd88452646bebd4acc8', 'e8bf05812ea546108e44b7a0db8b0de3', 1, '2026-11-22T09:00:00.000000+00:00', 'Ann', '{"name": "Dr A"}', '', '1', 'c9bb893bb6dcd937afc196fe4b710f495225d15b25cf98780a8fbd3b37fedb06', '252af9b44a168d52f1d1172ad90cae969de64ddf3351e123a4bbac9ff92943c2', '{"name": "Łukasz"}', X'255044462D312E3720696E76656E746564');
insert into "audit" values (1, '2026-11-22T09:00:00.000000+00:00', '', 'settings', 'clinic', 'd317b48eb9a6436353f47eb5503527b1', 'bc14b33b3603b3ef3eecb5958ef1f8ba', '', '4e65ab29f6b6e7edf5256a8e890252f4b23c933ff9036a27a093fd7b3aef490d');
insert into "audit" values (2, '2026-11-22T09:00:00.000000+00:00', '', 'created', 'patient/d1e18e87f7064053b5b6d311a549a058', '', 'f58ef13bc14798a35879c26ab2fbf37f', '4e65ab29f6b6e7edf5256a8e890252f4b23c933ff9036a27a093fd7b3aef490d', '59263f3e44088ad054ab50a5faf4bbe86d74045ec37017109add13a459199c24');
insert into "audit" values (3, '2026-11-22T09:00:00.000000+00:00', '', 'created', 'intake/e8bf05812ea546108e44b7a0db8b0de3', '', 'ccc9dcc25a1da668be026e4682628f52', '59263f3e44088ad054ab50a5faf4bbe86d74045ec37017109add13a459199c24', 'b865b1ee82f68164ddc09e4b7725392366dd503c5309dbbfe0022a67acc53c69');
insert into "audit" values (4, '2026-11-22T09:00:00.000000+00:00', '', 'answered', 'intake/e8bf05812ea546108e44b7a0db8b0de3/fever', '', '8c1474e8bb95af40a55166dd15ef1532', 'b865b1ee82f68164ddc09e4b7725392366dd503c5309dbbfe0022a67acc53c69', '614c2a63a2c124b2f04667353f6d81d056aed9d5e5633af5c92fad0a565dc150');
insert into "audit" values (5, '2026-11-22T09:00:00.000000+00:00', '', 'answered', 'intake/e8bf05812ea546108e44b7a0db8b0de3/fever', '8c1474e8bb95af40a55166dd15ef1532', 'bae4596b78d40284b65bd0fafb1a9464', '614c2a63a2c124b2f04667353f6d81d056aed9d5e5633af5c92fad0a565dc150', 'cb5ddfe4eff6f218610c65c44d9e574a0cde3b1aaa55469e1245c32c92fe5541');
insert into "audit" values (6, '2026-11-22T09:00:00.000000+00:00', '', 'answered', 'intake/e8bf05812ea546108e44b7a0db8b0de3/own_words', '', '3f8ac130802a2aa61378c7a784318b42', 'cb5ddfe4eff6f218610c65c44d9e574a0cde3b1aaa55469e1245c32c92fe5541', '8cbd0cd78186f6809d9e3182b26559b3b2f3c38bc19547209d797fd2d89f5257');
insert into "audit" values (7, '2026-11-22T09:00:00.000000+00:00', '', 'entry added', 'intake/e8bf05812ea546108e44b7a0db8b0de3/treatments/54c0b5204f2a4e078ea4030d7f6ddde5', '', '', '8cbd0cd78186f6809d9e3182b26559b3b2f3c38bc19547209d797fd2d89f5257', '765b63bfc687fcfd95eb5a1f7288a472076b463542410ce0a29252835404dc5d');
insert into "audit" values (8, '2026-11-22T09:00:00.000000+00:00', '', 'answered', 'intake/e8bf05812ea546108e44b7a0db8b0de3/kind/54c0b5204f2a4e078ea4030d7f6ddde5', '', 'd9579f313758e00edb6ff6e67254929a', '765b63bfc687fcfd95eb5a1f7288a472076b463542410ce0a29252835404dc5d', '8d3438247622e1d9f19ad4026c91d5e44f07ea67a3209cd72a100118b5ad1b25');
insert into "audit" values (9, '2026-11-22T09:00:00.000000+00:00', '', 'entry added', 'intake/e8bf05812ea546108e44b7a0db8b0de3/treatments/2d274c5515d6428f968e748fb09876e2', '', '', '8d3438247622e1d9f19ad4026c91d5e44f07ea67a3209cd72a100118b5ad1b25', 'e873442a75594cf60e5c88483b8f02eb1b0e8ca4a313ceaca1170dfb1b92c8a4');
insert into "audit" values (10, '2026-11-22T09:00:00.000000+00:00', '', 'answered', 'intake/e8bf05812ea546108e44b7a0db8b0de3/kind/2d274c5515d6428f968e748fb09876e2', '', '0b5ffa4b6d97790f38f051fb349525a7', 'e873442a75594cf60e5c88483b8f02eb1b0e8ca4a313ceaca1170dfb1b92c8a4', '3d8da82745a9765b98440f6cab8f883e88ee2a679141e997617dc85b216722c3');
insert into "audit" values (11, '2026-11-22T09:00:00.000000+00:00', '', 'entry added', 'intake/e8bf05812ea546108e44b7a0db8b0de3/treatments/b1da8ea6dd3241c48df9b19a9eca8edc', '', '', '3d8da82745a9765b98440f6cab8f883e88ee2a679141e997617dc85b216722c3', 'ce7e8946f71a86dd76a0a962354244b55f9236c8779272677db12074808e5a97');
insert into "audit" values (12, '2026-11-22T09:00:00.000000+00:00', '', 'answered', 'intake/e8bf05812ea546108e44b7a0db8b0de3/kind/b1da8ea6dd3241c48df9b19a9eca8edc', '', '1b72021f30e46ba67a3ae6bce6cb5d1d', 'ce7e8946f71a86dd76a0a962354244b55f9236c8779272677db12074808e5a97', 'aeb410d1ac2e9b24fe74b2c860cdf6e5cef714fa85c971c16cc689fc671517de');
insert into "audit" values (13, '2026-11-22T09:00:00.000000+00:00', '', 'entry removed', 'intake/e8bf05812ea546108e44b7a0db8b0de3/treatments/b1da8ea6dd3241c48df9b19a9eca8edc', '', '', 'aeb410d1ac2e9b24fe74b2c860cdf6e5cef714fa85c971c16cc689fc671517de', '73cefd1111361a752648a45a716780768e841e6c9f4d2a1c43f1147def0f334e');
insert into "audit" values (14, '2026-11-22T09:00:00.000000+00:00', '', 'answered', 'intake/e8bf05812ea546108e44b7a0db8b0de3/imaging', '', '06e4c149165cddb549b9800cecf0af1d', '73cefd1111361a752648a45a716780768e841e6c9f4d2a1c43f1147def0f334e', 'a7a9712d8dcf1285c842bb8fc6e0d392cf2e51a837ca0e67dba99f89f8bd11f2');
insert into "audit" values (15, '2026-11-22T09:00:00.000000+00:00', '', 'issued', 'letter/232d0140a2eb4cd88452646bebd4acc8', '', 'f137c14ec8923d8fa7ac37b19d3398f0', 'a7a9712d8dcf1285c842bb8fc6e0d392cf2e51a837ca0e67dba99f89f8bd11f2', '3362d9b2a6e13830ca4e4fe0f9e8b97f3052470d1014890d1b88521fccaa1698');
insert into "audit" values (16, '2026-11-22T09:00:00.000000+00:00', '', 'created', 'recipient/5f5c8493db6b494b9f38b8bb3b903d94', '', 'cbbc13721237cebcdf962d76e96a9e07', '3362d9b2a6e13830ca4e4fe0f9e8b97f3052470d1014890d1b88521fccaa1698', '5f719b8f1baba1bcb200fdf27e5126330424b6732cc0a9c305ff35ebe02a9fc3');
insert into "audit" values (17, '2026-11-22T09:00:00.000000+00:00', '', 'created', 'patient/6136646fc08946b1b6ac95ea2cda3e98', '', 'a299b027a23b8a522290f6006ec2d986', '5f719b8f1baba1bcb200fdf27e5126330424b6732cc0a9c305ff35ebe02a9fc3', '8cf8474732c346cbf503d0d0b69caf4c37a18d3f8ce229b6785553b60380e17c');
insert into "audit" values (18, '2026-11-22T09:00:00.000000+00:00', '', 'created', 'intake/b5a644b0aaa74287a2c8ae459889c4d7', '', '47df0b4e1084358754e001cc612bd287', '8cf8474732c346cbf503d0d0b69caf4c37a18d3f8ce229b6785553b60380e17c', '05c8a18bbc688e0a0bce5a613ed66a6c7d4e424dd629b72510a63bd200ac3e7f');
insert into "audit" values (19, '2026-11-22T09:00:00.000000+00:00', '', 'removed', 'intake/b5a644b0aaa74287a2c8ae459889c4d7', '', '', '05c8a18bbc688e0a0bce5a613ed66a6c7d4e424dd629b72510a63bd200ac3e7f', '4e15916e2debb3fbf5caebf9068ee07333aab224eca96115d16c8c916d63fb79');
insert into "audit_head" values (1, 19, '4e15916e2debb3fbf5caebf9068ee07333aab224eca96115d16c8c916d63fb79', '683b1554d84c0fac072c037c1fbfaaa9c6f498abf46838bcab9d8b4d742677f1');
