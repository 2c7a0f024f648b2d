"""A huge paste into any field is refused with a message or kept whole, and never freezes the window."""

import re
import signal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QToolTip

from intake_app.ui import answer_widgets
from intake_app.ui.answer_widgets import make_widget
from intake_app.ui.code_page import CodePage
from intake_app.ui.patient_form import PatientForm
from intake_app.ui.patient_table import SearchBox
from intake_app.ui.secret_fields import AGAIN, NAME, NEW, SecretForm, SecretLine
from intake_app.ui.trail_filter import TrailFilter

UI = Path(answer_widgets.__file__).parent
SIZES = {"a Qt line and one": 32_768, "a megabyte in one line": 1_000_000}
FROZEN = 30  # seconds after which the test is ended: a line of this size once took Qt minutes
FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit)


@pytest.fixture(autouse=True)
def not_frozen():
    """End what hangs: an alarm is heard also inside Qt's own code, where no Python runs."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(FROZEN)
    yield
    signal.alarm(0)


def paste(field, text):
    QGuiApplication.clipboard().setText(text)
    field.paste()
    QApplication.processEvents()


def commit(field, text):
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)
    QApplication.processEvents()


def compose(field, text):
    """Hand over a text that is still being composed, as for an ideograph."""
    QApplication.sendEvent(field, QInputMethodEvent(text, []))
    QApplication.processEvents()


def texts_of(widget):
    return [f for kind in FIELDS for f in widget.findChildren(kind) if not f.isReadOnly()]


def words_in(field):
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def typed_questions(questionnaire):
    """Return a question for each kind and limit of field that is typed into."""
    found = {}
    asked = [*questionnaire.patient.questions, *questionnaire.questions]
    for question in [*asked, *[field for q in asked for field in q.fields]]:
        if question.type in ("text", "long_text", "number", "date", "code"):
            found.setdefault((question.type, question.max_length), question)
    return list(found.values())


@pytest.mark.parametrize("size", SIZES)
def test_check_34_a_huge_paste_is_refused_aloud_and_not_put_in(qtbot, questionnaire, now, size):
    questions = typed_questions(questionnaire)
    assert {question.type for question in questions} == {"text", "long_text", "number", "date", "code"}
    for question in questions:
        widget = put_into(qtbot, question, now, paste, "x" * SIZES[size])
        [field, *_] = texts_of(widget)
        assert len(words_in(field)) < SIZES[size], question.id
        widget.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("put", [commit, compose])
def test_check_34_a_huge_text_from_an_input_method_is_refused_aloud(qtbot, questionnaire, now, size, put):
    """What a dictation program hands over at once goes around the keys and around the paste."""
    for question in typed_questions(questionnaire):
        widget = put_into(qtbot, question, now, put, "x" * SIZES[size])
        [field, *_] = texts_of(widget)
        assert words_in(field) == ""
        assert "not taken" in widget.problem()
        widget.close()


def test_check_34_what_stands_there_is_kept_and_a_text_that_fits_is_taken(qtbot, questionnaire, now):
    question = next(q for q in questionnaire.questions if q.type == "long_text")
    widget = make_widget(question, now().date())
    qtbot.addWidget(widget)
    widget.show()
    [field, *_] = texts_of(widget)
    commit(field, "since the fall " * 20)
    commit(field, "x" * 1_000_000)
    widget.flush()
    assert words_in(field) == "since the fall " * 20
    assert "1,000,000 characters" in widget.problem()
    commit(field, "on the left")
    widget.flush()
    assert widget.problem() == ""
    assert widget.value() == "since the fall " * 20 + "on the left"


@pytest.mark.parametrize("put", [paste, commit, compose])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "make",
    [SearchBox, SecretLine, partial(SecretForm, (NAME, NEW, AGAIN), "Go on"), partial(CodePage, str), TrailFilter],
)
def test_check_34_a_line_that_is_no_answer_refuses_it_whole_and_says_so(qtbot, store, now, make, size, put):
    widget = make(store, now) if make is TrailFilter else make()
    qtbot.addWidget(widget)
    widget.show()
    lines = [widget] if isinstance(widget, QLineEdit) else texts_of(widget)
    assert lines
    for line in lines:
        line.setText("before")
        put(line, "x" * SIZES[size])
        assert line.text() == "before"
        assert "not taken" in line.refused
        assert QToolTip.text() == line.refused
        QTest.keyClicks(line, "!")
        assert (line.text(), line.refused) == ("before!", "")


def test_every_line_of_the_window_is_one_that_refuses():
    """A plain QLineEdit cuts what it cannot hold, and says nothing."""
    made = re.compile(r"\b(?:QLineEdit|QTextEdit|QPlainTextEdit)\(\)")
    assert [path.name for path in UI.glob("*.py") if made.search(path.read_text("utf-8"))] == []


def put_into(qtbot, question, now, put, text):
    widget = make_widget(question, now().date())
    qtbot.addWidget(widget)
    widget.show()
    [field, *_] = texts_of(widget)
    put(field, text)
    widget.flush()
    assert widget.problem(), f"{question.id}: nothing was said"
    assert widget.value() is None, question.id
    return widget


@pytest.mark.parametrize("size", SIZES)
def test_check_34_the_search_and_the_forms_take_a_huge_text_in_their_stride(qtbot, store, questionnaire, now, size):
    form = PatientForm(store, questionnaire.patient, now, is_demo=False)
    qtbot.addWidget(form)
    form.show_new({})
    form.show()
    for field in texts_of(form):
        paste(field, "x" * SIZES[size])
        assert len(words_in(field)) < SIZES[size]
    assert form.form.find_problem()
    form.flush()
    assert store.find_patients("") == []
