"""Wrong passwords: how long to wait after them; and what the audit trail is still to be told of.

What is kept beside the key file survives a restart. Time is counted from the start of the computer, so neither a
clock set back nor one set forward shortens a wait; over a restart of the computer its clock is believed. A file that
was removed or damaged counts as some wrong passwords.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from intake_app.errors import UserError
from intake_app.vault.private_file import write_private

NAME = "sign_in_failures.json"
# Seconds to wait after so many wrong passwords in a row; the last for all above.
DELAYS = (0, 0, 0, 5, 15, 30, 60, 120, 300, 600, 900)
UNKNOWN, CODE = "unknown", "code"  # whose tries: a user's id, or one of these
_LOST = "lost"
_LOST_COUNT = 6
_MOST_FAILURES = 1000  # kept to be told of; the counts go on


class Moment(NamedTuple):
    """Seconds since 1970 by the clock, and since the start of the computer."""

    wall: float
    running: float


class MustWaitError(UserError):
    """Too many wrong passwords: `seconds` are left to wait."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds))
        minutes = -(-self.seconds // 60)
        span = f"{self.seconds} seconds" if self.seconds < 120 else f"{minutes} minutes"  # noqa: PLR2004
        super().__init__(
            "Too many wrong passwords.",
            f"Wait {span}, then try again. Forgotten? Ask an administrator, or use the recovery code.",
        )


def read_clock() -> Moment:
    """Return now."""
    return Moment(time.time(), time.monotonic())


Clock = Callable[[], Moment]


def begin(database: Path, who: str, clock: Clock = read_clock) -> None:
    """Count a try as wrong, before it is made: whoever stops the program half-way gains nothing.

    MustWaitError if the wait after earlier ones is not over; that try is not counted.
    """
    now = clock()
    state = _read(database, now)
    left = max(_seconds_left(state["tries"].get(each), now) for each in (who, _LOST))
    if left > 0:
        _write(database, state)  # a wait that began now, because the file was lost
        raise MustWaitError(left)
    count = state["tries"].get(who, {"count": 0})["count"]
    state["tries"][who] = {"count": count + 1, **now._asdict()}
    state["failures"] = [*state["failures"], [now.wall, who]][-_MOST_FAILURES:]
    _write(database, state)


def succeed(database: Path, who: str, clock: Clock = read_clock) -> None:
    """Take back the last try: it was right, and there is nothing to wait for."""
    state = _read(database, clock())
    state["tries"] = {each: kept for each, kept in state["tries"].items() if each not in {who, _LOST}}
    mine = [place for place, (_, user) in enumerate(state["failures"]) if user == who]
    del state["failures"][mine[-1] : mine[-1] + 1]
    _write(database, state)


def start(database: Path) -> None:
    """Begin with no wrong passwords, beside a new key file."""
    _write(database, {"tries": {}, "failures": [], "readings": []})


def failures(database: Path, clock: Clock = read_clock) -> list[tuple[datetime, str]]:
    """Return the wrong passwords not yet told of: when (UTC), and the user's id, or "" for another name or the code."""
    kept = _read(database, clock())["failures"]
    return [(_read_time(wall), "" if who in {UNKNOWN, CODE} else who) for wall, who in kept]


def add_reading(database: Path, user: str, now: datetime, clock: Clock = read_clock) -> None:
    """Remember that a user looked at damaged records, whose trail cannot be told; UserError if that cannot be kept."""
    state = _read(database, clock())
    _write(database, state | {"readings": [*state["readings"], [now.timestamp(), user]][-_MOST_FAILURES:]})


def readings(database: Path, clock: Clock = read_clock) -> list[tuple[datetime, str]]:
    """Return what `add_reading` was told and the trail was not: when (UTC), and the user's id."""
    return [(_read_time(wall), who) for wall, who in _read(database, clock())["readings"]]


def forget_told(database: Path, clock: Clock = read_clock) -> None:
    """Drop what `failures` and `readings` returned, once it is in the audit trail; waits go on."""
    _write(database, _read(database, clock()) | {"failures": [], "readings": []})


def _seconds_left(entry: dict[str, float] | None, now: Moment) -> float:
    if entry is None:
        return 0
    since = now.running - entry["running"]
    if since < 0:  # the computer was started again: at least since then
        since = max(now.wall - entry["wall"], now.running)
    return DELAYS[min(int(entry["count"]), len(DELAYS) - 1)] - since


def _read(database: Path, now: Moment) -> dict[str, Any]:
    try:
        state = json.loads(database.with_name(NAME).read_bytes())
        tries = {
            str(who): {"count": int(kept["count"]), "wall": float(kept["wall"]), "running": float(kept["running"])}
            for who, kept in state["tries"].items()
        }
        told = {
            name: [[_read_time(wall).timestamp(), str(who)] for wall, who in state.get(name, [])]
            for name in ("failures", "readings")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return {"tries": {_LOST: {"count": _LOST_COUNT, **now._asdict()}}, "failures": [], "readings": []}
    return {"tries": tries, **told}


def _read_time(wall: float) -> datetime:
    return datetime.fromtimestamp(wall, UTC)


def _write(database: Path, state: dict[str, Any]) -> None:
    write_private(database.with_name(NAME), json.dumps(state).encode())
