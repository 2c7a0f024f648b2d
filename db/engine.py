"""What the store stands on: SQLCipher's SQLite, and sqlite-utils on top of it where something is written."""

import sys
from typing import TYPE_CHECKING

import sqlcipher3
from sqlcipher3 import dbapi2

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

# sqlite-utils uses the module it finds under these names, and catches its errors: this is the only place to import it.
sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = dbapi2

# Reading needs no more than a connection, so the list of patients is there before sqlite-utils is: it takes 70 ms.


def load() -> None:
    """Load sqlite-utils now, from any thread."""
    import sqlite_utils  # noqa: F401, PLC0415 see above


def wrap(connection: dbapi2.Connection) -> "Database":
    """Return sqlite-utils' view of an open connection."""
    from sqlite_utils import Database  # noqa: PLC0415 see above

    # A plugin of some tool installed beside us has no business in these records.
    return Database(connection, execute_plugins=False)


def make_migrations(name: str) -> "Migrations":
    """Return an empty set of migrations."""
    from sqlite_utils import Migrations  # noqa: PLC0415 see above

    return Migrations(name)
