"""The program's own ways to write, each with what it promises; a new one is an entry of OPERATIONS.

An operation prepares a folder, works in it while the disk may fail, telling what it was told is kept, and then checks
that what was told is there. `check` returns what is wrong in words, nothing where all is well.
"""

import shutil
import uuid
from datetime import timedelta

from faults import enclosed
from faults.intake import KEY, NOW, PDF, Operation, check_sound, find_intake, open_records, prepare_intake, records
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from db import back_up, connection, list_backups, migrations, open_store, rehearse, restore
from intake_app import vault
from intake_app.errors import UserError
from intake_app.records import Records
from intake_app.ui.letter_work import save_file
from intake_app.vault.keyslots import Cost

OLD, NEW = "a password from before", "quite another password"
CHEAP = Cost(2, 19 * 1024, 1)  # the least that is accepted
EARLIER = b"%PDF-1.7 an earlier letter"
ANSWERS = {f"question_{number}": f"{number} " + "pain on the left, since the fall, " * 40 for number in range(8)}


def save_answers(folder, tell):
    """Save answers, an entry and the page, as the wizard does."""
    with open_records(folder) as store:
        intake_id = find_intake(store)
        for question, value in ANSWERS.items():
            store.save_answer(intake_id, question, value, NOW)
            tell(question)
        entry = store.add_entry(intake_id, "treatments", NOW)
        store.save_answer(intake_id, "category", "nsaid", NOW, entry_id=entry)
        tell("treatments")
        store.save_page(intake_id, "symptoms")
        tell("page")
    tell("closed")


def check_answers(folder, told):
    with open_records(folder) as store:
        intake_id = find_intake(store)
        answers = store.answers(intake_id)
        wrong = check_sound(store, intake_id)
        wrong += [f"lost {name}" for name in told & ANSWERS.keys() if answers.get(name) != ANSWERS[name]]
        if "treatments" in told and [e["category"] for e in answers.get("treatments", [])] != ["nsaid"]:
            wrong.append("lost the entry")
        if "page" in told and store.intake(intake_id)["page"] != "symptoms":
            wrong.append("lost the page")
        return wrong


def prepare_letter(folder):
    prepare_intake(folder)
    (folder / "letter.pdf").write_bytes(EARLIER)


def issue_letter(folder, tell):
    """Issue a letter and save it as a file over an earlier one."""
    with open_records(folder) as store:
        store.issue_letter(find_intake(store), PDF, '{"answers": {}}', "1", {"name": "Dr Vale"}, "Kim", NOW)
        tell("issued")
    save_file(folder / "letter.pdf", PDF)
    tell("saved")


def check_letter(folder, told):
    with open_records(folder) as store:
        intake_id = find_intake(store)
        wrong = check_sound(store, intake_id)
        letters = store.letters(intake_id)
        if len(letters) != 1 if "issued" in told else len(letters) > 1:
            wrong.append("lost the letter")
        wrong += ["torn letter" for row in letters if store.letter_pdf(row["id"]) != PDF]
        if bool(letters) != bool(store.intake(intake_id)["closed_at"]):
            wrong.append("torn: a letter, and the intake is open, or the other way round")
    file = (folder / "letter.pdf").read_bytes()
    if file != PDF and (file != EARLIER or "saved" in told):
        wrong.append("torn file")
    return wrong


def prepare_old_release(folder):
    """Keep a patient in a database as the first release had it."""
    database = dbapi2.connect(str(records(folder)), isolation_level=None)
    database.execute(f"pragma key = \"x'{KEY.hex()}'\"")
    database.execute("pragma cipher_page_size = 2048")
    database.execute(f"pragma application_id = {connection.APPLICATION_ID}")
    migrations.list_steps().apply(Database(database), stop_before=sorted(migrations.known_steps())[1:2])
    database.execute("insert into clinic (id) values (?)", [uuid.uuid4().hex])
    sql = "insert into patients (id, family_name, created_at, changed_at) values (?, 'Invented', '', '')"
    database.executemany(sql, [(f"patient-{number}",) for number in range(200)])
    database.close()


