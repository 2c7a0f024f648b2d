"""A real database in a temporary folder, a clock that goes on, and ways to reach behind the store."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from db import open_store

DAWN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def now():
    """Return a clock: each call is a second later."""
    seconds = count(1)
    return lambda: DAWN + timedelta(seconds=next(seconds))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "clinic" / "clinic.db"


@pytest.fixture
def store(path):
    with open_store(path) as store:
        yield store


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Return one store for all examples of a property; each example starts an intake of its own."""
    with open_store(tmp_path_factory.mktemp("shared") / "clinic.db") as store:
        yield store


@pytest.fixture
def intake_id(store, now):
    return store.start_intake(store.add_patient({"family_name": "Invented"}, now()), now())


@pytest.fixture
def read():
    """Return what a query finds in a store's file, as it stands."""
    return lambda store, sql, *parameters: store._db.execute(sql, parameters).fetchall()
