"""The shape of the database, one step at a time: append steps, never edit a released one.

Texts are '' when unknown, so that a search never meets null. Ids are UUIDs and times are ISO 8601 in UTC,
made in Python, and there are no triggers: the same tables can live in a shared server later. A step that changes
a table behind the generated views drops them and the setting "views"; the next start makes them again.
"""

import os
from inspect import cleandoc
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2

from db.engine import make_migrations, wrap
from db.moving import drop_views, move_from_settings

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

_SET = "intake"
ANSWERED = "answered"  # the action that most rows of the trail are about
SELDOM = f"action <> '{ANSWERED}'"  # a query that says so finds the index of all the others


def known_steps() -> set[str]:
    """Return the names of all steps this release has; a database with others is from a later one."""
    return {step.__name__ for step in _STEPS}


def applied_steps(connection: dbapi2.Connection) -> set[str]:
    """Return the names of the steps a database has taken; empty for a new one."""
    if not connection.execute("select 1 from sqlite_master where name = '_sqlite_migrations'").fetchall():
        return set()
    sql = "select name from _sqlite_migrations where migration_set = ?"
    return {name for (name,) in connection.execute(sql, [_SET]).fetchall()}


def take_steps(connection: dbapi2.Connection) -> None:
    """Take the steps a database has not taken yet, in their order."""
    if known_steps() - applied_steps(connection):
        list_steps().apply(wrap(connection))


def list_steps() -> "Migrations":
    """Return all steps as sqlite-utils takes them."""
    migrations = make_migrations(_SET)
    for step in _STEPS:
        migrations()(step)
    return migrations


def describe_schema() -> str:
    """Return the SQL that all steps add up to: the text of schema.sql."""
    connection = dbapi2.connect(":memory:", isolation_level=None)
    take_steps(connection)
    sql = "select sql from sqlite_master where sql is not null order by rowid"
    statements = connection.execute(sql).fetchall()
    connection.close()
    return "".join(f"{cleandoc(statement)};\n" for (statement,) in statements)


def m001_clinic_and_patients(db: "Database") -> None:
    """Add who we are and whom we see."""
    db.execute("""
        create table clinic (
            id text primary key, name text not null default '', address text not null default '',
            phone text not null default '', fax text not null default '', email text not null default '',
            created_at text not null default ''
        ) strict
    """)
    db.execute("create table settings (key text primary key, value text not null) strict")
    db.execute("""
        create table patients (
            id text primary key, family_name text not null default '', given_names text not null default '',
            birth_date text not null default '', sex text not null default '',
            record_number text not null default '', phone text not null default '',
            address text not null default '', language text not null default '',
            interpreter text not null default '', is_demo integer not null default 0,
            search_key text not null default '', created_at text not null, changed_at text not null
        ) strict
    """)
    db.execute("create index patients_by_birth_date on patients (birth_date)")
    db.execute("create index patients_by_record_number on patients (record_number)")
    db.execute("create index patients_by_change on patients (changed_at)")


def m002_intakes_and_answers(db: "Database") -> None:
    """Add what was said."""
    db.execute("""
        create table intakes (
            id text primary key, patient_id text not null references patients (id), started_at text not null,
            changed_at text not null, page text not null default '', closed_at text, discarded_at text
        ) strict
    """)
    db.execute("create index intakes_by_patient on intakes (patient_id)")
    db.execute("""
        create table entries (
            id text primary key, intake_id text not null references intakes (id), question text not null,
            position integer not null, created_at text not null, removed_at text
        ) strict
    """)
    db.execute("create index entries_by_intake on entries (intake_id, question, position)")
    db.execute("""
        create table answers (
            intake_id text not null references intakes (id), entry_id text not null, question text not null,
            value text not null, changed_at text not null, author text not null,
            primary key (intake_id, entry_id, question)
        ) strict
    """)


def m003_journal(db: "Database") -> None:
    """Add who changed what when; only ever added to."""
    db.execute("""
        create table journal (
            id integer primary key, intake_id text not null references intakes (id), entry_id text not null,
            question text not null, kind text not null, old_value text, new_value text,
            undoes integer references journal (id), changed_at text not null, author text not null
        ) strict
    """)
    db.execute("create index journal_by_intake on journal (intake_id)")
    db.execute("create index journal_by_undone on journal (undoes) where undoes is not null")


