import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader
from tampering import seal

from intake_app import catalogue

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"


@pytest.fixture
def intake(tmp_path):
    """Run the program as a person would, in a folder of its own."""

    def run(*args):
        env = {**os.environ, "PYTHONPATH": str(ROOT), "INTAKE_DATA": str(tmp_path / "data")}
        command = [sys.executable, "-m", "intake_app", *map(str, args)]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)

    return run


def test_a_case_file_becomes_a_letter(intake, tmp_path):
    done = intake(
        "letter", CASES / "disc_herniation.json", "-o", "out/letter.pdf", "--on", "2026-11-22", "--to", "Dr Vale"
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "Letter written to" in done.stderr
    made = tmp_path / "out" / "letter.pdf"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert [p.name for p in made.parent.iterdir()] == ["letter.pdf"]
    text = "".join(page.extract_text() for page in PdfReader(made).pages)
    for word in ("Harrow", "Dr Vale", "22 November 2026", "Naproxen", "104-26"):
        assert word in text


def test_the_findings_can_be_had_as_data(intake):
    done = intake("letter", CASES / "cauda_equina.json", "--json")
    findings = json.loads(done.stdout)
    assert done.returncode == 0
    assert {"id", "group", "status", "sentence", "citations", "answers_read", "missing"} <= findings[0].keys()
    emergencies = [f for f in findings if f["level"] == "R0" and f["status"] == "present"]
    assert {"saddle_numbness"} <= {path for f in emergencies for path in f["answers_read"]}


def test_a_letter_needs_a_place(intake):
    done = intake("letter", CASES / "cauda_equina.json")
    assert done.returncode == 1
    assert "Add -o LETTER.pdf" in done.stderr


def test_a_good_file_is_said_to_be_good(intake):
    done = intake("check", CASES / "disc_herniation.json")
    assert done.returncode == 0
    assert "No faults: 36 questions answered." in done.stdout


def test_dates_that_are_seldom_meant_are_told(intake, tmp_path):
    answers = {"onset": "2026-03", "imaging": [{"modality": "mri", "date": "2019-05-02"}]}
    (tmp_path / "case.json").write_text(json.dumps({"patient": {"family_name": "Roe"}, "answers": answers}), "utf-8")
    done = intake("check", "case.json")
    assert done.returncode == 0
    assert "answers.imaging[0].date: " in done.stdout
    assert "before the symptoms began (March 2026). Check both dates." in done.stdout


@pytest.mark.parametrize("command", [["check"], ["letter", "-o", "letter.pdf"]])
def test_faults_are_all_told_and_nothing_is_written(intake, tmp_path, command):
    (tmp_path / "bad.json").write_text('{"patient": {"birth_date": "2199-01-01"}, "answers": {"bmi": 900, "nose": 1}}')
    done = intake(*command, "bad.json")
    assert done.returncode == 2
    for path in ("patient.birth_date", "patient.family_name", "answers.bmi", "answers.nose"):
        assert path in done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["bad.json"]


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (None, 1, "cannot be read"),
        (b"", 2, "not JSON"),
        (b"\xff\xfe", 2, "not UTF-8"),
        (b"%PDF-1.7", 2, "not JSON"),
    ],
)
def test_a_file_that_is_no_case_file(intake, tmp_path, content, code, sentence):
    if content is not None:
        (tmp_path / "x.json").write_bytes(content)
    done = intake("check", "x.json")
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("place", ["file/letter.pdf", f"{'long' * 99}.pdf"])
@pytest.mark.parametrize("command", ["letter", "safety-card"])
def test_a_place_that_cannot_be_written(intake, tmp_path, command, place):
    (tmp_path / "file").write_text("in the way")
    done = intake(command, CASES / "disc_herniation.json", "-o", place)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{place} cannot be written: ")
    assert (tmp_path / "file").read_text() == "in the way"


@pytest.mark.parametrize("name", ["folder", "file/x", "long" * 99, "locked"])
@pytest.mark.parametrize("command", [["check"], ["verify"], ["extract", "-o", "out"], ["faxcheck", "-o", "out"]])
def test_what_cannot_be_read_is_told_with_its_name(intake, tmp_path, command, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "locked").touch(0)
    done = intake(*command, name)
    if name == "locked" and os.access(tmp_path / name, os.R_OK):
        pytest.skip("this account may read everything")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} cannot be read: ")
    assert not (tmp_path / "out").exists()


def test_the_demo_leaves_letters_that_say_they_are_not_real(intake, tmp_path):
    done = intake("demo", "-o", "demo")
    assert done.returncode == 0
    assert str(tmp_path / "demo") in done.stdout
    letters = sorted((tmp_path / "demo").glob("*.pdf"))
    assert len(letters) >= 3
    for made in letters:
        for page in PdfReader(made).pages:
            assert "NOT REAL" in page.extract_text()
    for case in (tmp_path / "demo").glob("*.json"):
        assert intake("check", case).returncode == 0


def test_the_readme_lists_every_question(questionnaire):
    table = catalogue.as_markdown(questionnaire)
    assert table in (ROOT / "README.md").read_text("utf-8"), "run: intake-app questions --markdown"
    for question in questionnaire.questions:
        assert f"`{question.id}`" in table


