"""The rule book on the screen: every rule with its sources, the benchmarks that apply, and a clinician's signatures."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from db import Store
from intake_app import rulebook
from intake_app.case import DEFAULT_PROFILE
from intake_app.factors import GROUPS
from intake_app.questions import Question
from intake_app.rules.benchmarks import PROFILES, profile
from intake_app.ui.answer_widget import make_label
from intake_app.ui.form import Form, make_column
from intake_app.ui.messages import FOR_PEOPLE, MessageLine, make_button

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
        self.button.setVisible(page.rule.needs_sign_off)
        self.button.clicked.connect(self._on_withdraw if is_signed else self._on_sign)
        self.form.entered.connect(self._on_sign)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 6)
        layout.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(make_label(page.rule.label, "strong"), 1)
        head.addWidget(make_label(page.state, "tag", wrap=False))
        layout.addLayout(head)
        told = [page.level, f"Evidence: {rulebook.TAGS[page.tag]}.", *page.sources]
        layout.addWidget(make_label("\n".join(filter(None, told)), "help"))
        layout.addWidget(self.form)
        layout.addWidget(self.button)

    def _on_sign(self) -> None:
        if self.form.isHidden():
            self.form.show()
            self.form.fields["clinician"].widget.focus_first()
        elif not self.form.find_problem():
            self.signed.emit(self.page.rule.id, self.form.values()["clinician"])

    def _on_withdraw(self) -> None:
        self.withdrawn.emit(self.page.rule.id)


class RuleBook(QWidget):
    """The whole book. Rules that wait for a signature come first; the groups are built in idle moments."""

    left = Signal()

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._store, self._now = store, now
        self.rows: dict[str, RuleRow] = {}
        self.message = MessageLine()
        self.edition = make_label(role="muted")
        self.benchmarks = Form((PROFILE,), now().date())
        self.back_button = make_button("&Back", "quiet")
        self._sheets: list[QWidget] = []
        self._list = QWidget()
        self._layout = QVBoxLayout(self._list)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        title, intro = make_label("Rule book", "page-title"), make_label(INTRO, "page-intro")
        column = make_column(self.back_button, title, intro, self.edition, self.message, self.benchmarks, self._list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column)
        self._building: Iterator[QWidget] = iter(())
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._build_next)
        self.back_button.clicked.connect(self.left)
        self.benchmarks.changed.connect(self._on_profile_chosen)

    def refresh(self) -> None:
        """Show the book as it is now."""
        signatures = rulebook.read_signatures(self._store.setting)
        self.edition.setText(f"Edition {rulebook.say_edition(signatures)}.")
        self.benchmarks.show_values({"profile": self._store.setting(rulebook.PROFILE, DEFAULT_PROFILE)})
        for sheet in self._sheets:
            sheet.deleteLater()
        self._sheets, self.rows = [], {}
        self._building = self._build(signatures)
        self._timer.start()
        self.back_button.setFocus()

    def build(self) -> None:
        """Build what is left."""
        while self._timer.isActive():
            self._build_next()

    def _build_next(self) -> None:
        part = next(self._building, None)
        if part is None:
            self._timer.stop()
            return
        self._sheets.append(part)
        self._layout.addWidget(part)

    def _build(self, signatures: rulebook.Signatures) -> Iterator[QWidget]:
        book = rulebook.pages(signatures)
        waiting = [page for page in book if page.rule.needs_sign_off]
        parts = [("For a clinician to sign", waiting)]
        for group, title in GROUPS.items():
            parts.append((title, [page for page in book if page.rule.group == group and page not in waiting]))
        holding = rulebook.signed(signatures)
        for title, pages in parts:
            if pages:
                yield make_label(title, "section-title")
                yield from (self._make_sheet(page, is_signed=page.rule.id in holding) for page in pages)

    def _make_sheet(self, page: rulebook.Page, *, is_signed: bool) -> QFrame:
        sheet = QFrame()
        sheet.setProperty("role", "sheet")
        row = RuleRow(page, self._now().date(), is_signed=is_signed)
        row.signed.connect(self._on_signed)
        row.withdrawn.connect(self._on_withdrawn)
        self.rows[page.rule.id] = row
        layout = QVBoxLayout(sheet)
        layout.setContentsMargins(18, 8, 18, 8)
        layout.addWidget(row)
        return sheet

    def _on_signed(self, rule_id: str, clinician: str) -> None:
        signatures = rulebook.read_signatures(self._store.setting)
        self._keep(rulebook.SIGNATURES, rulebook.sign(signatures, rule_id, clinician, self._now().date()))

    def _on_withdrawn(self, rule_id: str) -> None:
        signatures = rulebook.read_signatures(self._store.setting)
        self._keep(rulebook.SIGNATURES, rulebook.withdraw(signatures, rule_id))

    def _on_profile_chosen(self) -> None:
        chosen = self.benchmarks.values()["profile"]
        self._keep(rulebook.PROFILE, chosen or DEFAULT_PROFILE, again=False)

    def _keep(self, setting: str, value: object, *, again: bool = True) -> None:
        try:
            self._store.save_setting(setting, value)
        except FOR_PEOPLE as error:
            self.message.warn(str(error))
            return
        self.message.clear()
        if again:
            self.refresh()
