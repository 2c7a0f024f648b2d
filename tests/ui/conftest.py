"""What the tests of the window lean on: an invented patient's intake in a real store, and its draft."""

import pytest
from desk import Running
from locked import ANN, CHEAP, ORBIT, PLUM

from db import open_store
from intake_app import vault
from intake_app.records import Records
from intake_app.ui.draft import Draft
from intake_app.ui.locked_window import LockedWindow
from intake_app.ui.main_window import MainWindow
from intake_app.ui.wizard import Wizard
from intake_app.vault import keyslots


@pytest.fixture
def intake_id(store, now):
    patient = {"family_name": "Example", "given_names": "Anna", "birth_date": "1956-05-03", "sex": "female"}
    return store.start_intake(store.add_patient(patient, now(), is_demo=True), now())


@pytest.fixture
def draft(qapp, store, questionnaire, intake_id, now):
    assert qapp  # signals and timers need it
    return Draft(store, questionnaire, intake_id, now)


@pytest.fixture
def wizard(qtbot, draft):
    wizard = Wizard(draft)
    qtbot.addWidget(wizard)
    wizard.resize(1280, 800)
    wizard.show()
    qtbot.waitExposed(wizard)
    wizard.activateWindow()
    return wizard


@pytest.fixture
def broken_store(store):
    """Return a function that lets the store's disk fail (broken=True) or work again (broken=False)."""

    def break_it(*, broken):
        store._db.execute(f"pragma query_only = {int(broken)}")

    yield break_it
    break_it(broken=False)


@pytest.fixture
def background(qapp):
    from intake_app.ui.background import Background

    background = Background()
    yield background
    background.close()
    qapp.processEvents()


@pytest.fixture
def demo_draft(qapp, store, questionnaire, now):
    """Return a function that keeps an invented patient of resources/demo in the store and opens the draft."""
    from intake_app import demo
    from intake_app.app import fill_store

    assert qapp

    def keep(name="herniated_disc"):
        case = demo.cases(questionnaire, now().date())[name]
        fill_store(store, [case], now())
        [row] = store.worklist(case.patient["family_name"])
        return Draft(store, questionnaire, row["intake_id"], now)

    return keep


@pytest.fixture
def path(tmp_path):
    return tmp_path / "clinic" / "clinic.db"


@pytest.fixture
def start(qtbot, path, questionnaire, now):
    """Return a function that starts the window as the program does."""

    def run(*, opener=None, clinic=True, loader=None, demo=False):
        if clinic and opener is None:
            with open_store(path) as store:
                store.save_clinic({"name": "Harbour Clinic"}, now())
        window = MainWindow(
            opener or (lambda: open_store(path)), loader or (lambda: questionnaire), now, demo=demo,
            choose_path=lambda *_: None,
        )  # fmt: skip
        qtbot.addWidget(window, before_close_func=shut)
        window.resize(1280, 800)
        with qtbot.waitSignal(window.painted):
            window.show()
        window.activateWindow()
        qtbot.wait(20)
        return window

    return run


def shut(window):
    if window.intake:
        window.intake.draft._refused.clear()
    window.close()


@pytest.fixture
def open_letter(qtbot, demo_draft, background):
    """Return a function that opens a letter's page; files go to `path` or are read from `files`, as if chosen."""
    from intake_app.ui.letter_dialogs import Dialogs
    from intake_app.ui.letter_page import LetterPage
    from intake_app.ui.letter_request import LetterRequest, save_request

    def show(name="chronic_back_pain", path=None, draft=None, files=(), certificate=None, request=None):
        draft = draft or demo_draft(name)
        save_request(draft.store, draft.intake_id, request or LetterRequest({"name": "Dr Lindgren", "clinic": "North"}))
        dialogs = Dialogs(
            lambda _parent, suggested: path and path / suggested,
            lambda _parent: files,
            lambda _parent: certificate,
            lambda _parent: path and print_to_file(path),
        )
        page = LetterPage(draft, background, dialogs=dialogs)
        qtbot.addWidget(page)
        page.resize(1024, 620)
        page.show()
        page.refresh()
        qtbot.waitUntil(lambda: bool(page.shown or page.side.message.text), timeout=20_000)
        return page

    return show


def print_to_file(path):
    """Return a printer whose paper is a file."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path / "paper.pdf"))
    return printer


@pytest.fixture
def running():
    return Running()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(keyslots, "calibrate", lambda: CHEAP)  # the least that is allowed
    return tmp_path / "data"


@pytest.fixture
def records(folder, now):
    return Records(folder, now)


@pytest.fixture
def open_window(qtbot, records, questionnaire, now, running):
    def run():
        window = LockedWindow(
            records,
            lambda: questionnaire,
            now,
            choose_path=lambda *_: None,
            clock=running,
            print_code=lambda *_: "printed",
        )
        qtbot.addWidget(window, before_close_func=lambda w: w.close())
        window.resize(1024, 700)
        with qtbot.waitSignal(window.painted):
            window.show()
        window.activateWindow()
        qtbot.wait(20)
        return window

    return run


@pytest.fixture
def clinic(records, now):
    """Records with an administrator and somebody at the front desk; return the recovery code."""
    session, code = records.create(ANN, PLUM)
    with records.open(session) as store:
        records.sign_in(store, session)
        store.save_clinic({"name": "Harbour Clinic"}, now())
        desk = store.add_user("Fay Desk", "front_desk", now())
        vault.add_user(records.path, session, PLUM, desk, "Fay Desk", ORBIT)
        store.sign_out(now())
    return code
