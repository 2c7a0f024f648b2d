"""Who may do what: the table, and the store that keeps to it."""

import inspect
from functools import partial
from pathlib import Path

import pytest

from db import ROLES, Store, StoreError, open_store
from db.roles import (
    ADMINISTRATOR,
    CLINIC_SETTINGS,
    CLINICIAN,
    FRONT_DESK,
    NOBODY,
    RIGHTS,
    UNGUARDED,
    as_markdown,
    find_right,
)

README = Path(__file__).resolve().parents[2] / "README.md"
PERSONS = {NOBODY: None, FRONT_DESK: "Fay", CLINICIAN: "Cleo", ADMINISTRATOR: "Ada"}


class Clinic:
    """Records with a user of each role and one of everything else."""

    def __init__(self, store, now):
        self.store, self.now = store, now
        self.users = {
            role: store.add_user(name, role, now()) if role == ADMINISTRATOR else None for role, name in PERSONS.items()
        }
        store.sign_in(self.users[ADMINISTRATOR], now())
        for role in (FRONT_DESK, CLINICIAN):
            self.users[role] = store.add_user(PERSONS[role], role, now())
        self.patient = store.add_patient({"family_name": "Invented"}, now())
        self.intake = store.start_intake(self.patient, now())
        self.entry = store.add_entry(self.intake, "treatments", now())
        self.recipient = store.save_recipient({"name": "Dr A"}, now())
        about = {"kind": "PDF", "pages": 1, "notes": [], "size": 99, "sha256": ""}
        self.enclosure, self.unlisted = (store.add_enclosure(self.intake, about, now()) for _ in range(2))
        self.choices = {"recipient": {}, "why_again": "", "copies": [], "left_out": []}
        self.choices["enclosures"] = [{"id": self.enclosure, "title": ""}]
        self.letter = store.issue_letter(self.intake, b"%PDF", "{}", "1", {}, "", now(), choices=self.choices)["id"]
        self.other = store.add_user("Otto", FRONT_DESK, now())
        store.sign_out(now())

    def sign_in(self, role):
        if role != NOBODY:
            self.store.sign_in(self.users[role], self.now())


@pytest.fixture
def clinic(store, now):
    return Clinic(store, now)


def keep_setting(name, store, _clinic):
    store.save_setting(name, 5)


# Each verb of the store, and of each setting or action that is not for everybody, with what it needs.
CALLS = {
    "sign_in": lambda s, c: s.sign_in(c.users[FRONT_DESK], c.now()),
    "sign_out": lambda s, c: s.sign_out(c.now()),
    "users": lambda s, _: s.users(),
    "clinic": lambda s, _: s.clinic(),
    "clinic_id": lambda s, _: s.clinic_id(),
    "check_clock": lambda s, c: s.check_clock(c.now()),
    "may": lambda s, _: s.may("users"),
    "note_backups": lambda s, c: s.note_backups([("2026-11-22-100000", c.now())]),
    "setting backup_folder": lambda s, _: s.setting("backup_folder"),
    "setting lock_minutes": lambda s, _: s.setting("lock_minutes"),
    "setting theme": lambda s, _: s.setting("theme"),
    "setting": lambda s, _: s.setting("unfinished_patient"),
    "patient": lambda s, c: s.patient(c.patient),
    "find_patients": lambda s, _: s.find_patients(""),
    "similar_patients": lambda s, _: s.similar_patients("A", "B", "1956-05-03"),
    "recipients": lambda s, _: s.recipients(),
    "intake": lambda s, c: s.intake(c.intake),
    "worklist": lambda s, _: s.worklist(),
    "interrupted_intake": lambda s, _: s.interrupted_intake(),
    "answers": lambda s, c: s.answers(c.intake),
    "answered_at": lambda s, c: s.answered_at(c.intake),
    "journal": lambda s, c: s.journal(c.intake),
    "letters": lambda s, c: s.letters(c.intake),
    "letter_pdf": lambda s, c: s.letter_pdf(c.letter),
    "letter_case": lambda s, c: s.letter_case(c.letter),
    "letter_choices": lambda s, c: s.letter_choices(c.intake),
    "choices_of_letter": lambda s, c: s.choices_of_letter(c.letter),
    "enclosure": lambda s, c: s.enclosure(c.enclosure),
    "enclosure_piece": lambda s, c: s.enclosure_piece(c.enclosure, 0),
    "unlisted_enclosures": lambda s, c: s.unlisted_enclosures(c.intake),
    "save_letter_choices": lambda s, c: s.save_letter_choices(
        c.intake, c.choices | {"copies": [c.now().isoformat()]}, c.now()
    ),
    "add_enclosure": lambda s, c: s.add_enclosure(c.intake, s.enclosure(c.enclosure), c.now()),
    "add_piece": lambda s, c: s.add_piece(c.enclosure, b"x"),
    "remove_enclosure": lambda s, c: s.remove_enclosure(
        s.unlisted_enclosures(c.intake)[0] if s.user_id else c.unlisted, c.now()
    ),
    "add_patient": lambda s, c: s.add_patient({}, c.now()),
    "change_patient": lambda s, c: s.change_patient(c.patient, {"phone": "1"}, c.now()),
    "save_recipient": lambda s, c: s.save_recipient({"id": c.recipient, "name": "Dr B"}, c.now()),
    "remove_recipient": lambda s, c: s.remove_recipient(c.recipient, c.now()),
    "start_intake": lambda s, c: s.start_intake(c.patient, c.now()),
    "save_page": lambda s, c: s.save_page(c.intake, "symptoms"),
    "mark_open": lambda s, c: s.mark_open(c.intake),
    "discard_intake": lambda s, c: s.discard_intake(c.intake, c.now()),
    "restore_intake": lambda s, c: s.restore_intake(c.intake, c.now()),
    "save_answer": lambda s, c: s.save_answer(c.intake, "fever", "no", c.now()),
    "add_entry": lambda s, c: s.add_entry(c.intake, "treatments", c.now()),
    "remove_entry": lambda s, c: s.remove_entry(c.entry, c.now()),
    "restore_entry": lambda s, c: s.restore_entry(c.entry, c.now()),
    "undo_last": lambda s, c: s.undo_last(c.intake, c.now()),
    "issue_letter": lambda s, c: s.issue_letter(c.intake, b"%PDF", "{}", "1", {}, "", c.now(), "again"),
    "save_setting": lambda s, _: s.save_setting("unfinished_patient", {}),
    "make_views": lambda s, _: s.make_views({}),
    "note": lambda s, c: s.note("viewed", f"intake/{c.intake}"),
    "save_setting rule_signatures": lambda s, _: s.save_setting("rule_signatures", {}),
    **{f"save_setting {name}": partial(keep_setting, name) for name in CLINIC_SETTINGS},
    "save_clinic": lambda s, c: s.save_clinic({"name": "Spine"}, c.now()),
    "note password reset": lambda s, c: s.note("password reset", f"user/{c.other}"),
    "note remembered on this computer": lambda s, c: s.note("remembered on this computer", f"user/{c.other}"),
    "note forgotten on this computer": lambda s, c: s.note("forgotten on this computer", f"user/{c.other}"),
    "note recovery code changed": lambda s, _: s.note("recovery code changed"),
    "note records restored": lambda s, _: s.note("records restored"),
    "note records encrypted": lambda s, _: s.note("records encrypted"),
    "add_user": lambda s, c: s.add_user("New", FRONT_DESK, c.now()),
    "change_role": lambda s, c: s.change_role(c.other, CLINICIAN, c.now()),
    "remove_user": lambda s, c: s.remove_user(c.other, c.now()),
    "audit": lambda s, _: s.audit(),
    "audit_count": lambda s, _: s.audit_count(),
    "audit_actions": lambda s, _: s.audit_actions(),
    "audit_verify": lambda s, _: s.audit_verify(),
    "audit_csv": lambda s, _: s.audit_csv(),
}
FREE = {
    "is_damaged",
    "close",
    "warm",
    "open_twin",
    "at_once",
    "role",
    "user_id",
    "user_name",
}  # they show and change nothing of the records


