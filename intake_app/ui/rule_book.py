"""The rule book on the screen: every rule with its sources, the benchmarks that apply, and a clinician's signatures."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from db import Store
from intake_app import rulebook
from intake_app.case import DEFAULT_PROFILE
from intake_app.factors import GROUPS
from intake_app.questions import Question
from intake_app.rules.benchmarks import PROFILES, profile
from intake_app.ui.answer_widget import make_label
from intake_app.ui.form import Form, make_column
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button
from intake_app.ui.wizard import settle_layouts

INTRO = (
    "What the program looks for in the answers, and who says so. A rule whose number is not confirmed in its source"
    " stays off until a clinician of this clinic signs it here; the letter then names who signed, and when."
)
PROFILE = Question(
    "profile",
    "choice",
    "Documentation benchmarks that apply",
    "Benchmarks",
    options=tuple((name, profile(name)["title"]) for name in PROFILES),
)
FOR_CLINICIANS = "for clinicians"
SIDE = 400  # pixels, or what the widest button needs
OTHERS_SHARE = 0.22  # of the width at most for each of urgency and state
CLINICIAN = (Question("clinician", "text", "Clinician who signs, with role", "Clinician", max_length=120),)


class RuleRow(QWidget):
    """One rule: what it looks for, whether it is on, its sources; and its signature if it needs one."""

    signed = Signal(str, str)  # rule id, clinician
    withdrawn = Signal(str)

    def __init__(self, page: rulebook.Page, today: date, *, is_signed: bool) -> None:
        super().__init__()
        self.page = page
        self.form = Form(CLINICIAN, today, required=("clinician",), margin=0)
        self.form.hide()
        self.button = make_button("Withdraw the signature" if is_signed else "Sign this rule", "link")
        self.button.setAccessibleName(f"{self.button.text()}: {page.rule.label}")
        self.button.clicked.connect(self._on_withdraw if is_signed else self._on_sign)
        self.form.entered.connect(self._on_sign)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 6)
        layout.setSpacing(2)
        layout.addWidget(make_label(page.rule.label, "strong"))
        layout.addWidget(make_label(page.state, "tag", wrap=False), 0, Qt.AlignmentFlag.AlignLeft)
        told = [page.level, *page.details(), *page.sources]
        layout.addWidget(make_label("\n".join(filter(None, told)), "help"))
        layout.addWidget(self.form)
        layout.addWidget(self.button)

    def forbid(self) -> None:
        """Say that somebody else signs."""
        self.button.setEnabled(False)
        self.button.setText(f"{self.button.text()} ({FOR_CLINICIANS})")

    def _on_sign(self) -> None:
        if self.form.isHidden():
            self.form.show()
            self.form.fields["clinician"].widget.focus_first()
        elif not self.form.find_problem():
            self.signed.emit(self.page.rule.id, self.form.values()["clinician"])

    def _on_withdraw(self) -> None:
        self.withdrawn.emit(self.page.rule.id)


class RuleTree(QTreeWidget):
    """Every rule under its group; opened, a rule lists its sources."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Rules")
        self.setHeaderLabels(["What it looks for", "Urgency", "State"])
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_book(self, book: list[rulebook.Page]) -> None:
        """Show the rules of a book, group by group."""
        self.clear()
        for group, title in GROUPS.items():
            pages = [page for page in book if page.rule.group == group]
            if pages:
                head = QTreeWidgetItem(self, [f"{title} ({len(pages)})"])
                head.addChildren([self._make_item(page) for page in pages])
                head.setExpanded(True)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802, D102 Qt's name
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Give what is looked for most of the width, and cut the others first."""
        room = self.viewport().width()
        others = [min(self.sizeHintForColumn(column), int(room * OTHERS_SHARE)) for column in (1, 2)]
        for column, width in enumerate((room - sum(others), *others)):
            self.setColumnWidth(column, width)

    def names(self) -> list[str]:
        """Return the ids of the rules on the screen, in order."""
        heads = [self.topLevelItem(n) for n in range(self.topLevelItemCount())]
        items = [head.child(n) for head in heads if head for n in range(head.childCount())]
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in items if item]

    def _make_item(self, page: rulebook.Page) -> QTreeWidgetItem:
        item = QTreeWidgetItem([page.rule.label, page.level, page.state])
        item.setData(0, Qt.ItemDataRole.UserRole, page.rule.id)
        for column, words in enumerate((page.rule.label, page.level, page.state)):
            item.setToolTip(column, words)
        told = [*page.details(), *page.sources]
        for line in told:
            source = QTreeWidgetItem(item, [line])
            source.setFirstColumnSpanned(True)
            source.setToolTip(0, line)
        return item


class RuleBook(QWidget):
    """The whole book: at the left what the clinic decides, at the right every rule."""

    left = Signal()

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._store, self._now = store, now
        self.rows: dict[str, RuleRow] = {}
        self.message = MessageLine()
        self.edition = make_label(role="muted")
        self.benchmarks = Form((PROFILE,), now().date())
        self.back_button = make_button("&Back", "quiet")
        self.tree = RuleTree()
        self._waiting = QVBoxLayout()
        self._lay_out()
        self.back_button.clicked.connect(self.left)
        self.benchmarks.changed.connect(self._on_profile_chosen)

    def refresh(self) -> None:
        """Show the book as it is now."""
        signatures = rulebook.read_signatures(self._store.setting)
        self.edition.setText(f"Edition {rulebook.say_edition(signatures)}.")
        self.benchmarks.setEnabled(self._store.may("save_setting", rulebook.PROFILE))
        self.benchmarks.show_values({"profile": self._store.setting(rulebook.PROFILE, DEFAULT_PROFILE)})
        book = rulebook.pages(signatures)
        self.tree.show_book(book)
        for row in self.rows.values():
            row.deleteLater()
        holding = rulebook.signed(signatures)
        self.rows = {
            page.rule.id: self._make_row(page, is_signed=page.rule.id in holding)
            for page in book
            if page.rule.needs_sign_off
        }
        settle_layouts()
        self.back_button.setFocus()

    def _make_row(self, page: rulebook.Page, *, is_signed: bool) -> RuleRow:
        row = RuleRow(page, self._now().date(), is_signed=is_signed)
        if not self._store.may("save_setting", rulebook.SIGNATURES):
            row.forbid()
        row.signed.connect(self._on_signed)
        row.withdrawn.connect(self._on_withdrawn)
        self._waiting.addWidget(row)
        return row

    def _lay_out(self) -> None:
        waiting = QFrame()
        waiting.setProperty("role", "sheet")
        sheet = QVBoxLayout(waiting)
        sheet.setContentsMargins(24, 16, 24, 16)
        sheet.addWidget(make_label("For a clinician to sign", "section-title"))
        sheet.addLayout(self._waiting)
        title, intro = make_label("Rule book", "page-title"), make_label(INTRO, "page-intro")
        side = make_column(title, intro, self.edition, self.message, self.benchmarks, waiting, self.back_button)
        column = side.widget()
        assert column  # noqa: S101 it was made with the side
        side.setFixedWidth(max(SIDE, column.minimumSizeHint().width()))
        rules = QVBoxLayout()
        rules.setContentsMargins(0, 56, 24, 24)  # above it is the button that locks
        rules.addWidget(self.tree)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(side)
        layout.addLayout(rules, 1)

    def _on_signed(self, rule_id: str, clinician: str) -> None:
        signatures = rulebook.read_signatures(self._store.setting)
        self._keep(rulebook.SIGNATURES, rulebook.sign(signatures, rule_id, clinician, self._now().date()))

    def _on_withdrawn(self, rule_id: str) -> None:
        signatures = rulebook.read_signatures(self._store.setting)
        self._keep(rulebook.SIGNATURES, rulebook.withdraw(signatures, rule_id))

    def _on_profile_chosen(self) -> None:
        self._keep(rulebook.PROFILE, self.benchmarks.values()["profile"] or DEFAULT_PROFILE)

    def _keep(self, setting: str, value: object) -> None:
        try:
            self._store.save_setting(setting, value)
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
            return
        self.message.clear()
        self.refresh()
