import re
import shutil

import pytest

from intake_app import paths, questions
from intake_app.errors import UserError


@pytest.fixture
def folder(tmp_path):
    for part in ("options.toml", "patient.toml"):
        shutil.copy(paths.resources() / part, tmp_path)
    (tmp_path / "questions").mkdir()
    return tmp_path


def test_every_question_can_be_read_aloud_and_named(questionnaire):
    for question in (*questionnaire.patient.questions, *questionnaire.questions):
        for one in (question, *question.fields):
            assert one.text, one.id
            assert one.label, one.id
            assert len(one.label) <= 75, one.id
            assert bool(one.options) == (one.type in ("yes_no", "choice", "choices", "body_map")), one.id
            assert {*one.alone, *one.unsure} <= {key for key, _ in one.options}, one.id
            assert len({key for key, _ in one.options}) == len(one.options), one.id


def test_every_list_has_its_own_none(questionnaire):
    lists = [q for q in questionnaire.questions if q.type == "entries"]
    assert len(lists) >= 10
    for question in lists:
        assert question.none_text
        assert question.item
        assert question.fields
        assert "id" not in {f.id for f in question.fields}


def test_every_number_has_limits(questionnaire):
    for question in questionnaire.questions:
        for one in (question, *question.fields):
            if one.type == "number":
                assert one.min is not None, one.id
                assert one.max is not None, one.id


def test_safety_comes_first(questionnaire):
    assert questionnaire.pages[0].id == "safety"


def test_ids_are_permanent_and_can_be_columns(questionnaire):
    for question in questionnaire.questions:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", question.id)


def test_a_path_finds_its_question(questionnaire):
    assert questionnaire.find("treatments[3].end").label == "End date"
    assert questionnaire.find("leg_pain").type == "yes_no"
    assert questionnaire.page_of("treatments").id == "treatments"
    with pytest.raises(KeyError):
        questionnaire.find("nose")


def test_a_clinic_can_add_a_page(folder):
    own = folder / "own"
    own.mkdir()
    (own / "99_own.toml").write_text(
        'title = "Ours"\n[[question]]\nid = "our_question"\ntype = "text"\ntext = "Why?"\n'
    )
    loaded = questions.load(folder, own)
    assert loaded.by_id["our_question"].label == "Why?"
    assert loaded.pages[-1].id == "99_own"
    assert questions.load(folder, own).version == loaded.version != questions.load(folder).version


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title = ", "cannot be read"),
        ('[[question]]\nid = "Bad Id"\ntype = "text"\ntext = "?"', "needs an id"),
        ('[[question]]\ntype = "text"\ntext = "?"', "a question without an id needs an id"),
        ('[[question]]\nid = "position"\ntype = "text"\ntext = "?"', "position is a name that the database keeps"),
        ('[[question]]\nid = "a"\ntype = "colour"\ntext = "?"', "a needs a type: yes_no"),
        ('[[question]]\nid = "a"\ntype = "text"', "a has a key that is missing or unknown"),
        ('[[question]]\nid = "a"\ntype = "text"\ntext = "?"\nsize = 3', "a has a key that is missing or unknown"),
        ('[[question]]\nid = "a"\ntype = "choice"\ntext = "?"\noptions = "nowhere"', "missing or unknown"),
        (
            '[[question]]\nid = "a"\ntype = "text"\ntext = "?"\nshown_when = { b = ["yes"] }',
            "b is asked about in shown_when",
        ),
        ('[[question]]\nid = "a"\ntype = "text"\ntext = "?"\n' * 2, "a is already used in 10.toml"),
    ],
)
def test_a_mistake_in_a_page_is_told_with_file_and_question(folder, text, sentence):
    (folder / "questions" / "10.toml").write_text(text)
    with pytest.raises(UserError) as error:
        questions.load(folder)
    assert sentence in error.value.what
    assert error.value.what.startswith("10.toml: ")
    assert error.value.hint
