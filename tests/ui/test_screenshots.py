from locked import CHEAP
from PySide6.QtGui import QImage

from db import open_store
from intake_app import demo
from intake_app.app import fill_store
from intake_app.records import Records
from intake_app.ui import screenshots
from intake_app.vault import keyslots


def test_every_screen_is_written(qapp, tmp_path, questionnaire, now, monkeypatch):
    monkeypatch.setattr(screenshots, "SIZES", {"small": (1024, 700)})
    monkeypatch.setattr(screenshots, "THEMES", ("dark",))  # one, to be quick
    monkeypatch.setattr(screenshots, "SETTLE", 10)
    before = qapp.font(), qapp.palette(), qapp.styleSheet()

    def open_demo(name):
        store = open_store(tmp_path / name / "clinic.db")
        fill(store)
        return store

    def fill(store):
        fill_store(store, demo.cases(questionnaire, now().date()).values(), now())

    monkeypatch.setattr(keyslots, "calibrate", lambda: CHEAP)
    folder = tmp_path / "pictures"
    written = screenshots.write_screenshots(
        qapp, folder, open_demo, lambda: questionnaire, now,
        make_records=lambda name: Records(tmp_path / f"{name}-locked", now), fill=fill,
    )  # fmt: skip
    assert written == 0
    qapp.setFont(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])
    check_pictures(folder, questionnaire)


def check_pictures(folder, questionnaire):
    names = {path.stem for path in folder.glob("*.png")}
    pages = [f"page-{number:02}-{page.id}" for number, page in enumerate(questionnaire.pages, 1)]
    accounts = (
        "set-up",
        "recovery-code",
        "worklist-signed-in",
        "intake-signed-in",
        "people",
        "people-new-key",
        "trail",
    )
    accounts += (
        "letters-ready",
        "letters-issued",
        "backups",
        "rule-book",
        "locked",
        "sign-in-wrong",
        "forgotten",
        "damaged",
    )
    for name in (*accounts, "worklist", "patient", "review", "letter-preview", "letter-issued", "emergency", *pages):
        assert f"{name}-dark-small" in names
    assert "letter-page-1" in names
    picture = QImage(str(folder / "worklist-dark-small.png"))
    assert (picture.width(), picture.height()) == (1024, 700)
    assert picture.pixelColor(5, 300).lightness() < 60
