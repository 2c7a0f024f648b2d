"""The clinic's records as a whole: found, made, opened for a person, backed up and restored; knows no window."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from db import (
    Backup,
    Store,
    StoreError,
    check_place,
    encrypt_records,
    find_records,
    list_backups,
    open_store,
)
from db import back_up as make_backup
from db import is_backup_due as is_due
from db import rehearse as rehearse_backup
from db import restore as restore_backup
from db import restore_key_file as put_key_file
from intake_app import vault
from intake_app.vault import Session, passwords, tries

__all__ = ["DATABASE", "Backup", "Records"]
DATABASE = "clinic.db"
SECOND_FOLDER = "backup_folder"  # the setting: where a second copy of each backup goes
State = Literal["new", "plain", "locked", "no key file"]
CUT_OFF = "The set-up was cut off before. Make a new recovery code under People, unless the first one was written down."


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
        session = vault.unlock(self.path, name, password)
        if session.is_new:
            session.notice = f"{session.notice} {CUT_OFF}".strip()
        return session

    def unlock_with_code(self, code: str) -> Session:
        """Return a session for the recovery code; slow."""
        return vault.unlock_with_code(self.path, code)

    def encrypt(self, session: Session) -> bool:
        """Put records without a key under the session's, and tell whether there were any; slow."""
        if find_records(self.path) != "plain":
            return False
        encrypt_records(self.path, bytes(session.key), self._now())
        return True

    def open(self, session: Session) -> Store:
        """Open the store, where nobody is signed in yet; what of the set-up was cut off is done now."""
        key = bytes(session.key)
        store = open_store(self.path, key, create=session.is_new, clinic_id=session.clinic_id)
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

    def sign_in(self, store: Store, session: Session, *, by_code: bool = False, restored: str = "") -> list[str]:
        """Let the session's user act in the store, and return sentences to show."""
        failures = tries.failures(self.path)
        told = store.sign_in(session.user_id, self._now(), by_code=by_code, restored=restored, failures=failures)
        tries.forget_failures(self.path)
        return [session.notice, *told] if session.notice else told

    def take_over(self, session: Session, user_id: str, name: str, password: str) -> Session:
        """Give a user a new password by the recovery code's session, and return that user's session; slow."""
        vault.add_user(self.path, session, "", user_id, name, password)
        return replace(session, user_id=user_id, name=name, by_code=False)

    def check_new(self, session: Session, own: str, name: str, password: str | None) -> None:
        """Raise UserError unless a change of people can be made: the own password, and a new one; slow."""
        if password is not None:
            passwords.check(password, name)
        vault.confirm(self.path, session, own)

    def give_password(self, session: Session, own: str, user_id: str, name: str, password: str) -> None:
        """Let a user of the store sign in with this password; slow."""
        vault.add_user(self.path, session, own, user_id, name, password)

    def take_password(self, session: Session, own: str, user_id: str, administrators: list[str]) -> None:
        """Keep a user from signing in; slow."""
        vault.remove_user(self.path, session, own, user_id, administrators)

    def renew_code(self, session: Session, own: str) -> str:
        """Return a new recovery code, this once; slow."""
        return vault.renew_recovery_code(self.path, session, own)

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
        found = rehearse_backup(backup.folder, key)
        return f"{found.patients} patients, {found.letters} letters, {found.rows} rows in all"

    def restore(self, backup: Backup, key: bytes | None) -> str:
        """Put a backup in the records' place, with the store closed; say where the present ones are. Slow."""
        aside = restore_backup(backup.folder, self.path, key, self._now())
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
