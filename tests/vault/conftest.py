"""A vault in a temporary folder, opened by hand-set clocks.

The passwords here cost what ASVS 5.0 asks at least (3 passes over 12 MiB, 40 ms), given as an explicit argument: the
program has no way to use less, in tests neither.
"""

import pytest
from locked import ANN, CHEAP, CLINIC, PLUM, Clock

from intake_app import vault


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "clinic.db"


@pytest.fixture
def made(path):
    """Return the session of the first administrator and the recovery code."""
    session, code = vault.create_vault(path, CLINIC, ANN, PLUM, CHEAP)
    vault.mark_made(path, session)
    return session, code


@pytest.fixture
def ann(made):
    return made[0]


@pytest.fixture
def code(made):
    return made[1]