def test_a_clinics_own_page_reaches_the_letter(intake, tmp_path):
    own = tmp_path / "data" / "questions"
    own.mkdir(parents=True)
    (own / "97_own.toml").write_text('title = "Ours"\n[[question]]\nid = "parking"\ntype = "text"\ntext = "Parking?"\n')
    (tmp_path / "c.json").write_text('{"patient": {"family_name": "Roe"}, "answers": {"parking": "Space 14"}}')
    assert intake("letter", "c.json", "-o", "l.pdf").returncode == 0
    assert "Space 14" in "".join(p.extract_text() for p in PdfReader(tmp_path / "l.pdf").pages)


def test_a_day_long_before_anybody_is_refused(intake):
    done = intake("letter", CASES / "disc_herniation.json", "-o", "l.pdf", "--on", "0001-01-01")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "Give a day from 1900 on" in done.stderr


def test_only_files_are_written_over(intake, tmp_path):
    (tmp_path / "folder").mkdir()
    for place in ("/dev/null", "folder"):
        done = intake("letter", CASES / "disc_herniation.json", "-o", place)
        assert done.returncode == 1
        assert "is not a file" in done.stderr
    assert not Path("/dev/null").is_file()


def test_pictures_go_into_a_folder(intake, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = intake("--screenshots", "file")
    assert done.returncode == 1
    assert "is not a folder" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", [["check"], ["letter", "--json"], ["--help"]])
def test_a_full_terminal_is_told(tmp_path, command):
    env = {**os.environ, "PYTHONPATH": str(ROOT), "INTAKE_DATA": str(tmp_path)}
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "intake_app", *command, str(CASES / "disc_herniation.json")]
        done = subprocess.run(words, env=env, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "could not be written" in done.stderr


@pytest.fixture
def made(intake, tmp_path):
    """Return a letter that the program has written."""
    done = intake("letter", CASES / "disc_herniation.json", "-o", "letter.pdf", "--on", "2026-11-22", "--to", "Dr Vale")
    assert done.returncode == 0, done.stderr
    return tmp_path / "letter.pdf"


def test_the_files_inside_a_letter_are_given_back(intake, made, tmp_path):
    done = intake("extract", made, "-o", "files")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == [
        "case.json",
        "manifest.json",
        "referral.fhir.json",
    ]
    assert json.loads((tmp_path / "files" / "referral.fhir.json").read_text("utf-8"))["type"] == "document"
    assert stat.S_IMODE((tmp_path / "files" / "case.json").stat().st_mode) == 0o600
    assert intake("check", "files/case.json").returncode == 0


def test_a_letter_is_verified(intake, made, tmp_path):
    done = intake("verify", made)
    assert done.returncode == 0, done.stdout
    assert "Made again from its data, the letter is the same on every page." in done.stdout
    content = made.read_bytes()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.attachments["case.json"].obj.EF.F.write(b"{}")
        pdf.save(tmp_path / "other.pdf")
    done = intake("verify", "other.pdf", "--json")
    said = json.loads(done.stdout)
    assert said["code"] == done.returncode == 13
    assert {check["name"]: check["passed"] for check in said["checks"]}["data"] is False


def test_a_letter_of_another_version_has_a_code_of_its_own(intake, made, tmp_path):
    (tmp_path / "other.pdf").write_bytes(seal(made.read_bytes(), program="0.0.9"))
    done = intake("verify", "other.pdf")
    assert done.returncode == 20
    assert "?    The letter was made with version 0.0.9" in done.stdout
    assert "NO " not in done.stdout
    assert "20: made with another version" in " ".join(intake("verify", "--help").stdout.split())


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (None, 1, "x.pdf cannot be read: No such file"),
        (b"", 10, "damaged, locked"),
        (b"%PDF-1.7 nonsense", 10, "damaged, locked"),
    ],
)
@pytest.mark.parametrize("command", [["verify"], ["extract", "-o", "out"], ["faxcheck", "-o", "out"]])
def test_what_is_no_letter_is_told_in_a_sentence(intake, tmp_path, command, content, code, sentence):
    if content is not None:
        (tmp_path / "x.pdf").write_bytes(content)
    done = intake(command[0], "x.pdf", *command[1:])
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert sentence in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_letter_is_shown_as_a_fax_shows_it(intake, made, tmp_path):
    done = intake("faxcheck", made, "-o", "fax")
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "fax") in done.stdout
    assert len(list((tmp_path / "fax").glob("letter-*.png"))) == len(PdfReader(made).pages)


def test_the_safety_card_is_written(intake, tmp_path):
    case = json.loads((CASES / "disc_herniation.json").read_text("utf-8"))
    case["patient"]["language"] = "Spanish"
    (tmp_path / "case.json").write_text(json.dumps(case))
    done = intake("safety-card", "case.json", "-o", "card.pdf", "--clinic", "Harbour Clinic")
    assert done.returncode == 0, done.stderr
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "card.pdf").pages)
    assert "Harbour Clinic" in text
    assert case["patient"]["family_name"] not in text
