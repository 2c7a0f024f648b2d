import pytest
from receptionist import click, give, type_text

from intake_app import factors, rulebook
from intake_app.ui.rule_book import RuleBook

WAITING = next(rule.id for rule in factors.RULES.values() if rule.needs_sign_off)


@pytest.fixture
def book(qtbot, store, now):
    book = RuleBook(store, now)
    qtbot.addWidget(book)
    book.show()
    book.refresh()
    return book


def test_every_rule_is_on_the_screen(book):
    assert sorted(book.tree.names()) == sorted(factors.RULES)
    assert WAITING in book.rows


def test_a_clinician_signs_by_name_and_can_take_it_back(book, store):
    row = book.rows[WAITING]
    click(row.button)
    click(row.button)
    assert rulebook.signed(rulebook.read_signatures(store.setting)) == frozenset(), "nobody has signed yet"
    type_text(row.form.fields["clinician"].widget.line, "Dr Ada Vale")
    click(row.button)
    assert rulebook.signed(rulebook.read_signatures(store.setting)) == {WAITING}
    assert "signed by Dr Ada Vale" in book.edition.text()
    click(book.rows[WAITING].button)
    assert rulebook.signed(rulebook.read_signatures(store.setting)) == frozenset()


def test_the_clinic_chooses_its_benchmarks(book, store):
    give(book.benchmarks.fields["profile"].widget, "AU-VIC")
    assert store.setting(rulebook.PROFILE) == "AU-VIC"


def test_a_signature_that_cannot_be_kept_is_told(book, broken_store):
    row = book.rows[WAITING]
    click(row.button)
    type_text(row.form.fields["clinician"].widget.line, "Dr Ada Vale")
    broken_store(broken=True)
    click(row.button)
    assert book.message.text
    assert row.form.fields["clinician"].widget.value() == "Dr Ada Vale"


def test_the_worklist_leads_to_the_book_and_back(qtbot, tmp_path, questionnaire, now):
    from db import open_store
    from intake_app.ui.main_window import MainWindow

    with open_store(tmp_path / "again" / "clinic.db") as store:
        store.save_clinic({"name": "Clinic"}, now())
    window = MainWindow(lambda: open_store(tmp_path / "again" / "clinic.db"), lambda: questionnaire, now)
    qtbot.addWidget(window)
    window.show()
    click(window.worklist.rules_button)
    assert window.stack.currentWidget() is window.rule_book
    click(window.rule_book.back_button)
    assert window.stack.currentWidget() is window.worklist
    window.close()
