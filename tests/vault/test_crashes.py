"""Crashes and full disks: each call to the system fails in turn, and nobody is shut out."""

import errno
import os
from dataclasses import replace

import pytest
from locked import ANN, BEN, CHEAP, CLINIC, ORBIT, PLUM, refuse, renew_code

from intake_app import vault
from intake_app.errors import UserError
from intake_app.vault import keyslots, private_file
from intake_app.vault.tries import Moment

CALLS = ("fsync", "replace", "unlink", "open", "fdopen", "close")


class Crash(BaseException):
    """The process ends here."""


def break_at(monkeypatch, number, error):
    """Let the call with this number, counted from 0 over all calls to the system, fail; return what was called."""
    called = []

    def guard(name, real):
        def call(*arguments, **more):
            called.append(name)
            if len(called) == number + 1 or (isinstance(error, Crash) and len(called) > number):
                raise error
            return real(*arguments, **more)

        return call

    patched = type("os", (), {name: staticmethod(guard(name, getattr(os, name))) for name in CALLS})
    patched.O_RDONLY = os.O_RDONLY
    monkeypatch.setattr(private_file, "os", patched)
    return called


VERBS = {
    "add": lambda path, ann: vault.add_user(path, ann, PLUM, "b" * 32, BEN, ORBIT),
    "change": lambda path, ann: vault.change_password(path, ann, PLUM, ORBIT),
    "remove": lambda path, ann: vault.remove_user(path, ann, PLUM, "d" * 32, {ann.user_id}),
    "code": lambda path, ann: renew_code(path, ann, PLUM),
    "new key": lambda path, ann: vault.start_new_key(path, replace(ann), bytes(32)),
    "kept key": lambda path, ann: vault.keep_key(path, replace(ann, key=bytearray(ann.key)), bytes(ann.key)),
}


FULL = OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("verb", "error"), [*((verb, Crash()) for verb in VERBS), ("change", FULL)], ids=[*VERBS, "change on a full disk"]
)
def test_wherever_a_change_is_cut_off_the_records_still_open(tmp_path, verb, error):
    finished = 0
    start = tmp_path / "start" / "clinic.db"
    ann, code = vault.create_vault(start, CLINIC, ANN, PLUM, CHEAP)
    vault.add_user(start, ann, PLUM, "d" * 32, "Dee Fox", ORBIT)
    files = {file.name: file.read_bytes() for file in start.parent.iterdir()}
    for number in range(60):
        path = tmp_path / str(number) / "clinic.db"
        path.parent.mkdir()
        for name, content in files.items():
            path.with_name(name).write_bytes(content)
        with pytest.MonkeyPatch.context() as patch:
            called = break_at(patch, number, error)
            try:
                VERBS[verb](path, ann)
                finished += 1
            except (Crash, UserError):
                pass
        if len(called) <= number:
            break
        check_somebody_gets_in(path, ann, code, verb)
    assert number > 10
    assert finished


def check_somebody_gets_in(path, ann, code, verb):
    """The old or the new password opens, and so does the code, or the new one was made instead."""
    passwords = (PLUM, ORBIT) if verb == "change" else (PLUM,)
    file, _ = keyslots.read(path)
    assert any(
        [ann.key] == keyslots.open_slot(file.slot_of(ann.user_id), CLINIC, word.encode())[0][:1] for word in passwords
    )
    if verb != "code":
        assert vault.unlock_with_code(path, code, lambda: Moment(2e9, 1e9)).key == ann.key


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only file system"), (errno.EIO, "Input/output error")],
)
@pytest.mark.usefixtures("ann")
def test_a_disk_that_is_full_or_read_only_at_the_sign_in_is_told_and_nothing_is_changed(
    path, monkeypatch, number, words
):
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    break_at(monkeypatch, 0, OSError(number, os.strerror(number)))
    told = refuse(f"could not be written: {words}", vault.unlock, path, ANN, PLUM)
    assert "Nothing was changed" in told.hint
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


@pytest.mark.usefixtures("ann")
def test_a_second_copy_on_a_read_only_disk_is_used_and_told(path, monkeypatch):
    path.with_name(keyslots.NAMES[0]).write_bytes(b"")
    monkeypatch.setattr(keyslots, "write_private", lambda *_: (_ for _ in ()).throw(UserError("read-only")))
    file, notice = keyslots.read(path)
    assert (file.clinic, notice) == (CLINIC, keyslots.SECOND_USED)
