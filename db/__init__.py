"""Everything the clinic keeps, in one SQLite file; knows nothing about questions, rules or windows."""

from db.backup import Backup, back_up, is_backup_due, list_backups, place_copies, rehearse, renew_key_file
from db.damaged import open_damaged
from db.errors import OtherKeyError, StoreError
from db.new_key import change_key, find_key, settle_key
from db.place import check_place
from db.recovery import encrypt_records, find_records, restore, restore_key_file
from db.roles import ROLES
from db.store import Store, open_store
from db.views import Shape
from db.wal import list_rescued

__all__ = [
    "ROLES",
    "Backup",
    "OtherKeyError",
    "Shape",
    "Store",
    "StoreError",
    "back_up",
    "change_key",
    "check_place",
    "encrypt_records",
    "find_key",
    "find_records",
    "is_backup_due",
    "list_backups",
    "list_rescued",
    "open_damaged",
    "open_store",
    "place_copies",
    "rehearse",
    "renew_key_file",
    "restore",
    "restore_key_file",
    "settle_key",
]
