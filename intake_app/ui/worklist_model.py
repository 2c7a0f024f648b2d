"""The rows of the worklist: who, and where the intake stands, in words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from intake_app import dates
from intake_app.ui import theme
from intake_app.ui.answer_widget import escape_tip

Index = QModelIndex | QPersistentModelIndex
Row = Mapping[str, Any]
COLUMNS = ("Patient", "Born", "Record", "Where it stands")
_ROOT = QModelIndex()
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def say_name(patient: Row) -> str:
    """Return a name as lists have it: LOPEZ, Maria; only one of the two if the other is blank."""
    names = [patient["family_name"], patient["given_names"]]
    return ", ".join(name for name in names if name) or "No name yet"


def say_birth(birth_date: str, today: date) -> str:
    """Return a birth date in words with the age, if it tells one: 3 May 1956 (70)."""
    if not dates.is_date(birth_date):
        return birth_date
    age = dates.age(birth_date, today)
    return dates.say(birth_date) + (f" ({age})" if age is not None else "")


def say_who(patient: Row, today: date) -> str:
    """Return name, birth date, age and record number in one line, without what is blank."""
    parts = [say_name(patient)]
    if patient["birth_date"]:
        parts.append(f"born {say_birth(patient['birth_date'], today)}")
    if patient["record_number"]:
        parts.append(f"record {patient['record_number']}")
    return " · ".join(parts)


def say_ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was, in the words of the desk."""
    seconds = (now - then).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    for size, unit in ((_MINUTE, "minute"), (_HOUR, "hour")):
        count = int(seconds // size)
        if seconds < size * (60 if unit == "minute" else 24):
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    days = (now.date() - then.astimezone(now.tzinfo).date()).days
    return "yesterday" if days == 1 else f"on {dates.say_day(then.astimezone(now.tzinfo).date())}"


def say_standing(row: Row, steps: Mapping[str, str], now: datetime) -> str:
    """Return where an intake stands: a draft with its page, or the letter with its day."""
    if not row.get("intake_id"):
        return "No intake yet"
    version = f"letter version {row['letters']}"
    if row["letters"] and row["closed_at"]:
        issued = datetime.fromisoformat(row["issued_at"]).astimezone(now.tzinfo).date()
        return f"{version.capitalize()} issued {dates.say_day(issued)}"
    parts = [f"Changed since {version}" if row["letters"] else "Draft"]
    if page := steps.get(row["page"] or ""):
        parts.append(f"page {page}")
    count = row["answers"]
    parts.append("no answers yet" if not count else "1 answer" if count == 1 else f"{count} answers")
    parts.append(say_ago(datetime.fromisoformat(row["changed_at"]), now))
    return ", ".join(parts)


def is_draft(row: Row) -> bool:
    """Tell whether a row is an intake from which no letter was issued."""
    return bool(row.get("intake_id")) and not row["letters"]


def is_open(row: Row) -> bool:
    """Tell whether a row is an intake with something that no letter says yet."""
    return bool(row.get("intake_id")) and not row["closed_at"]


class WorklistModel(QAbstractTableModel):
    """What the store found, as a table. `steps` maps page ids to their names."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self._steps: Mapping[str, str] = {}
        self._now = datetime.now().astimezone()

    def show_rows(self, rows: Sequence[Row], now: datetime) -> None:
        """Show these rows as they are at this moment."""
        self.beginResetModel()
        self.rows, self._now = list(rows), now
        self.endResetModel()

    def refresh_words(self, now: datetime, steps: Mapping[str, str] | None = None) -> None:
        """Say anew how long ago things were, and on which page; the rows and the selection stay."""
        self._now = now
        self._steps = self._steps if steps is None else steps
        if self.rows:
            last = len(COLUMNS) - 1
            self.dataChanged.emit(self.index(0, last), self.index(len(self.rows) - 1, last))

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802, D102 Qt's name
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802, D102 Qt's name
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802, D102 Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 Qt's type
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401, D102
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return escape_tip(self._text(row, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{say_who(row, self._now.date())} · {say_standing(row, self._steps, self._now)}"
        if role == Qt.ItemDataRole.FontRole and column == 0:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and column:
            is_open = column == len(COLUMNS) - 1 and not row.get("closed_at")
            return theme.colour("accent" if is_open else "muted")
        return None

    def _text(self, row: Row, column: int) -> str:
        if column == 0:
            return say_name(row)
        if column == 1:
            return say_birth(row["birth_date"], self._now.date())
        return row["record_number"] if column == 2 else say_standing(row, self._steps, self._now)  # noqa: PLR2004
