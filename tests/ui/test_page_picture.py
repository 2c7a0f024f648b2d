import pytest

from intake_app.ui.page_picture import PICTURES, PagePicture

THERAPY = {"category": "physical_therapy", "start": "2026-08-24"}


@pytest.fixture
def treatments(wizard):
    wizard.show_question("treatments")
    return wizard.page


def test_every_picture_that_a_page_names_is_known(questionnaire):
    named = {page.picture for page in questionnaire.pages if page.picture}
    assert "timeline" in named
    assert named <= set(PICTURES)


def test_a_page_without_a_picture_has_none(wizard):
    wizard.show_question("leg_pain")
    assert wizard.page.picture is None


def test_there_is_nothing_below_a_page_with_nothing_to_draw(treatments):
    assert treatments.picture.isHidden()


def test_the_timeline_follows_every_answer(treatments, wizard):
    draft = wizard.draft
    entry = draft.add_entry("treatments")
    assert treatments.picture.isHidden()
    for name, value in THERAPY.items():
        draft.save(name, value, entry)
    view = treatments.picture.view
    assert treatments.picture.isVisible()
    assert "Physical therapy, 24 Aug 2026 to not recorded, result not recorded" in view.accessibleDescription()
    draft.save("ongoing", "yes", entry)
    draft.save("response", "none", entry)
    assert "since 24 Aug 2026, no benefit" in view.accessibleDescription()
    draft.undo()
    assert "since 24 Aug 2026, result not recorded" in view.accessibleDescription()
    draft.remove_entry("treatments", entry)
    assert treatments.picture.isHidden()


def test_it_stands_below_the_questions_and_as_wide_as_they_are(treatments, wizard, qtbot):
    entry = wizard.draft.add_entry("treatments")
    for name, value in THERAPY.items():
        wizard.draft.save(name, value, entry)
    qtbot.waitUntil(lambda: treatments.picture.y() >= treatments.column.geometry().bottom())
    assert treatments.picture.width() == treatments.column.width()
    view = treatments.picture.view
    assert view.height() >= view.heightForWidth(view.width())


@pytest.mark.parametrize("kind", PICTURES)
def test_each_kind_is_drawn_for_a_demo_patient(qtbot, demo_draft, kind):
    draft = demo_draft()
    draft.save("pain_map", ["left_shin_outer:pain"])
    picture = PagePicture(kind)
    qtbot.addWidget(picture)
    picture.resize(600, 400)
    picture.show_case(draft.case())
    assert picture.view.accessibleDescription()


def test_the_picture_is_laid_out_anew_for_another_width(qtbot, demo_draft):
    picture = PagePicture("timeline")
    qtbot.addWidget(picture)
    picture.resize(700, 400)
    picture.show_case(demo_draft().case())
    wide = picture.view.picture.width
    picture.resize(500, 400)
    assert picture.view.picture.width < wide
