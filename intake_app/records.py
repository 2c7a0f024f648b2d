"""The clinic's records as a whole: found, made, opened for a person, backed up and restored; knows no window."""

import secrets
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from db import (
    Backup,
    OtherKeyError,
    Store,
    StoreError,
    change_key,
    check_place,
    encrypt_records,
    find_key,
    find_records,
    list_backups,
    list_rescued,
    open_damaged,
    open_store,
    place_copies,
    renew_key_file,
    settle_key,
)
from db import back_up as make_backup
from db import is_backup_due as is_due
from db import rehearse as rehearse_backup
from db import restore as restore_backup
from db import restore_key_file as put_key_file
from intake_app import vault
from intake_app.errors import UserError
from intake_app.vault import Session, device, keyslots, passwords, tries

__all__ = ["DATABASE", "SECOND_FOLDER", "Backup", "Records", "second_folder"]
DATABASE = "clinic.db"
SECOND_FOLDER = "backup_folder"  # the setting
_GENERATION = "key_file_generation"  # the setting: how often the key file had been changed when it was noted last
State = Literal["new", "plain", "locked", "no key file"]
NEW_KEY_DUE = (
    "A user was removed, and the records still have the key that this user had. Under People, give them a new key."
)
NO_BACKUP_YET = "The records have a new key, and there is no backup with it yet. Make one."
STILL_BOTH = (
    "The records have a new key, but the key file could not be written and still has the former one beside it. "
    "Check the disk, then close the program and start it again."
)
OLDER_KEY_FILE = (
    "The key file is an older one, as from a backup: passwords and the recovery code are those of that day. "
    "If nobody put it back on purpose, give the records a new key and make a new recovery code under People."
)
OTHER_KEY_FILE = (
    "The key file (keyslots.json) is not that of these records, or it is of another day: its key does not open them.",
    (
        "Nothing was changed. Take the key file of the last backup; passwords and the recovery code are then those of"
        " its day. If the records do not open with it either, restore the last backup."
    ),
)
CUT_OFF = "The set-up was cut off before. Make a new recovery code under People, unless the first one was written down."


def second_folder(store: Store) -> str:
    """Return the folder that gets a second copy of each backup, "" for none."""
    return str(store.setting(SECOND_FOLDER) or "")


