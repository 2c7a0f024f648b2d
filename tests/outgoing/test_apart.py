"""The process that looks into a stranger's PDF: what it answers, told without starting it."""

import base64
import json

import pytest
from sample_cases import read_samples, say_about

from intake_app.factors import evaluate_all
from intake_app.outgoing import apart, document, proof


@pytest.fixture(scope="module")
def pdf(questionnaire, tmp_path_factory):
    case = read_samples(questionnaire)["just_begun"]
    path = tmp_path_factory.mktemp("apart") / "letter.pdf"
    path.write_bytes(document.make_document(case, evaluate_all(case), say_about()))
    return path


@pytest.fixture
def answer(capsys, monkeypatch):
    """Return a function from work and path to what the process would print."""
    monkeypatch.setattr(apart, "limit_this_process", lambda *_: None)  # or the limits would hold for the other tests

    def answer(work, path):
        apart.main([work, str(path)])
        return json.loads(capsys.readouterr().out)

    return answer


def test_it_verifies_extracts_and_draws(answer, pdf):
    said = answer("verify", pdf)
    assert (said["code"], {check["passed"] for check in said["checks"]}) == (0, {True})
    files = answer("extract", pdf)["files"]
    assert json.loads(base64.b64decode(files["case.json"]))["program"]
    assert base64.b64decode(answer("fax", pdf)["pages"][0]).startswith(b"\x89PNG")


@pytest.mark.parametrize(("work", "code"), [("verify", 10), ("extract", 10), ("fax", 10)])
def test_what_it_refuses_has_a_sentence_and_a_code(answer, tmp_path, work, code):
    (tmp_path / "x.pdf").write_bytes(b"nonsense")
    what, hint, found = answer(work, tmp_path / "x.pdf")["refused"]
    assert found == code
    assert what
    assert hint


def test_a_file_that_is_not_there(answer, tmp_path):
    assert "cannot be read" in answer("verify", tmp_path)["refused"][0]
    with pytest.raises(apart.UserError, match=r"nothing\.pdf cannot be read: No such file"):
        apart.fax(tmp_path / "nothing.pdf")


def test_no_module_is_taken_from_the_folder_that_somebody_is_in(pdf, tmp_path, monkeypatch):
    (tmp_path / "pikepdf.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert apart.extract(pdf)["case.json"]


def test_too_little_memory_is_told(answer, pdf, monkeypatch):
    def fail(_content):
        raise MemoryError

    monkeypatch.setitem(apart._WORK, "verify", fail)
    assert answer("verify", pdf)["refused"][2] == proof.CODES["unreadable"]


def test_the_process_answers_through_its_door(pdf):
    assert apart.fax(pdf)[0].startswith(b"\x89PNG")
