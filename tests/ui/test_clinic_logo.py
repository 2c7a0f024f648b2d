import io

import pikepdf
import pytest
from PySide6.QtGui import QImage

from intake_app.ui.clinic_form import ClinicForm
from intake_app.ui.clinic_logo import LogoPanel, read_kept


@pytest.fixture
def chosen(tmp_path):
    path = tmp_path / "logo.png"
    picture = QImage(300, 100, QImage.Format.Format_RGB32)
    picture.fill(0x1F6F8B)
    picture.save(str(path))
    return path


@pytest.fixture
def open_panel(qtbot, store, background):
    def show(path):
        panel = LogoPanel(store, background, lambda _parent: path)
        qtbot.addWidget(panel)
        panel.show()
        return panel

    return show


def test_a_logo_is_checked_kept_and_shown(open_panel, chosen, store, qtbot, now):
    store.save_clinic({"name": "Harbour Clinic"}, now())
    panel = open_panel(chosen)
    assert read_kept(store) is None
    panel.choose_button.click()
    qtbot.waitUntil(lambda: read_kept(store) is not None, timeout=30_000)
    logo = read_kept(store)
    assert (logo.width, logo.height, logo.says) == (300, 100, "Logo of Harbour Clinic")
    assert not panel.picture.pixmap().isNull()


def test_a_removed_logo_can_be_put_back(open_panel, chosen, store, qtbot):
    panel = open_panel(chosen)
    panel.choose()
    qtbot.waitUntil(lambda: read_kept(store) is not None, timeout=30_000)
    panel.remove_button.click()
    assert read_kept(store) is None
    assert panel.picture.isHidden()
    panel.message.button.click()
    assert read_kept(store).width == 300


def test_what_is_no_picture_is_refused_with_a_sentence(open_panel, tmp_path, store, qtbot):
    path = tmp_path / "logo.png"
    path.write_text("words")
    panel = open_panel(path)
    panel.choose()
    qtbot.waitUntil(lambda: "neither a PDF nor" in panel.message.text, timeout=30_000)
    assert read_kept(store) is None


def test_the_logo_stands_in_the_next_letter(open_panel, chosen, store, qtbot, open_letter, demo_draft):
    panel = open_panel(chosen)
    panel.choose()
    qtbot.waitUntil(lambda: read_kept(store) is not None, timeout=30_000)
    page = open_letter(draft=demo_draft())
    assert page._about["logo"].width == 300
    with pikepdf.open(io.BytesIO(page.shown.pdf)) as pdf:
        assert any(image.Width == 300 for image in pdf.pages[0].get_images().values())
    panel.remove()
    page.issue()
    assert store.letters(page._draft.intake_id) == []  # the preview is not the letter any more


def test_the_letterhead_form_has_it_after_the_first_start(qtbot, store, now, background):
    form = ClinicForm(store, now, background)
    qtbot.addWidget(form)
    form.show_clinic(None)
    assert form.logo.isHidden()
    store.save_clinic({"name": "Harbour Clinic"}, now())
    form.show_clinic(store.clinic())
    assert not form.logo.isHidden()


def test_the_height_of_the_pre_printed_letterhead_is_kept(qtbot, store, now):
    from intake_app.ui.letter_about import PREPRINTED, read_preprinted

    form = ClinicForm(store, now)
    qtbot.addWidget(form)
    store.save_clinic({"name": "Harbour Clinic"}, now())
    form.show_clinic(store.clinic())
    assert form.hours.values()[PREPRINTED] == 40
    form.hours.fields[PREPRINTED].widget.take_text("55")
    form.save_button.click()
    assert read_preprinted(store) == 55
