"""Check 34: a huge paste into any field is refused with a message or kept whole, and never freezes the window."""

import signal

import pytest
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

from intake_app.ui.answer_widgets import make_widget
from intake_app.ui.patient_form import PatientForm

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
def test_a_huge_paste_is_refused_aloud_and_not_put_in(qtbot, questionnaire, now, size):
    questions = typed_questions(questionnaire)
    assert {question.type for question in questions} == {"text", "long_text", "number", "date", "code"}
    for question in questions:
        widget = put_into(qtbot, question, now, paste, "x" * SIZES[size])
        [field, *_] = texts_of(widget)
        assert len(words_in(field)) < SIZES[size], question.id
        widget.close()


def test_a_huge_text_from_an_input_method_is_refused_aloud(qtbot, questionnaire, now):
    """What a dictation program hands over is typed, not pasted; it may stay to be shortened, and is no answer."""
    for question in typed_questions(questionnaire):
        put_into(qtbot, question, now, commit, "x" * 32_768).close()


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
def test_the_search_and_the_forms_take_a_huge_text_in_their_stride(qtbot, store, questionnaire, now, size):
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
