"""Writes a database of this release, with an invented patient in it, as SQL text: write.py VERSION."""

import sys
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from db import Store, open_store  # noqa: E402 the path to it comes first

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def fill(store: Store) -> None:
    """Keep one of everything, as `test_an_old_database_opens_with_everything_in_it` expects it."""
    store.save_clinic({"name": "Invented Spine Clinic", "address": "1 Nowhere Street"}, NOW)
    names = {
        "family_name": "O'Brien-Łukasz",
        "given_names": "Zoë",
        "birth_date": "1956-05-03",
        "record_number": "004711",
    }
    intake_id = store.start_intake(store.add_patient(names, NOW, is_demo=True), NOW)
    store.save_answer(intake_id, "fever", "unsure", NOW, "Ann")
    store.save_answer(intake_id, "fever", "no", NOW, "Ann")
    store.save_answer(intake_id, "own_words", "L4<L5 & L5>S1, 山田", NOW)
    for kind in ("physical_therapy", "injection", "brace"):
        entry_id = store.add_entry(intake_id, "treatments", NOW)
        store.save_answer(intake_id, "kind", kind, NOW, entry_id=entry_id)
    store.remove_entry(entry_id, NOW)
    store.save_answer(intake_id, "imaging", "none", NOW)
    content = b"%PDF-1.7 an invented report"
    about = {"kind": "PDF", "pages": 2, "notes": [], "size": len(content), "sha256": sha256(content).hexdigest()}
    enclosure_id = store.add_enclosure(intake_id, about, NOW)
    store.add_piece(enclosure_id, content)
    choices = {"recipient": {"name": "Dr A"}, "why_again": "", "copies": ["Dr B"], "left_out": ["goals"]}
    choices["enclosures"] = [{"id": enclosure_id, "title": "MRI report"}]
    letter = (b"%PDF-1.7 invented", '{"name": "Łukasz"}', "1", {"name": "Dr A"}, "Ann", NOW)
    store.issue_letter(intake_id, *letter, choices=choices)
    store.save_recipient({"name": "Dr A. Surgeon", "role": "Spine surgeon"}, NOW)


def dump(store: Store) -> str:
    """Return the whole database as SQL statements."""
    read = store._rows
    schema = read("select type, name, sql from sqlite_master where sql is not null order by rowid")
    lines = [f"{each['sql']};" for each in schema]
    for table in (each["name"] for each in schema if each["type"] == "table"):
        columns = [column["name"] for column in read(f'pragma table_info("{table}")')]
        row = " || ', ' || ".join(f'quote("{column}")' for column in columns)
        rows = read(f'select {row} as row from "{table}" order by rowid')  # noqa: S608 the schema's own names
        lines += [f'insert into "{table}" values ({each["row"]});' for each in rows]  # noqa: S608 the same
    return "\n".join(lines) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "clinic.db") as store:
        fill(store)
        text = dump(store)
    Path(__file__).with_name(f"{sys.argv[1]}.sql").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