class Records:
    """Where the records are, and what can be done with all of them at once.

    What says "slow" takes up to seconds and may run on any thread; the rest belongs to the thread of the store.
    UserError and StoreError say why something could not be done.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self.path = folder / DATABASE
        self._now = now

    def find(self) -> State:
        """Tell what is there; StoreError where no records must be."""
        check_place(self.path)
        if vault.exists(self.path):
            return "locked"
        found = find_records(self.path)
        if found == "none" and self.backups():
            return "no key file"
        return {"none": "new", "plain": "plain", "encrypted": "no key file"}[found]  # type: ignore[return-value]

    def names(self) -> list[str]:
        """Return the names of those who can sign in."""
        return [name for _, name in vault.users(self.path)]

    def create(self, name: str, password: str) -> tuple[Session, str]:
        """Lock the records, new ones or those of a release without passwords; slow. The code is returned this once."""
        clinic_id = uuid.uuid4().hex
        if self.find() == "plain":
            with open_store(self.path) as store:
                clinic_id = store.clinic_id()
        return vault.create_vault(self.path, clinic_id, name, password)

    def unlock(self, name: str, password: str) -> Session:
        """Return the session of a user; slow."""
        session = self._settle(vault.unlock(self.path, name, password))
        if session.is_new:
            session.notice = f"{session.notice} {CUT_OFF}".strip()
        return session

    def unlock_with_code(self, code: str) -> Session:
        """Return a session for the recovery code; slow."""
        return self._settle(vault.unlock_with_code(self.path, code))

    def encrypt(self, session: Session) -> bool:
        """Put records without a key under the session's, and tell whether there were any; slow."""
        if find_records(self.path) != "plain":
            return False
        encrypt_records(self.path, bytes(session.key), self._now())
        return True

    def open(self, session: Session) -> Store:
        """Open the store, where nobody is signed in yet; what of the set-up was cut off is done now."""
        try:
            store = open_store(self.path, bytes(session.key), create=session.is_new, clinic_id=session.clinic_id)
        except OtherKeyError:
            self._check_key_file()
            raise
        try:
            if not store.users(removed=True):
                user_id, name = (session.user_id, session.name) if session.user_id else vault.users(self.path)[0]
                store.add_user(name, "administrator", self._now(), user_id)
            if session.is_new:
                vault.mark_made(self.path, session)
        except BaseException:
            store.close()
            raise
        return store

    def open_damaged(self, session: Session) -> Store:
        """Open damaged records for reading only; StoreError if not even that is possible.

        What was looked at cannot be in their trail; that somebody looked is, once there are whole ones again.
        """
        return open_damaged(self.path, bytes(session.key))

    def open_somehow(self, session: Session) -> Store:
        """Open the store, or damaged records for reading only; StoreError, as `open` has it, if neither is possible."""
        try:
            return self.open(session)
        except StoreError:
            with suppress(StoreError):
                return self.open_damaged(session)
            raise

    def is_readable(self, session: Session) -> bool:
        """Tell whether `open_damaged` would open the records, with the store closed."""
        try:
            self.open_damaged(session).close()
        except StoreError:
            return False
        return True

    def sign_in(self, store: Store, session: Session, *, by_code: bool = False, restored: str = "") -> list[str]:
        """Let the session's user act in the store, and return sentences to show."""
        if store.is_damaged:
            told = store.sign_in(session.user_id, self._now(), by_code=by_code)
            tries.add_reading(self.path, session.user_id, self._now())
            return told
        with suppress(StoreError):  # a full disk is told by signing in itself
            store.note_backups((backup.folder.name, backup.made_at.astimezone()) for backup in self.backups())
        told = store.sign_in(
            session.user_id,
            self._now(),
            by_code=by_code or session.is_emergency,
            restored=restored,
            failures=tries.failures(self.path),
            readings=tries.readings(self.path),
            rescued=list_rescued(self.path),
        )
        session.is_emergency = False
        tries.forget_told(self.path)
        told += self._compare_key_file(store, session)
        if session.is_due and store.may("remove_user"):
            told.append(NEW_KEY_DUE)
        return [session.notice, *told] if session.notice else told

    def take_over(self, session: Session, user_id: str, name: str, password: str) -> Session:
        """Give a user a new password by the recovery code's session, and return that user's session; slow."""
        vault.add_user(self.path, session, "", user_id, name, password)
        return replace(session, user_id=user_id, name=name, by_code=False, is_emergency=True)

    def check_new(self, session: Session, own: str, name: str, password: str | None) -> None:
        """Raise UserError unless a change of people can be made: the own password, and a new one; slow."""
        if password is not None:
            passwords.check(password, name)
        vault.confirm(self.path, session, own)

    def give_password(self, session: Session, own: str, user_id: str, name: str, password: str) -> None:
        """Let a user of the store sign in with this password; slow."""
        vault.add_user(self.path, session, own, user_id, name, password)

    def take_password(self, session: Session, own: str, user_id: str, administrators: list[str]) -> None:
        """Keep a user from signing in; slow. They may have kept the key: `renew_key` comes next."""
        vault.remove_user(self.path, session, own, user_id, administrators)

    def renew_key(
        self, session: Session, own: str, second: str = "", progress: Callable[[float], bool] = lambda _share: True
    ) -> str:
        """Put the records under a new key, which the session has then, and back them up; slow, with the store closed.

        `progress` is told which share is done, 0 to 1, and returns whether to go on. Returns sentences to show if the
        former key is still in the key file, or no backup has the new one, else "". UserError or StoreError, and nothing
        changed, if the own password is wrong, the user no administrator, the disk full, or `progress` said to stop.
        """
        vault.confirm(self.path, session, own)
        new = secrets.token_bytes(len(session.key))
        session.following = bytearray(new)
        try:
            seal = partial(self._seal_both, session, new, second)
            keys = bytes(session.key), new
            change_key(self.path, keys, session.user_id, self._now(), before_swap=seal, progress=progress)
        finally:
            self._settle(session)
        self._settle(session)  # once more, if it could not be written
        told = [STILL_BOTH] if session.following is not None else []
        try:
            fault = self.back_up(bytes(session.key), second).fault
        except StoreError as error:
            fault = error
        return " ".join([*told, *([f"{NO_BACKUP_YET} {fault}"] if fault else [])])

    def make_code(self, session: Session, own: str) -> str:
        """Return a new recovery code, this once; the one before counts until this one is on paper and kept. Slow."""
        return vault.make_recovery_code(self.path, session, own)

    def keep_code(self, session: Session, code: str) -> None:
        """Let a new recovery code count, and not the one before."""
        vault.keep_recovery_code(self.path, session, code)

    def note_key_file(self, store: Store, session: Session) -> None:
        """Note in the records that the key file was changed; the one before, put back, is told at the next sign-in."""
        with suppress(UserError, StoreError):  # then the next sign-in notes it
            if (present := vault.generation(self.path, session.key)) > store.setting(_GENERATION, 0):
                store.save_setting(_GENERATION, present, self._now())

    def why_not_remembered(self) -> str:
        """Return why this computer can remember nobody, or ""; slow."""
        return device.why_not()

    def remembered(self) -> list[str]:
        """Return the names of those who sign in on this computer without their password."""
        return [name for _, name in device.remembered(self.path)]

    def remember(self, session: Session, own: str, user_id: str) -> None:
        """Let a user sign in on this computer without the password, by its keyring; slow."""
        device.remember(self.path, session, own, user_id)

    def forget(self, session: Session, own: str, user_id: str) -> None:
        """Ask a user for the password again; slow."""
        device.forget(self.path, session, own, user_id)

    def unlock_remembered(self, name: str) -> Session:
        """Return the session of a user who is remembered here; UserError leads to the password. Slow."""
        return self._settle(device.unlock(self.path, name))

    def backups(self) -> list[Backup]:
        """Return the backups beside the records, newest first."""
        return list_backups(self.path.with_name("backups"))

    def is_backup_due(self) -> bool:
        """Tell whether there is no backup of today yet."""
        return is_due(self.path, self._now())

    def back_up(self, key: bytes | None, second: str = "") -> Backup:
        """Make a backup and verify it, with a copy in the second folder if one is named; slow."""
        return make_backup(self.path, key, self._now(), second=Path(second) if second else None)

    def rehearse(self, backup: Backup, key: bytes | None) -> str:
        """Prove that a backup opens and is whole, and say what is in it; slow."""
        found = rehearse_backup(backup.folder, self._key_of(backup, key))
        return f"{found.patients} patients, {found.letters} letters, {found.rows} rows in all"

    def restore(self, backup: Backup, key: bytes | None) -> str:
        """Put a backup in the records' place, with the store closed; say where the present ones are. Slow."""
        own = self._key_of(backup, key)
        aside = restore_backup(backup.folder, self.path, key, self._now(), backup_key=own)
        return ", ".join(path.name for path in aside)

    def restore_key_file(self) -> None:
        """Put the key file of the newest backup that has one in the place of a damaged or missing one."""
        fault: StoreError | None = None
        for backup in self.backups():
            try:
                put_key_file(backup.folder, self.path, self._now())
            except StoreError as error:
                fault = fault or error
            else:
                return
        raise fault or StoreError(
            "There is no backup.", "Look for one on another disk, and put its folder into backups."
        )

    def _check_key_file(self) -> None:
        """Raise UserError if the newest backup has another key file: with that one the records may open."""
        name = keyslots.NAMES[0]
        for backup in self.backups()[:1]:
            kept, present = backup.folder / name, self.path.with_name(name)
            if kept.is_file() and not (present.is_file() and kept.read_bytes() == present.read_bytes()):
                raise UserError(*OTHER_KEY_FILE)

    def _compare_key_file(self, store: Store, session: Session) -> list[str]:
        """Note in the records which key file this is; return a sentence, and leave a note, if it is an older one."""
        with suppress(UserError, StoreError):  # a full disk keeps nobody out
            last, present = store.setting(_GENERATION, 0), vault.generation(self.path, session.key)
            if present < last:
                store.note("older key file used", now=self._now())
            if present != last:
                store.save_setting(_GENERATION, present, self._now())
            if present < last:
                return [OLDER_KEY_FILE]
        return []

    def _seal_both(self, session: Session, new: bytes, second: str) -> None:
        """Make sure that a new key is found with everybody's password, also if the key file is lost right after."""
        vault.start_new_key(self.path, session, new)
        with suppress(StoreError):  # a backup is made next, and it is told if that fails
            renew_key_file(self.path, place_copies(Path(second), session.clinic_id) if second else None)

    def _settle(self, session: Session) -> Session:
        """Let the session have the one of two keys with which the records open, and keep it, if nobody has them open.

        It is tried again at the next sign-in; while neither opens, or another change can be under way, none is dropped.
        """
        if session.following is None:
            return session
        keys = session.keys()
        try:
            settle_key(self.path, keys, partial(vault.keep_key, self.path, session))
        except (UserError, StoreError):
            with suppress(UserError, StoreError):
                if found := find_key(self.path, keys):
                    vault.take_key(self.path, session, found)
        return session

    def _key_of(self, backup: Backup, key: bytes | None) -> bytes | None:
        """Return the key with which a backup opens: the present one, or one that the records had before."""
        if key is None:
            return None
        former: list[bytes] = []
        with suppress(UserError):
            former = vault.former_keys(self.path, key)
        return bytes(find_key(backup.database, [key, *former]) or key)
