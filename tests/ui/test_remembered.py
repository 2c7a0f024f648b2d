"""A user remembered on this computer, in the real window: off, switched on by themselves, and never the only way in."""

import threading

import pytest
from desk import fill, settle, shown, sign_in
from locked import ANN, ORBIT, PLUM
from receptionist import click

from intake_app.records import Records
from intake_app.ui import people
from intake_app.vault import device

keyring = pytest.importorskip("keyring")
from keyring.backend import KeyringBackend  # noqa: E402 only where it is installed

LADDER = "amber violin ladder"


class OwnKeyring(KeyringBackend):
    """A keyring in memory that can be locked, and held until its owner has answered."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept, self.is_locked = {}, False
        self.answered, self.asked = threading.Event(), []
        self.answered.set()

    def set_password(self, service, username, password):
        self._ask()
        self.kept[service, username] = password

    def get_password(self, service, username):
        self._ask()
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        self._ask()
        del self.kept[service, username]

    def _ask(self):
        self.asked.append(threading.current_thread())
        self.answered.wait(20)
        if self.is_locked:
            raise keyring.errors.KeyringLocked


@pytest.fixture
def system(monkeypatch):
    """Return the keyring of this computer, which is trusted."""
    before, own = keyring.get_keyring(), OwnKeyring()
    monkeypatch.setattr(device, "TRUSTED", (OwnKeyring.__module__,))
    keyring.set_keyring(own)
    yield own
    own.answered.set()
    keyring.set_keyring(before)


def show_form(window, qtbot, action):
    window.show_people()
    click(window.people.buttons[action])
    form = window.people.form
    qtbot.waitUntil(lambda: not form.is_busy, timeout=20_000)
    return form


def switch(window, qtbot, action, own=PLUM):
    """Remember or forget who is chosen, and return what is wrong."""
    form = show_form(window, qtbot, action)
    fill(form, own=own)
    click(form.submit_button)
    qtbot.waitUntil(lambda: window.people.form is not form or bool(form.problem.text()), timeout=20_000)
    return form.problem.text() if window.people.form is form else ""


@pytest.fixture
def remembered(open_window, qtbot, clinic, system):
    """Ann, remembered on this computer; return the keyring."""
    assert clinic
    window = open_window()
    sign_in(window, qtbot)
    assert switch(window, qtbot, "remember") == ""
    window.close()
    return system


def press(window, qtbot, name=ANN):
    """Sign in as somebody who is remembered."""
    click(window.door.remembered_buttons[name])
    qtbot.waitUntil(lambda: not window.door.sign_in.is_busy, timeout=20_000)
    settle(qtbot)


def actions(window):
    return [(row["action"], row["user_name"]) for row in window.store.audit() if "this computer" in row["action"]]


def test_nobody_is_remembered_until_they_switch_it_on(open_window, qtbot, clinic, system, records):
    assert clinic
    window = open_window()
    assert window.door.remembered_buttons == {}
    sign_in(window, qtbot)
    assert "wrong" in switch(window, qtbot, "remember", "not mine")
    assert (records.remembered(), system.kept, actions(window)) == ([], {}, [])
    assert switch(window, qtbot, "remember") == ""
    assert window.people.message.text == f"{ANN} is remembered on this computer."
    assert (records.remembered(), actions(window)) == ([ANN], [(people.REMEMBERED, ANN)])
    assert people.REMEMBERED in window.people.list.item(0).text()
    assert not window.people.buttons["remember"].isVisible()
    window.people.list.setCurrentRow(1)
    assert window.people.buttons["remember"].isVisible()
    assert not window.people.buttons["remember"].isEnabled()


def test_who_is_remembered_gets_in_at_the_start_and_after_a_lock_by_the_password(open_window, qtbot, remembered):
    window = open_window()
    assert len(remembered.asked) == 1, "the start itself asks no keyring"
    assert list(window.door.remembered_buttons) == [ANN]
    press(window, qtbot)
    assert shown(window) is window.worklist
    assert (window.store.user_name, window.store.role) == (ANN, "administrator")
    window.lock()
    settle(qtbot)
    assert window.door.remembered_buttons == {}
    sign_in(window, qtbot, typed="not this one")
    assert window.worklist is None
    assert window.door.remembered_buttons == {}
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_a_locked_window_that_is_closed_asks_for_the_password_at_the_next_start(open_window, qtbot, remembered):
    assert remembered.kept
    window = open_window()
    press(window, qtbot)
    window.lock()
    settle(qtbot)
    window.close()
    window = open_window()
    assert window.door.remembered_buttons == {}
    sign_in(window, qtbot, "Fay Desk", ORBIT)
    window.close()
    window = open_window()
    assert window.door.remembered_buttons == {}, "somebody else's password does not let Ann in"
    sign_in(window, qtbot)
    window.close()
    window = open_window()
    assert list(window.door.remembered_buttons) == [ANN]
    press(window, qtbot)
    assert shown(window) is window.worklist


def lose(system):
    system.kept.clear()


def lock_it(system):
    system.is_locked = True


def move_away(_system):
    keyring.set_keyring(keyring.backends.fail.Keyring())


@pytest.mark.parametrize(
    ("spoil", "words"),
    [(lose, "not remembered"), (lock_it, "does not give out its secrets"), (move_away, "no keyring of its own")],
)
def test_a_keyring_that_fails_leads_to_the_password(open_window, qtbot, remembered, spoil, words):
    spoil(remembered)
    window = open_window()
    press(window, qtbot)
    form = window.door.sign_in
    assert words in form.problem.text()
    assert "password." in form.problem.text()
    assert (form.people.currentText(), form.lines["own"].hasFocus()) == (ANN, True)
    sign_in(window, qtbot)
    assert shown(window) is window.worklist


def test_the_window_lives_while_the_keyring_asks_its_owner(open_window, qtbot, remembered):
    window = open_window()
    remembered.asked.clear()
    remembered.answered.clear()
    click(window.door.remembered_buttons[ANN])
    qtbot.waitUntil(lambda: bool(remembered.asked), timeout=20_000)
    assert window.door.sign_in.is_busy
    click(window.door.remembered_buttons[ANN])
    remembered.answered.set()
    qtbot.waitUntil(lambda: window.worklist is not None, timeout=20_000)
    [thread] = remembered.asked
    assert thread is not threading.main_thread()


def test_switched_off_the_password_is_asked_for_again(open_window, qtbot, remembered, records):
    window = open_window()
    press(window, qtbot)
    assert "wrong" in switch(window, qtbot, "forget", "not mine")
    assert records.remembered() == [ANN]
    assert switch(window, qtbot, "forget") == ""
    assert (records.remembered(), remembered.kept) == ([], {})
    assert actions(window) == [(people.FORGOTTEN, ANN), (people.REMEMBERED, ANN)]
    window.close()
    assert open_window().door.remembered_buttons == {}


def test_a_new_password_ends_it(open_window, qtbot, remembered):
    assert remembered.kept
    window = open_window()
    press(window, qtbot)
    form = show_form(window, qtbot, "own")
    fill(form, own=PLUM, new=LADDER, again=LADDER)
    click(form.submit_button)
    qtbot.waitUntil(lambda: "was changed" in window.people.message.text, timeout=20_000)
    assert people.REMEMBERED not in window.people.list.item(0).text()
    window.close()
    assert open_window().door.remembered_buttons == {}


def test_a_new_key_for_the_records_keeps_it(open_window, qtbot, remembered):
    assert remembered.kept
    window = open_window()
    press(window, qtbot)
    before = bytes(window.session.key)
    window.show_people()
    click(window.people.buttons["key"])
    fill(window.people.form, own=PLUM)
    click(window.people.form.submit_button)
    qtbot.waitUntil(lambda: window.worklist is not None and bool(window.worklist.message.text), timeout=30_000)
    assert bytes(window.session.key) != before
    window.close()
    window = open_window()
    press(window, qtbot)
    assert shown(window) is window.worklist


def test_a_keyring_that_refuses_to_keep_it_is_told_and_the_trail_says_so(open_window, qtbot, clinic, system, records):
    assert clinic
    system.is_locked = True
    window = open_window()
    sign_in(window, qtbot)
    assert "does not give out its secrets" in switch(window, qtbot, "remember")
    assert records.remembered() == []
    assert actions(window) == [(people.FORGOTTEN, ANN), (people.REMEMBERED, ANN)]


def test_where_no_keyring_is_it_is_not_offered_and_said_why(open_window, qtbot, clinic, system, records):
    assert clinic
    move_away(system)
    window = open_window()
    sign_in(window, qtbot)
    form = show_form(window, qtbot, "remember")
    assert "no keyring of its own" in form.problem.text()
    assert not form.submit_button.isEnabled()
    assert not form.lines["own"].isEnabled()
    settle(qtbot)
    assert form.cancel_button.hasFocus()
    click(form.cancel_button)
    assert (records.remembered(), actions(window)) == ([], [])


def test_an_administrator_makes_this_computer_forget_somebody_who_was_one(
    open_window, qtbot, clinic, system, records, now
):
    assert clinic
    with records.open(records.unlock(ANN, PLUM)) as store:
        records.sign_in(store, records.unlock(ANN, PLUM))
        fay = next(user["id"] for user in store.users() if user["name"] == "Fay Desk")
        device.remember(records.path, records.unlock("Fay Desk", ORBIT), ORBIT, fay)
        store.sign_out(now())
    window = open_window()
    press(window, qtbot, "Fay Desk")
    assert window.store.role == "front_desk"
    window.show_people()
    assert [name for name, button in window.people.buttons.items() if button.isVisible()] == ["own"]
    window.lock()
    settle(qtbot)
    sign_in(window, qtbot)
    window.show_people()
    window.people.list.setCurrentRow(1)
    form = show_form(window, qtbot, "forget")
    fill(form, own=PLUM)
    click(form.submit_button)
    qtbot.waitUntil(lambda: "is forgotten" in window.people.message.text, timeout=20_000)
    assert (Records(records.path.parent, now).remembered(), system.kept) == ([], {})
