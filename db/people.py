"""The people who may sign in, and who is signed in now."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from db.audit import ROWS_CHECKED_AT_START, Audit
from db.chain import Event, append
from db.errors import StoreError
from db.roles import ADMINISTRATOR, NOBODY, ROLES, UNGUARDED, check_right, find_right, verb
from db.tables import Acting, Row, make_id, stamp

READ_DAMAGED = "read while damaged"
LOST = "last changes damaged"
_NO_USER = "This user has no account in these records."
_COLUMNS = "id, name, role, created_at, removed_at"
_LONGEST_NAME = 80


class People(Audit):
    """Users with their roles; whoever is signed in stands behind every change and has no more than their rights."""

    @property
    def user_id(self) -> str:
        """The id of whoever is signed in, or ""."""
        return self._acting.id

    @property
    def user_name(self) -> str:
        """The name of whoever is signed in, or ""."""
        return self._acting.name

    @verb
    def may(self, verb_name: str, detail: str = "") -> bool:
        """Tell whether whoever is signed in may use a verb of the store, or change a setting (`detail`)."""
        try:
            check_right(self.role, find_right(verb_name, detail))
        except StoreError:
            return False
        return True

    @verb
    def users(self, *, removed: bool = False) -> list[Row]:
        """Return id, name, role, created_at and removed_at of each user, by name; those removed if asked for."""
        condition = "1" if removed else "removed_at is null"
        return self._rows(f"select {_COLUMNS} from users where {condition} order by name_key, created_at")  # noqa: S608

    @verb
    def sign_in(
        self,
        user_id: str,
        now: datetime,
        *,
        by_code: bool = False,
        restored: str = "",
        failures: Iterable[tuple[datetime, str]] = (),
        readings: Iterable[tuple[datetime, str]] = (),
        rescued: Iterable[tuple[str, datetime]] = (),
    ) -> list[str]:
        """Let a user, whose password was checked, act from now on; StoreError for one without an account.

        `by_code`: it was the recovery code that opened the records. `restored`: the name of the backup that was put in
        their place before. `failures` are the wrong passwords since the last time, as (time, user's id or ""), and
        `readings` when a user looked at the records while they were damaged; `rescued` are the copies of records whose
        last changes were damaged (`list_rescued`); they go into the trail. Returns sentences that this user should see:
        about them, a trail that was tampered with, and a clock that was set back.
        """
        row = self._user(user_id)
        notices = self._find_notices(now)
        events = [Event(stamp(now), user_id, "emergency access" if by_code else "signed in", "")]
        events += [events[0]._replace(action="records restored", record=f"backup/{restored}")] if restored else []
        earlier = [Event(stamp(moment), reader, READ_DAMAGED, "") for moment, reader in readings]
        lost = [each for each in rescued if not self._is_noted(f"records/{each[0]}", LOST)]
        earlier += [Event(stamp(moment), "", LOST, f"records/{name}") for name, moment in lost]
        wrong = self._keep_sign_in([*earlier, *events], failures)
        self._acting = Acting(row["id"], row["name"], row["role"])
        if wrong:
            times = "A wrong password was" if wrong == 1 else f"{wrong} wrong passwords were"
            notices.insert(0, f"{times} entered on this computer since the last time somebody signed in.")
        return [_describe_loss(*each) for each in lost] + notices

    @verb
    def sign_out(self, now: datetime) -> None:
        """Let nobody act until the next sign-in: at the end, and when the window locks.

        So it is also after a StoreError, which says why it is not in the trail.
        """
        try:
            if self._acting.id:
                with self._saving():
                    self._note("signed out", "", stamp(now))
        finally:  # a full disk must not keep the records open
            self._find_role()

    @verb
    def add_user(self, name: str, role: str, now: datetime, user_id: str = "") -> str:
        """Add a user with a role of ROLES and return the id, a new one if none is given; the first is an administrator.

        Once there is a user, somebody has to sign in. StoreError for an empty, overlong or taken name.
        """
        name = " ".join(name.split())
        key = _fold(name)
        self._check_name(name, key)
        if role not in ROLES or (role != ADMINISTRATOR and self.role == UNGUARDED):
            raise ValueError("the first user is an administrator, others have one of the roles")
        user_id, moment = user_id or make_id(), stamp(now)
        with self._saving() as db:
            db.execute("insert into users values (?, ?, ?, ?, ?, null)", [user_id, name, key, role, moment])
            self._note("user added", f"user/{user_id}", moment, None, role)
        if self.role == UNGUARDED:
            self._find_role()
        return user_id

    @verb
    def change_role(self, user_id: str, role: str, now: datetime) -> None:
        """Give a user another role of ROLES; StoreError for the last administrator."""
        if role not in ROLES:
            raise ValueError("no such role")
        with self._saving() as db:
            user = self._user(user_id)
            if role != ADMINISTRATOR:
                self._keep_an_administrator(user_id)
            db.execute("update users set role = ? where id = ?", [role, user_id])
            self._note("role changed", f"user/{user_id}", stamp(now), user["role"], role)
        if user_id == self.user_id:
            self._acting = self._acting._replace(role=role)

    @verb
    def remove_user(self, user_id: str, now: datetime) -> None:
        """End a user's account; what they did keeps their name. StoreError for oneself and the last administrator."""
        if user_id == self.user_id:
            raise StoreError("This is your own account.", "Another administrator can remove it.")
        with self._saving() as db:
            self._user(user_id)
            self._keep_an_administrator(user_id)
            db.execute("update users set removed_at = ? where id = ?", [stamp(now), user_id])
            self._note("user removed", f"user/{user_id}", stamp(now))

    def _user(self, user_id: str) -> Row:
        rows = self._rows(f"select {_COLUMNS} from users where id = ? and removed_at is null", [user_id])  # noqa: S608
        if not rows:
            raise StoreError(_NO_USER, "Ask an administrator of the clinic.")
        return rows[0]

    def _keep_sign_in(self, events: Iterable[Event], failures: Iterable[tuple[datetime, str]]) -> int:
        """Add a sign-in, with what was to be told before it, to the trail; return how many wrong passwords are new."""
        with self._saving():
            wrong = self._note_failures(failures)
            for event in events:
                append(self._connection, event)
        return wrong

    def _find_notices(self, now: datetime) -> list[str]:
        told = []
        checks = (partial(self._verify_trail, ROWS_CHECKED_AT_START), partial(self.check_clock, now))
        for check in checks:
            try:
                check()
            except StoreError as error:
                told.append(str(error))
        return told

    def _find_role(self) -> None:
        """Nobody is signed in: with no users at all, everything is open to whoever has the file."""
        some = self._rows("select 1 from users limit 1")
        self._acting = Acting("", "", NOBODY if some else UNGUARDED)

    def _check_name(self, name: str, key: str) -> None:
        if not name or len(name) > _LONGEST_NAME:
            raise StoreError(
                "A user needs a name.", f"Enter the person's own name, at most {_LONGEST_NAME} characters."
            )
        if self._rows("select 1 from users where name_key = ? and removed_at is null", [key]):
            raise StoreError("There is already a user of this name.", "Add something that tells the two apart.")

    def _keep_an_administrator(self, user_id: str) -> None:
        others = "select 1 from users where role = ? and removed_at is null and id <> ?"
        if not self._rows(others, [ADMINISTRATOR, user_id]):
            raise StoreError("This is the last administrator.", "Make somebody else an administrator first.")


def _describe_loss(name: str, moment: datetime) -> str:
    return (
        f"Part of what was saved last before the program or the computer stopped on {moment:%d %B %Y at %H:%M} was"
        " damaged on the disk, and the newest answers may be missing. Compare the intakes of that day with your own"
        f" notes, and have the disk checked. What was damaged is kept beside the records, in {name}."
    )


def _fold(name: str) -> str:
    """Return a name as compared: 'ann  lee' is 'Ann Lee'."""
    return unicodedata.normalize("NFKC", name).casefold()
