"""What a crash leaves in the journal beside the file: nothing that was kept goes missing without a word."""

import shutil
from contextlib import suppress

import pytest

from db import StoreError, find_key, list_rescued, open_damaged, open_store
from db.connection import PAGE_BYTES, lock_database
from db.people import LOST

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
HEADER, STEP = 32, 24 + PAGE_BYTES
CONTENT = 500  # somewhere in the content of a frame
ANSWERS = 6


class Crashed:
    """Records as a killed program leaves them: with a user, an intake, and answers of which each is a transaction."""

    def __init__(self, path, now):
        self.path, self.now, self.alive = path, now, path.with_name("alive") / path.name
        self.wal, self.index = (path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm"))
        with open_store(self.alive, KEY) as store:
            self.ada = store.add_user("Ada", "administrator", now())
            store.sign_in(self.ada, now())
            self.intake = store.start_intake(store.add_patient({"family_name": "Invented"}, now()), now())
        with open_store(self.alive, KEY) as store:
            store.sign_in(self.ada, now())
            for number in range(ANSWERS):
                store.save_answer(self.intake, f"question_{number}", "pain", now())
            self.kill()
            store._connection.execute("pragma wal_checkpoint(passive)").fetchall()
            self.moved = self.alive.read_bytes()  # and nothing is written to the journal again

    def kill(self):
        """Leave what the records that are alive would leave if their program was killed now."""
        for ending in ("", "-wal", "-shm"):
            shutil.copy(self.alive.with_name(self.path.name + ending), self.path.with_name(self.path.name + ending))
        self.commits = [number for number, head in enumerate(self.heads()) if any(head[4:])]

    def heads(self):
        raw = self.wal.read_bytes()
        return [raw[at : at + 8] for at in range(HEADER, len(raw), STEP)]

    def damage(self, frame, at=CONTENT):
        """Change one bit in a frame, by its number and the place in it."""
        content = bytearray(self.wal.read_bytes())
        content[HEADER + frame * STEP + at] ^= 0x10
        self.wal.write_bytes(content)

    def sign_in(self):
        """Open the records; return what is told of the journal, and how many answers are there: the first ones."""
        with open_store(self.path, KEY) as store:
            told = store.sign_in(self.ada, self.now(), rescued=list_rescued(self.path))
            answers = sorted(store.answers(self.intake))
            assert answers == [f"question_{number}" for number in range(len(answers))]
            return [words for words in told if "may be missing" in words], len(answers)


@pytest.fixture
def crashed(path, now):
    return Crashed(path, now)


@pytest.fixture
def cut(crashed):
    """Return the same as a power cut can leave it: the index was never waited for."""
    crashed.index.unlink()
    return crashed


def test_a_crash_alone_is_not_told(crashed):
    assert crashed.sign_in() == ([], ANSWERS)


PLACES = {"page": 3, "size": 4, "salts": 9, "sums": 20, "content": CONTENT}


@pytest.mark.parametrize("place", PLACES)
def test_answers_behind_a_damaged_place_are_told_and_kept_as_they_are(cut, place):
    cut.damage(cut.commits[2] + 1, PLACES[place])
    before = cut.path.read_bytes(), cut.wal.read_bytes()
    told, answers = cut.sign_in()
    assert (len(told), answers) == (1, 2)  # the sign-in is a transaction, too
    [(name, _)] = list_rescued(cut.path)
    assert name in told[0]
    copies = cut.path.with_name(name), cut.path.with_name(f"{name}-wal")
    assert tuple(copy.read_bytes() for copy in copies) == before
    assert {copy.stat().st_mode & 0o077 for copy in copies} == {0}


def test_it_is_told_once_and_stays_in_the_trail(crashed):
    crashed.damage(crashed.commits[2] + 1)
    assert [len(crashed.sign_in()[0]) for _ in range(3)] == [1, 0, 0]
    with open_store(crashed.path, KEY) as store:
        store.sign_in(crashed.ada, crashed.now())
        [row] = store.audit(action=LOST)
        assert row["record"] == f"records/{list_rescued(crashed.path)[0][0]}"
        store.audit_verify()


@pytest.mark.parametrize("at", [2, 6, 13, 17, 25])
def test_a_damaged_beginning_of_the_journal_is_told(cut, at):
    cut.damage(0, at - HEADER)
    told, answers = cut.sign_in()
    assert (len(told), answers) == (1, 0)


def test_the_very_last_answer_is_missed_by_the_index(crashed):
    crashed.damage(crashed.commits[-1])
    told, answers = crashed.sign_in()
    assert (len(told), answers) == (1, ANSWERS - 1)


def test_a_journal_cut_short_is_missed_by_the_index(crashed):
    content = crashed.wal.read_bytes()
    crashed.wal.write_bytes(content[: HEADER + STEP * (crashed.commits[3] + 1)])
    told, answers = crashed.sign_in()
    assert (len(told), answers) == (1, 3)


def test_without_the_index_the_very_last_answer_may_as_well_never_have_been_kept(cut):
    """The power may have gone while it was saved: then its pages reach the disk in any order."""
    cut.damage(cut.commits[-1])
    assert cut.sign_in() == ([], ANSWERS - 1)


@pytest.mark.parametrize("content", [b"", b"of something else", bytes(200)])
def test_an_index_that_says_nothing_is_not_believed(crashed, content):
    crashed.index.write_bytes(content)
    crashed.damage(crashed.commits[-1])
    assert crashed.sign_in() == ([], ANSWERS - 1)


@pytest.mark.parametrize("place", ["content", "sums"])
@pytest.mark.parametrize("transaction", [0, 3, -1])
def test_what_the_file_has_already_is_not_undone_by_a_damaged_journal(cut, transaction, place):
    cut.path.write_bytes(cut.moved)
    cut.damage(cut.commits[transaction] - 1, PLACES[place])
    told, answers = cut.sign_in()
    assert (len(told), answers) == (1, ANSWERS)


def test_what_the_file_has_already_is_known_from_the_index_too(crashed):
    content = bytearray(crashed.index.read_bytes())
    content[96:100] = content[16:20]  # all of it moved
    crashed.index.write_bytes(content)
    crashed.path.write_bytes(crashed.moved)
    for frame in range(crashed.commits[1], len(crashed.heads())):
        crashed.damage(frame)
        crashed.damage(frame, PLACES["page"])
    assert crashed.sign_in()[1] == ANSWERS


def test_a_file_that_has_a_part_of_a_damaged_journal_is_refused_and_can_be_looked_at(cut):
    """With what can be read of the journal it would be as it was at no moment; with the backup it is."""
    content, pages = bytearray(cut.path.read_bytes()), [int.from_bytes(head[:4]) for head in cut.heads()]
    start = [(page - 1) * PAGE_BYTES for page in pages if page * PAGE_BYTES <= len(content)][-1]
    content[start : start + PAGE_BYTES] = cut.moved[start : start + PAGE_BYTES]
    cut.path.write_bytes(content)
    cut.damage(cut.commits[2])
    before = cut.wal.read_bytes()
    for _ in range(2):
        with pytest.raises(StoreError, match="is damaged"):
            open_store(cut.path, KEY)
    assert len(list_rescued(cut.path)) == 1
    assert cut.wal.read_bytes() == before
    open_damaged(cut.path, KEY).close()


def test_nothing_is_opened_as_long_as_it_cannot_be_kept(crashed, monkeypatch):
    crashed.damage(crashed.commits[2])
    before = crashed.path.read_bytes(), crashed.wal.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("db.wal.copy_file", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(StoreError, match="disk is full"):
            open_store(crashed.path, KEY)
    assert (crashed.path.read_bytes(), crashed.wal.read_bytes()) == before
    assert len(crashed.sign_in()[0]) == 1


def test_another_key_costs_nothing_and_it_is_told_to_whoever_has_the_right_one(crashed):
    crashed.damage(crashed.commits[2] + 1)
    before = crashed.wal.read_bytes()
    for _ in range(2):
        with pytest.raises(StoreError, match="does not open with this key"):
            open_store(crashed.path, OTHER_KEY)
    [(name, _)] = list_rescued(crashed.path)
    assert crashed.path.with_name(f"{name}-wal").read_bytes() == before
    told, answers = crashed.sign_in()
    assert (len(told), answers) == (1, 2)


def test_what_another_running_copy_has_open_is_not_looked_at(crashed):
    crashed.damage(crashed.commits[2])
    lock = lock_database(crashed.path)
    before = crashed.wal.read_bytes()
    with pytest.raises(StoreError, match="already running"):
        open_store(crashed.path, KEY)
    lock.release()
    assert list_rescued(crashed.path) == []
    assert crashed.wal.read_bytes() == before


def test_looking_for_the_key_leaves_what_a_crash_left(crashed):
    before = {file.name: file.read_bytes() for file in crashed.path.parent.iterdir() if file.is_file()}
    assert find_key(crashed.path, [OTHER_KEY, KEY]) == KEY
    assert {file.name: file.read_bytes() for file in crashed.path.parent.iterdir() if file.is_file()} == before


def test_what_was_taken_back_before_a_crash_is_not_missed(crashed):
    """A change too large for the memory stands in the journal before it is kept, and stays there if it never is."""
    with open_store(crashed.alive, KEY) as store:
        store.sign_in(crashed.ada, crashed.now())
        store._connection.execute("pragma cache_size = 5")
        with suppress(KeyError), store.at_once():
            for number in range(40):
                store.save_answer(crashed.intake, f"taken_back_{number}", "x" * 3000, crashed.now())
            raise KeyError
        store.save_answer(crashed.intake, "question_6", "pain", crashed.now())
        crashed.kill()
    assert len(crashed.heads()) > crashed.commits[-1] + 5
    crashed.damage(crashed.commits[-1] + 3)
    assert crashed.sign_in() == ([], ANSWERS + 1)
