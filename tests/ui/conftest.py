"""What the tests of the window lean on: an invented patient's intake in a real store, and its draft."""

import pytest

from intake_app.ui.draft import Draft
from intake_app.ui.wizard import Wizard


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