def migrate(folder, tell):
    """Open it with this release."""
    with open_records(folder) as store:
        store.start_intake("patient-7", NOW)
        tell("migrated")


def check_migrated(folder, told):
    with open_records(folder) as store:
        wrong = [] if store._db.execute("pragma integrity_check").fetchall() == [("ok",)] else ["corrupt"]
        [(patients,)] = store._db.execute("select count(*) from patients").fetchall()
        if patients != 200:
            wrong.append(f"{patients} of 200 patients")
        if "migrated" in told and len(store.worklist()) != 1:
            wrong.append("lost the intake")
        return wrong


def prepare_nothing(folder):
    """Leave the folder empty."""


def start_first(folder, tell):
    """Make the records on the first start."""
    with open_records(folder) as store:
        tell("made")
        store.add_patient({"family_name": "Invented"}, NOW)
        tell("patient")


def check_first(folder, told):
    if not records(folder).exists():
        return ["lost the records"] if told else []
    with open_records(folder) as store:
        wrong = [] if store._db.execute("pragma integrity_check").fetchall() == [("ok",)] else ["corrupt"]
        return wrong + (["lost the patient"] if "patient" in told and not store.find_patients("invented") else [])


def prepare_backup(folder):
    """Keep an intake and a key file, and a backup of both; then go on."""
    prepare_intake(folder)
    (folder / "keyslots.json").write_text("{}", "ascii")
    back_up(records(folder), KEY, NOW)
    with open_records(folder) as store:
        store.save_answer(find_intake(store), "after", "the backup", NOW)


def make_backup(folder, tell):
    """Back up while the records are open."""
    with open_records(folder) as store:
        back_up(records(folder), KEY, NOW + timedelta(days=1))
        tell("backed up")
        store.save_answer(find_intake(store), "later", "still open", NOW)
        tell("later")


def check_backups(folder, told):
    """Every backup that is listed opens and is whole; the records have what they had."""
    backups = list_backups(folder / "backups")
    wrong = [] if len(backups) >= 1 + ("backed up" in told) else ["lost a backup"]
    for backup in backups:
        rehearse(backup.folder, KEY)
    with open_records(folder) as store:
        answers = store.answers(find_intake(store))
        wrong += ["lost what was said after the backup"] if answers.get("after") != "the backup" else []
        wrong += ["lost what was told"] if "later" in told and answers.get("later") != "still open" else []
        return wrong + check_sound(store, find_intake(store))


def restore_backup(folder, tell):
    """Put the backup in the records' place."""
    [backup] = list_backups(folder / "backups")
    restore(backup.folder, records(folder), KEY, NOW)
    tell("restored")


def check_restored(folder, told):
    """The records are those from before or those of the backup, whole; what was there is kept beside them."""
    with open_records(folder) as store:
        intake_id = find_intake(store)
        answers = store.answers(intake_id)
        wrong = check_sound(store, intake_id)
    is_restored = "after" not in answers
    wrong += [] if is_restored or "restored" not in told else ["told to be restored, and is not"]
    kept = [path for path in folder.iterdir() if path.name not in ("clinic.db", "backups")]
    if is_restored and not any(holds_after(path) for path in kept if path.is_file()):
        wrong.append("lost what was there before the backup was restored")
    return wrong


def holds_after(path):
    """Tell whether a file kept beside the records holds the answer given after the backup."""
    copy = path.with_name("looked-into.db")
    shutil.copy(path, copy)
    database = dbapi2.connect(str(copy), isolation_level=None)
    try:
        database.execute(f"pragma key = \"x'{KEY.hex()}'\"")
        database.execute("pragma cipher_page_size = 2048")
        database.execute("pragma cipher_log_level = NONE")
        return bool(database.execute("select 1 from answers where question = 'after'").fetchall())
    except dbapi2.Error:
        return False
    finally:
        database.close()
        copy.unlink()


def prepare_keys(folder):
    """Lock the records with a password and a recovery code, which is written down beside them."""
    session, code = vault.create_vault(records(folder), "clinic", "Kim", OLD, CHEAP)
    (folder / "paper").write_text(code, "utf-8")
    with open_store(records(folder), bytes(session.key)) as store:
        store.add_patient({"family_name": "Invented"}, NOW)
    vault.mark_made(records(folder), session)


