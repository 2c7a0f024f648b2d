"""Enclosures and the choices of a letter, kept, issued, removed, and moved out of an old release's settings."""

from hashlib import sha256
from pathlib import Path

from faults.intake import KEY, NOW, PDF, check_sound, find_intake, open_records, records
from sqlcipher3 import dbapi2

from db.connection import APPLICATION_ID

IN_SETTINGS = Path(__file__).parents[1] / "old_databases" / "0.2.0.dev0.sql"
MOVED_PICTURE = b"\xff\xd8\xff invented picture"
MOVED_REPORT = b"%PDF-1.7 invented report, second piece, third\x00\xff"


def save_enclosed(folder, tell):
    """Keep an enclosure in pieces and the choices that list it, issue the letter with both, and remove another."""
    with open_records(folder) as store:
        intake_id = find_intake(store)
        about = {"kind": "PDF", "pages": 2, "notes": [], "size": len(PDF), "sha256": sha256(PDF).hexdigest()}
        enclosure_id = store.add_enclosure(intake_id, about, NOW)
        for start in range(0, len(PDF), 20_000):
            store.add_piece(enclosure_id, PDF[start : start + 20_000])
        listed = [{"id": enclosure_id, "title": "MRI"}]
        choices = {"recipient": {"name": "Dr Vale"}, "why_again": "", "copies": ["Dr Abe"], "left_out": []}
        store.save_letter_choices(intake_id, choices | {"enclosures": listed}, NOW)
        tell("chosen")
        given = {"choices": choices | {"enclosures": listed}}
        store.issue_letter(intake_id, PDF, '{"answers": {}}', "1", {"name": "Dr Vale"}, "Kim", NOW, **given)
        tell("issued")
        other = store.add_enclosure(intake_id, about, NOW)
        store.add_piece(other, PDF)
        while store.remove_enclosure(other, NOW):
            pass
        tell("removed")


def check_enclosed(folder, told):
    with open_records(folder) as store:
        intake_id = find_intake(store)
        letters, listed = store.letters(intake_id), store.letter_choices(intake_id)["enclosures"]
        wrong = check_sound(store, intake_id) + check_listed(store, listed, [PDF] * len(listed))
        if told & {"chosen", "issued"} and len(listed) != 1:
            wrong.append("lost the choices")
        if "issued" in told and not letters:
            wrong.append("lost the letter")
        if letters and store.choices_of_letter(letters[-1]["id"])["copies"] != ["Dr Abe"]:
            wrong.append("torn: a letter without its choices")
        if "removed" in told and store.unlisted_enclosures(intake_id):
            wrong.append("what was told to be removed is there")
        store.audit_verify()
        return wrong


def check_listed(store, listed, contents):
    """Return what is torn: an enclosure is listed only when it is whole."""
    wrong = ["torn: foreign keys"] if store._db.execute("pragma foreign_key_check").fetchall() else []
    for each, content in zip(listed, contents, strict=True):
        pieces = []
        while piece := store.enclosure_piece(each["id"], len(pieces)):
            pieces.append(piece)
        wrong += [] if b"".join(pieces) == content else ["torn enclosure"]
    return wrong


def prepare_settings(folder):
    """Keep what the release before had in its settings: a letter's choices, and enclosures."""
    database = dbapi2.connect(str(records(folder)), isolation_level=None)
    database.execute(f"pragma key = \"x'{KEY.hex()}'\"")
    database.execute("pragma cipher_page_size = 2048")
    database.execute(f"pragma application_id = {APPLICATION_ID}")
    database.executescript(IN_SETTINGS.read_text("utf-8"))
    database.close()


def open_moved(folder, tell):
    """Open it with this release, and correct the patient."""
    with open_records(folder) as store:
        tell("migrated")
        store.change_patient(store.worklist()[0]["patient_id"], {"family_name": "Later"}, NOW)
        tell("changed")


def check_moved(folder, told):
    """Opened without a fault, it has all that the settings had."""
    with open_records(folder) as store:
        [intake_id] = [row["intake_id"] for row in store.worklist() if store.letters(row["intake_id"])]
        listed = store.letter_choices(intake_id)["enclosures"]
        wrong = check_listed(store, listed, [MOVED_PICTURE, MOVED_REPORT])
        if "changed" in told and not store.find_patients("Later"):
            wrong.append("lost the change")
        return wrong