def m004_letters_and_recipients(db: "Database") -> None:
    """Add what left the house, and to whom."""
    db.execute("""
        create table recipients (
            id text primary key, name text not null default '', role text not null default '',
            clinic text not null default '', address text not null default '', phone text not null default '',
            fax text not null default '', created_at text not null, removed_at text
        ) strict
    """)
    # The large columns come last, so that listing letters never reads them.
    db.execute("""
        create table letters (
            id text primary key, intake_id text not null references intakes (id), version integer not null,
            issued_at text not null, issued_by text not null, recipient text not null, reason text not null,
            ruleset_version text not null, sha256 text not null, case_sha256 text not null,
            case_json text not null, pdf blob not null, unique (intake_id, version)
        ) strict
    """)


def m005_users_and_audit(db: "Database") -> None:
    """Add who may sign in, and the trail of what they did: a chain, with its last link and its secret apart."""
    db.execute("""
        create table users (
            id text primary key, name text not null, name_key text not null, role text not null,
            created_at text not null, removed_at text
        ) strict
    """)
    db.execute("create unique index users_by_name on users (name_key) where removed_at is null")
    db.execute("""
        create table audit (
            seq integer primary key, at text not null, user text not null, action text not null,
            record text not null, old_hash text not null, new_hash text not null, previous text not null,
            hash text not null
        ) strict
    """)
    db.execute("""
        create table audit_head (
            one integer primary key check (one = 1), seq integer not null, hash text not null,
            secret text not null
        ) strict
    """)
    # With the secret, nobody can find out by trying which answer a hash stands for, once the trail was exported.
    db.execute("insert into audit_head values (1, 0, '', ?)", [os.urandom(32).hex()])


def m006_enclosures(db: "Database") -> None:
    """Add what goes with letters, in pieces: to keep or fetch one takes no time that the window would feel."""
    drop_views(db.conn)
    db.execute("""
        create table enclosures (
            id text primary key, intake_id text not null references intakes (id), kind text not null,
            pages integer not null, notes text not null, size integer not null, sha256 text not null,
            added_at text not null
        ) strict
    """)
    db.execute("create index enclosures_by_intake on enclosures (intake_id)")
    db.execute("""
        create table enclosure_pieces (
            enclosure_id text not null references enclosures (id), number integer not null, content blob not null,
            primary key (enclosure_id, number)
        ) strict
    """)


def m007_letter_choices(db: "Database") -> None:
    """Add what is settled about a letter beside the answers: of an issued one, or without a letter of the next one."""
    db.execute("""
        create table letter_choices (
            id text primary key, intake_id text not null references intakes (id),
            letter_id text references letters (id), recipient text not null, why_again text not null,
            copies text not null, left_out text not null
        ) strict
    """)
    db.execute("create unique index letter_choices_next on letter_choices (intake_id) where letter_id is null")
    db.execute("create unique index letter_choices_kept on letter_choices (letter_id) where letter_id is not null")
    db.execute("""
        create table listed_enclosures (
            choices_id text not null references letter_choices (id), position integer not null,
            enclosure_id text not null references enclosures (id), title text not null,
            primary key (choices_id, position)
        ) strict
    """)
    db.execute("create index listed_enclosures_by_enclosure on listed_enclosures (enclosure_id)")
    move_from_settings(db.conn)


def m008_audit_indexes(db: "Database") -> None:
    """Let the trail be searched; what is in it most often is found without an index."""
    db.execute("create index audit_by_user on audit (user)")
    db.execute("create index audit_by_record on audit (record)")
    db.execute("create index audit_by_time on audit (at)")
    db.execute(f"create index audit_by_action on audit (action) where {SELDOM}")


_STEPS = (
    m001_clinic_and_patients,
    m002_intakes_and_answers,
    m003_journal,
    m004_letters_and_recipients,
    m005_users_and_audit,
    m006_enclosures,
    m007_letter_choices,
    m008_audit_indexes,
)
