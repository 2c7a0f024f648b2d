"""Everything the clinic keeps, in one SQLite file; knows nothing about questions, rules or windows."""

from db.errors import StoreError
from db.store import Store, open_store
from db.views import Shape

__all__ = ["Shape", "Store", "StoreError", "open_store"]
