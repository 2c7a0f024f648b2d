"""A list worked through on the worker: in its order, past what fails, stopped between two, and a bug stays one."""

import pytest

from intake_app.errors import UserError
from intake_app.ui.round import MISTAKE, Round


@pytest.fixture
def round_(background):
    return Round(background)


def run(round_, qtbot, ids, work):
    told = []
    connection = round_.told.connect(lambda one, outcome: told.append((one, outcome)))
    with qtbot.waitSignal(round_.ended):
        round_.start(ids, work)
    round_.told.disconnect(connection)
    return told


def test_everything_is_done_in_its_order(round_, qtbot):
    assert run(round_, qtbot, ["a", "b"], str.upper) == [("a", "A"), ("b", "B")]
    assert not round_.is_running


def test_nothing_to_do_ends_at_once(round_, qtbot):
    assert run(round_, qtbot, [], str.upper) == []


def test_one_that_fails_stops_no_other(round_, qtbot):
    fault = UserError("It failed.", "Try again.")

    def work(one):
        if one == "a":
            raise fault
        return one

    assert run(round_, qtbot, ["a", "b"], work) == [("a", fault), ("b", "b")]


def test_stopped_it_finishes_what_it_is_at(round_, qtbot):
    round_.told.connect(lambda *_: round_.stop())
    assert run(round_, qtbot, ["a", "b"], str.upper) == [("a", "A")]


def test_a_bug_is_told_and_stays_one_and_the_others_go_on(round_, qtbot):
    with qtbot.captureExceptions() as caught:
        told = run(round_, qtbot, ["0", "1"], lambda one: 1 // int(one))
    assert [(one, str(outcome)) for one, outcome in told] == [("0", str(UserError(*MISTAKE))), ("1", "1")]
    assert caught[0][0] is ZeroDivisionError
