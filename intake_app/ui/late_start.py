"""What the start leaves for later: loading what an intake needs, and leading back to what was cut off."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from db import Store
from intake_app.ui import theme
from intake_app.ui.background import Background
from intake_app.ui.patient_form import unfinished
from intake_app.ui.worklist import Worklist
from intake_app.ui.worklist_model import say_name

# What opening an intake takes, in pieces small enough for idle moments.
NEEDED_NEXT = tuple(
    f"intake_app.{name}"
    for name in ("validation", "letter", "ui.answer_widgets", "ui.wizard", "ui.review_page", "ui.intake_screen")
)


def load_rest(background: Background) -> Iterator[None]:
    """Load what is needed next, in moments too short to be felt."""
    background.run(background, Store.warm, _ignore, _ignore)
    yield from theme.load_rare_fonts()
    for name in NEEDED_NEXT:
        import_module(name)
        yield


def offer_unfinished(store: Store, worklist: Worklist, show_new_patient: Callable[[Mapping[str, str]], object]) -> None:
    """Lead back to a new patient whose particulars were typed and who was not begun."""
    worklist.interrupted.clear()
    if typed := store.setting(unfinished(store)):
        words = f"You were entering a new patient, {say_name(typed)}. Nothing was lost."
        worklist.offer_to_continue(words, lambda: show_new_patient(typed))


def offer_to_continue(
    store: Store, worklist: Worklist, steps: Mapping[str, str], show_intake: Callable[[str], object]
) -> None:
    """Lead back to the intake that was on the screen when the program ended without being closed."""
    if intake := store.interrupted_intake():
        name = say_name(store.patient(intake["patient_id"]))
        page = f", page {steps[intake['page']]}" if intake["page"] in steps else ""
        words = f"You were in the middle of the intake of {name}{page}. Nothing was lost."
        worklist.offer_to_continue(words, lambda: show_intake(intake["id"]))
        worklist.interrupted.button.setFocus()


def _ignore(_outcome: object) -> None:
    """Hear nothing of what was only loaded early: where it could not be, it is tried again when it is needed."""
