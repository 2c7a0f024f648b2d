"""Promise one, an answer is never lost: the process killed, the disk full, the disk read-only."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from db import StoreError, list_rescued, open_store

ROOT = Path(__file__).resolve().parents[2]
WRITER = Path(__file__).with_name("keep_saving.py")
KEY = bytes(range(32))
NOBODY = "65534"


def command(path, *more):
    return [sys.executable, str(WRITER), str(path), *more]


def run(words, **more):
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **more}
    result = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert not result.stderr, result.stderr
    return result.stdout


@contextmanager
def at_most(size):
    """Let no file grow beyond this many bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def kill_after(path, acknowledged, *more):
    """Start the writer, kill it at once after so many saves, and return the saves it had told of."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command(path, *more), stdout=subprocess.PIPE, env=environment) as writer:
        lines = [writer.stdout.readline() for _ in range(acknowledged)]
        writer.send_signal(signal.SIGKILL)
        # The writer went on until the signal came; its last line may be cut.
        lines += writer.stdout.read().splitlines(keepends=True)
    return [tuple(map(int, line.split())) for line in lines if line.endswith(b"\n")]


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_nothing_is_lost_or_torn_when_the_process_is_killed(path, now, key):
    with open_store(path, key) as store:
        intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, now()), now())
        store.mark_open(intake_id)
    for acknowledged in (1, 7, 19, 33, 50):
        with open_store(path, key) as store:
            before = store.intake(intake_id)["page"], len(store.journal(intake_id))
        saved = kill_after(path, acknowledged, *([key.hex()] if key else []))
        assert len(saved) >= acknowledged
        with open_store(path, key) as store:
            assert store._db.execute("pragma integrity_check").fetchall() == [("ok",)]
            assert store.interrupted_intake()["id"] == intake_id
            check_saved(store, intake_id, saved, before)
    assert not list_rescued(path), "a kill damages nothing"


def check_saved(store, intake_id, saved, before):
    """Every save told of is there, in its order; the journal and the answers tell the same; the page is right."""
    page, journal = before[0], store.journal(intake_id)[before[1] :]
    written = [(row["new_value"], row["question"]) for row in journal if row["question"].startswith("question_")]
    assert written[: len(saved)] == [(turn, f"question_{number}") for turn, number in saved]
    assert len(written) <= len(saved) + 1, "at most the one save that was not told of yet"
    answers = store.answers(intake_id)
    assert {question: turn for turn, question in written}.items() <= answers.items()
    turn, number = saved[-1]
    earlier = page if turn == saved[0][0] else f"page_{turn - 1}"
    assert store.intake(intake_id)["page"] in ({earlier, f"page_{turn}"} if number == 19 else {earlier})


def test_a_full_disk_is_told_and_what_was_saved_is_kept(store, intake_id, now):
    store.save_answer(intake_id, "fever", "no", now())
    with at_most(Path(store._db.execute("pragma database_list").fetchall()[0][2]).stat().st_size // 2):
        with pytest.raises(StoreError) as caught:
            store.save_answer(intake_id, "own_words", "x" * 500_000, now())
        assert "disk" in caught.value.what
        assert "saved before is kept" in caught.value.hint
        assert store.answers(intake_id) == {"fever": "no"}
    store.save_answer(intake_id, "own_words", "there is room again", now())
    assert store.answers(intake_id) == {"fever": "no", "own_words": "there is room again"}


def test_a_database_is_made_whole_or_not_at_all_whenever_the_disk_fills_up(path):
    refused = 0
    for size in range(0, 300_000, 8_000):
        with at_most(size):
            try:
                open_store(path).close()
            except StoreError as error:
                refused += 1
                assert "disk" in error.what  # noqa: PT017 it may also work
        left = {file.name for file in path.parent.iterdir()}
        assert left in ({"clinic.db.lock"}, {"clinic.db.lock", "clinic.db"})
        if "clinic.db" in left:
            open_store(path).close()
            path.unlink()
    assert 2 < refused < 37


def test_a_small_disk_fills_up_and_keeps_what_was_told(path, now):
    with open_store(path) as store:
        store.start_intake(store.add_patient({}, now()), now())
    words = f"mount -t tmpfs -o size=1m tmpfs {path.parent} && cp {path.parent.parent}/copy.db {path} && "
    shutil.copy(path, path.parent.parent / "copy.db")
    check = f'{sys.executable} -c \'import sys, pathlib, db; s = db.open_store(pathlib.Path(sys.argv[1])); print(len(s.journal(s.worklist()[0]["intake_id"])), s._db.execute("pragma integrity_check").fetchall())\' {path}'
    script = words + " ".join(command(path)) + f" && rm -f {path.parent}/filler && {check}"
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    *saves, told, kept = run(["unshare", "-rm", "sh", "-c", script]).splitlines()
    assert told.startswith("told: ")
    assert "disk" in told
    turns, numbers = int(saves[-1].split()[0]), int(saves[-1].split()[1]) + 1
    assert int(kept.split()[0]) >= (turns - 1) * 22 + 2 + numbers
    assert kept.endswith("[('ok',)]")


@pytest.fixture
def foreign_folder():
    """Return a folder that another account can reach but, as made here, not write."""
    folder = Path(tempfile.mkdtemp(prefix="records-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def run_unprivileged(words):
    return run(words, **({"BECOME": NOBODY} if os.geteuid() == 0 else {}))


def test_a_read_only_folder_is_told(foreign_folder):
    path = foreign_folder / "clinic.db"
    open_store(path).close()
    path.chmod(0o644)
    if os.geteuid():
        foreign_folder.chmod(0o555)
    assert run_unprivileged(command(path)).startswith("told: The records cannot be changed: ")
    assert run_unprivileged(command(foreign_folder / "new" / "clinic.db")).startswith("told: The records cannot be")
    foreign_folder.chmod(0o755)


def test_a_read_only_file_is_told_and_not_changed(foreign_folder):
    path = foreign_folder / "clinic.db"
    open_store(path).close()
    before = path.read_bytes()
    path.chmod(0o444)
    foreign_folder.chmod(0o777)
    (foreign_folder / "clinic.db.lock").unlink()
    assert run_unprivileged(command(path)).startswith("told: The records cannot be changed: ")
    assert path.read_bytes() == before


def test_a_file_that_may_not_be_read_is_told(foreign_folder):
    path = foreign_folder / "clinic.db"
    open_store(path).close()
    path.chmod(0)
    foreign_folder.chmod(0o777)
    (foreign_folder / "clinic.db.lock").unlink()
    assert run_unprivileged(command(path)).startswith("told: The records file cannot be opened. | Check")


def rename(path):
    path.rename(path.with_name("old.db"))


def replace(path):
    shutil.copy(path, path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)


def remove_log(path):
    path.with_name(f"{path.name}-wal").unlink()


@pytest.mark.parametrize("happens", [rename, replace, Path.unlink, remove_log])
def test_nothing_is_acknowledged_into_a_file_that_nobody_finds_again(path, now, happens):
    with open_store(path, KEY) as store:
        intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, now()), now())
        with store.open_twin(KEY) as twin:
            happens(path)
            for each in (store, twin):
                with pytest.raises(StoreError, match="moved, replaced or removed"):
                    each.save_answer(intake_id, "fever", "yes", now())


def test_a_file_put_back_takes_answers_again(path, now):
    with open_store(path) as store:
        intake_id = store.start_intake(store.add_patient({"family_name": "Invented"}, now()), now())
        rename(path)
        with pytest.raises(StoreError):
            store.save_answer(intake_id, "fever", "yes", now())
        path.with_name("old.db").rename(path)
        store.save_answer(intake_id, "fever", "no", now())
    with open_store(path) as store:
        assert store.answers(intake_id) == {"fever": "no"}