def test_check_12_every_verb_has_its_line_and_is_guarded():
    verbs = {name for name in dir(Store) if not name.startswith("_")} - FREE
    assert {name.split()[0] for name in CALLS} == verbs
    assert set(CALLS) == {name for right in RIGHTS for name in right.verbs}
    guarded = {name for name in verbs if hasattr(inspect.getattr_static(Store, name), "__wrapped__")}
    assert verbs - guarded == {"setting"}, "that one is guarded by the name of the setting"


@pytest.mark.parametrize("role", PERSONS)
def test_check_12_each_role_may_do_what_the_table_says_and_nothing_else(clinic, role):
    for name, call in CALLS.items():
        clinic.sign_in(role)
        before = clinic.store._rows("select * from audit_head")
        if role in find_right(*name.split(maxsplit=1)).roles:
            assert clinic.store.may(*name.split(maxsplit=1)) is True
            call(clinic.store, clinic)
        else:
            assert clinic.store.may(*name.split(maxsplit=1)) is False
            with pytest.raises(StoreError, match=r"Nobody has signed in|Your account is for the") as caught:
                call(clinic.store, clinic)
            assert caught.value.hint
            assert clinic.store._rows("select * from audit_head") == before, f"{name} left a trace"
        clinic.store.sign_out(clinic.now())


def test_the_table_names_every_setting_of_the_clinic():
    right = find_right("save_setting", "letter_logo")
    assert right.roles == {ADMINISTRATOR}
    assert all(words in right.what for words in CLINIC_SETTINGS.values())
    assert all(find_right("save_setting", name) is right for name in ("preprinted_mm", "escalation_phone"))


def test_a_refusal_says_what_and_whom_to_ask(clinic):
    clinic.sign_in(FRONT_DESK)
    with pytest.raises(StoreError) as caught:
        clinic.store.add_user("Eve", ADMINISTRATOR, clinic.now())
    assert str(caught.value) == (
        "Your account is for the front desk and may not do this: add and remove users, change their roles."
        " Ask an administrator of the clinic."
    )


def test_without_any_user_everything_is_open_and_with_the_first_one_nothing(path, now):
    with open_store(path) as store:
        assert store.role == UNGUARDED
        store.save_clinic({"name": "Spine"}, now())
        store.add_user("Ada", ADMINISTRATOR, now())
        assert store.role == NOBODY
        with pytest.raises(StoreError, match=r"Nobody has signed in"):
            store.worklist()
    with open_store(path) as store:
        assert store.role == NOBODY
        assert store.clinic()["name"] == "Spine"


def test_a_verb_without_a_line_is_a_bug():
    with pytest.raises(KeyError):
        find_right("delete_everything")


def test_the_table_in_the_readme_is_this_one():
    assert as_markdown() in README.read_text("utf-8"), (
        "python -c 'from db.roles import as_markdown; print(as_markdown())'"
    )


def test_the_table_has_a_column_for_each_role():
    head, _, *rows = as_markdown().splitlines()
    assert [cell.strip() for cell in head.strip("|").split("|")][2:] == list(ROLES.values())
    assert len(rows) == len(RIGHTS)
