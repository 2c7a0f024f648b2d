import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from intake_app.ui.answer_review import break_words, list_answered
from intake_app.ui.letter_request import read_request
from intake_app.ui.review_page import ReviewPage

SURGEON = {"name": "Dr Lindgren", "role": "Spine surgeon", "clinic": "Northgate", "phone": "555-0170"}


@pytest.fixture
def review(qtbot, demo_draft):
    def show(name="herniated_disc"):
        review = ReviewPage(demo_draft(name))
        qtbot.addWidget(review)
        review.resize(1100, 800)
        review.show()
        review.refresh()
        qtbot.waitExposed(review)
        review.activateWindow()
        return review

    return show


def texts(widget):
    return [label.text().replace("\u200b", "") for label in widget.findChildren(QLabel)]


def type_into(form, name, text):
    line = form.fields[name].widget.line
    line.setText(text)
    line.textEdited.emit(text)
    form.fields[name].widget.flush()


def test_every_answer_is_there_with_a_way_back(review):
    page = review()
    page.answers.build()
    shown = set(texts(page.answers))
    case = page._draft.case()
    for part in case.questionnaire.pages:
        for row in list_answered(case, part):
            assert row.label in shown
            assert row.words in shown
    links = [b for b in page.answers.findChildren(QPushButton) if b.accessibleName().startswith("Change: ")]
    assert len(links) > 100


def test_no_word_is_too_long_to_be_shown():
    name = "Wolfeschlegelsteinhausenbergerdorff"
    assert max(map(len, break_words(name).split("\u200b"))) == 12
    assert break_words(name).replace("\u200b", "") == name
    assert break_words("short words stay") == "short words stay"


def test_an_entry_says_everything_recorded_about_it(review):
    case = review()._draft.case()
    treatments = next(p for p in case.questionnaire.pages if p.id == "treatments")
    first = next(iter(list_answered(case, treatments)))
    assert first.label == "Treatment 1"
    assert "Name or target: Naproxen" in first.words.splitlines()
    assert first.path == "treatments[0].category"


def test_change_leads_to_the_question(review, qtbot):
    page = review()
    page.answers.build()
    button = next(b for b in page.answers.findChildren(QPushButton) if b.accessibleName() == "Change: Leg pain side")
    with qtbot.waitSignal(page.question_asked) as asked:
        button.click()
    assert asked.args == ["leg_side"]


def test_a_check_leads_to_what_is_to_be_mended(review, qtbot):
    page = review("myelopathy_questions")
    button = next(b for b in page.checks.findChildren(QPushButton) if "no date" in b.accessibleName())
    with qtbot.waitSignal(page.question_asked) as asked:
        button.click()
    assert asked.args == ["imaging[0].date"]


def test_a_letter_to_nobody_is_told_with_a_way_to_the_name(review):
    page = review()
    assert page.checks.checks[0].text == "The letter is addressed to nobody yet."
    page.checks.findChildren(QPushButton)[0].click()
    assert page.recipient.fields["name"].isAncestorOf(page.focusWidget())


def test_who_is_written_to_is_kept_while_typing(review):
    page = review()
    type_into(page.recipient, "name", "Dr Somebody")
    assert read_request(page._draft.store, page._draft.intake_id).recipient == {"name": "Dr Somebody"}
    page.refresh()
    assert page.recipient.values()["name"] == "Dr Somebody"


def test_somebody_written_to_before_is_filled_in(review, now, qtbot):
    page = review()
    page._draft.store.save_recipient(SURGEON, now())
    page.refresh()
    page._completer.activated.emit("Dr Lindgren · Spine surgeon · Northgate")
    qtbot.waitUntil(lambda: page.recipient.values()["phone"] == "555-0170")
    kept = read_request(page._draft.store, page._draft.intake_id).recipient
    assert kept == SURGEON


def test_the_referrer_is_an_answer_like_any_other(review):
    page = review()
    type_into(page.sign_off, "referrer_name", "Dr Vale")
    draft = page._draft
    assert draft.store.answers(draft.intake_id)["referrer_name"] == "Dr Vale"


def test_a_hand_off_is_asked_for_only_where_one_is_needed(review):
    assert not review().handoff.isVisible()
    page = review("myelopathy_questions")
    assert page.handoff.isVisible()
    page.focus_first()
    assert page.focusWidget() is page.handoff.record_button


def test_the_hand_off_box_leads_to_the_fields_that_settle_it(review, qtbot):
    page = review("myelopathy_questions")
    with qtbot.waitSignal(page.question_asked) as asked:
        page.handoff.record_button.click()
    assert asked.args == ["handoff_to"]
    with qtbot.waitSignal(page.question_asked) as asked:
        page.handoff.waive_button.click()
    assert asked.args == ["handoff_waived_by"]
    page._draft.save("handoff_waived_role", "physician")
    for name in ("handoff_waived_by", "handoff_waived_reason"):
        page._draft.save(name, "Dr Vale, seen this morning")
    page.refresh()
    assert not page.handoff.isVisible()


def test_a_refused_save_is_told_and_the_typing_stays(review, broken_store):
    page = review()
    broken_store(broken=True)
    type_into(page.recipient, "name", "Dr Somebody")
    assert "cannot be changed" in page.message.text
    broken_store(broken=False)
    page.message.button.click()
    assert read_request(page._draft.store, page._draft.intake_id).recipient == {"name": "Dr Somebody"}


def test_tab_comes_to_what_is_to_be_mended_before_what_stands_below_it(review):
    page = review()
    mend = [b for b in page.checks.findChildren(QPushButton) if b.text() == "Mend"]
    assert mend
    chain = [page.nextInFocusChain()]
    while chain[-1] is not page:
        chain.append(chain[-1].nextInFocusChain())
    places = [chain.index(widget) for widget in (*mend, page.recipient.fields["name"].widget.line, page.preview_button)]
    assert places == sorted(places)
