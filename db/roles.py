"""Who may do what with the records: one table, which guards every verb of the store and is printed in the README."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar, cast

from db.errors import StoreError

FRONT_DESK, CLINICIAN, ADMINISTRATOR = "front_desk", "clinician", "administrator"
ROLES = {FRONT_DESK: "front desk", CLINICIAN: "clinician", ADMINISTRATOR: "administrator"}
NOBODY = ""  # before anybody has signed in
UNGUARDED = "unguarded"  # the file has no users at all: a new one, a trial, a release before there were users


# Settings that not everybody may change; each change of them is in the audit trail. All others are the window's own.
SIGNATURES = "rule_signatures"
CLINIC_SETTINGS = {  # with the words for the table
    "letter_logo": "logo",
    "paper": "paper",
    "preprinted_mm": "pre-printed paper",
    "lock_minutes": "lock",
    "safety_hours": "age of the safety questions",
    "escalation_text": "words at an urgent answer",
    "escalation_phone": "telephone called then",
    "benchmark_profile": "documentation benchmark",
    "backup_folder": "second backup folder",
}
OPEN_SETTINGS = ("backup_folder", "lock_minutes", "theme")  # what the start reads before anybody has signed in

P = ParamSpec("P")
T = TypeVar("T")


class Right(NamedTuple):
    """A line of the table: what may be done, in words, by which roles, through which verbs of the store.

    A verb with a word behind it is that verb for the setting of this name.
    """

    what: str
    roles: frozenset[str]
    verbs: tuple[str, ...]


class Guarded(Protocol):
    """What knows the role of the person at the desk."""

    @property
    def role(self) -> str:
        """One of ROLES, NOBODY or UNGUARDED."""


S = TypeVar("S", bound=Guarded)

_START = frozenset({NOBODY, *ROLES})
_EVERYBODY = frozenset(ROLES)
_ADMINISTRATOR = frozenset({ADMINISTRATOR})

RIGHTS = (
    Right(
        "sign in and out, see who has an account and the clinic's name, have it noted that a backup was made",
        _START,
        (
            *("sign_in", "sign_out", "users", "clinic", "clinic_id", "check_clock", "may", "note_backups"),
            *(f"setting {name}" for name in OPEN_SETTINGS),
        ),
    ),
    Right(
        "see patients, intakes, answers, letters, enclosures, recipients and settings",
        _EVERYBODY,
        (
            *("patient", "find_patients", "similar_patients", "recipients", "setting"),
            *("intake", "worklist", "interrupted_intake", "answers", "answered_at", "journal"),
            *("letters", "letter_pdf", "letter_case", "letter_choices", "choices_of_letter"),
            *("enclosure", "enclosure_piece", "unlisted_enclosures"),
        ),
    ),
    Right(
        "record patients and recipients",
        _EVERYBODY,
        ("add_patient", "change_patient", "save_recipient", "remove_recipient"),
    ),
    Right(
        "record intakes and answers, take them back, discard and restore an intake",
        _EVERYBODY,
        (
            *("start_intake", "save_page", "mark_open", "discard_intake", "restore_intake"),
            *("save_answer", "add_entry", "remove_entry", "restore_entry", "undo_last"),
        ),
    ),
    Right(
        "settle to whom a letter goes, copies, enclosures and what is left out",
        _EVERYBODY,
        ("save_letter_choices", "add_enclosure", "add_piece", "remove_enclosure"),
    ),
    Right("issue a letter", _EVERYBODY, ("issue_letter",)),
    Right(
        "keep the window's own settings, note what was viewed, printed or exported",
        _EVERYBODY,
        ("save_setting", "make_views", "note"),
    ),
    Right("sign a rule, or withdraw the signature", frozenset({CLINICIAN}), (f"save_setting {SIGNATURES}",)),
    Right(
        f"change the letterhead and the clinic's settings ({', '.join(CLINIC_SETTINGS.values())})",
        _ADMINISTRATOR,
        ("save_clinic", *(f"save_setting {name}" for name in CLINIC_SETTINGS)),
    ),
    Right(
        "give others a password, make a new recovery code, restore a backup",
        _ADMINISTRATOR,
        (
            *("note password reset", "note remembered on this computer", "note forgotten on this computer"),
            *("note recovery code changed", "note records restored", "note records encrypted"),
        ),
    ),
    Right("add and remove users, change their roles", _ADMINISTRATOR, ("add_user", "remove_user", "change_role")),
    Right(
        "read, search, check and export the audit trail",
        _ADMINISTRATOR,
        ("audit", "audit_count", "audit_actions", "audit_verify", "audit_csv"),
    ),
)
_RIGHT_OF = {verb: right for right in RIGHTS for verb in right.verbs}


def find_right(verb: str, detail: str = "") -> Right:
    """Return the line of the table for a verb, or for that verb of one setting; KeyError if there is none."""
    return _RIGHT_OF.get(f"{verb} {detail}") or _RIGHT_OF[verb]


def check_right(role: str, right: Right) -> None:
    """Raise StoreError unless the role has the right."""
    if role in right.roles or role == UNGUARDED:
        return
    if role == NOBODY:
        raise StoreError("Nobody has signed in.", "Sign in, then try again.")
    raise StoreError(
        f"Your account is for the {ROLES[role]} and may not do this: {right.what}.",
        "Ask an administrator of the clinic.",
    )


def verb(function: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Let a method of the store be called by the roles that the table names for it; one without a line is a bug."""
    right = find_right(function.__name__)

    @wraps(function)
    def checked(self: S, *args: P.args, **more: P.kwargs) -> T:
        check_right(self.role, right)
        return function(self, *args, **more)

    return cast("Callable[Concatenate[S, P], T]", checked)


def as_markdown() -> str:
    """Return the table as it stands in the README."""
    names = [*ROLES]
    rows = [["", "before signing in", *(ROLES[name] for name in names)], ["---"] * (len(names) + 2)]
    rows += [[right.what, *("yes" if role in right.roles else "" for role in (NOBODY, *names))] for right in RIGHTS]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)