def change_password(folder, tell):
    """Give Kim another password."""
    session = vault.unlock(records(folder), "Kim", OLD)
    vault.change_password(records(folder), session, OLD, NEW)
    tell("changed")


def check_keys(folder, told):
    """The password that was told opens, the other only where nothing was told, and the paper always."""
    wrong = [] if opens(folder, vault.unlock_with_code, (folder / "paper").read_text("utf-8")) else ["lost the code"]
    if "changed" in told:
        return wrong + ([] if opens(folder, vault.unlock, "Kim", NEW) else ["lost the new password"])
    is_open = opens(folder, vault.unlock, "Kim", OLD) or opens(folder, vault.unlock, "Kim", NEW)
    return wrong + ([] if is_open else ["no password opens"])


def prepare_new_key(folder):
    """The same, with a database and an administrator, as the set-up makes them."""
    kim = Records(folder, lambda: NOW)
    session, code = vault.create_vault(records(folder), "clinic", "Kim", OLD, CHEAP)
    (folder / "paper").write_text(code, "utf-8")
    with kim.open(session) as store:
        kim.sign_in(store, session)
        store.add_patient({"family_name": "Invented"}, NOW)
        store.sign_out(NOW)


def change_records_key(folder, tell):
    """Put the records under a new key, and go on with it."""
    kim = Records(folder, lambda: NOW)
    session = kim.unlock("Kim", OLD)
    kim.renew_key(session, OLD)
    tell("changed")
    with kim.open(session) as store:
        kim.sign_in(store, session)
        store.add_patient({"family_name": "Later"}, NOW)
        tell("later")


def check_new_key(folder, told):
    """The password and the paper open the records, which have what was told, and the trail is whole."""
    kim = Records(folder, lambda: NOW)
    found = []
    session = kim.unlock_with_code((folder / "paper").read_text("utf-8"))
    for session in (session, kim.unlock("Kim", OLD)):  # noqa: B020 the last one signs in
        with kim.open(session) as store:
            found.append(len(store.users()))
    with kim.open(session) as store:
        kim.sign_in(store, session)
        store.audit_verify()
        names = {row["family_name"] for row in store.find_patients("")}
        is_changed = "records key changed" in [row["action"] for row in store.audit()]
    wrong = [] if found == [1, 1] and "Invented" in names else ["lost the patient"]
    wrong += ["told to be changed, and is not"] if "changed" in told and not is_changed else []
    return wrong + (["lost what was told"] if "later" in told and "Later" not in names else [])


def opens(folder, unlock, *secrets):
    try:
        session = unlock(records(folder), *secrets)
    except UserError:
        return False
    with open_store(records(folder), bytes(session.key)) as store:
        return len(store.find_patients("invented")) == 1


def write_carelessly(folder, tell):
    """Write over a file in place, as nothing of ours may: it shows that the tools find what is torn."""
    (folder / "letter.pdf").write_bytes(PDF)
    tell("saved")


def check_file(folder, told):
    file = (folder / "letter.pdf").read_bytes()
    return [] if file == PDF or (file == EARLIER and "saved" not in told) else ["torn file"]


OPERATIONS = {
    "save": Operation(prepare_intake, save_answers, check_answers),
    "issue": Operation(prepare_letter, issue_letter, check_letter),
    "enclose": Operation(prepare_intake, enclosed.save_enclosed, enclosed.check_enclosed),
    "migrate": Operation(prepare_old_release, migrate, check_migrated),
    "move": Operation(enclosed.prepare_settings, enclosed.open_moved, enclosed.check_moved),
    "create": Operation(prepare_nothing, start_first, check_first),
    "backup": Operation(prepare_backup, make_backup, check_backups),
    "restore": Operation(prepare_backup, restore_backup, check_restored),
    "keys": Operation(prepare_keys, change_password, check_keys),
    "new key": Operation(prepare_new_key, change_records_key, check_new_key),
}
CARELESS = {"careless": Operation(prepare_letter, write_carelessly, check_file)}


WRONG = (dbapi2.Error, OSError, LookupError, ValueError)  # what a check that cannot even read ends with
