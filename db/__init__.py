"""Everything the clinic keeps, in one SQLite file; knows nothing about questions, rules or windows."""

# First of all imports: it makes sqlite-utils use SQLCipher's SQLite instead of the system's.
from db import connection as _connection  # noqa: F401
from db.errors import StoreError
from db.store import Store, open_store
from db.views import Shape

__all__ = ["Shape", "Store", "StoreError", "open_store"]
