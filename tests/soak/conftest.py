"""Shows each gate in a line of its own as soon as it is measured, and all of them again at the end.

A gate is a test with the mark `gate(name, bar)` that records what it measured as the property `figure`.
"""

from collections import Counter

import pytest

SAID = {"passed": "holds", "failed": "FAILS", "skipped": "not measured here"}
gates = {}  # by test, of those to be run: name and bar
reports = {}  # by test, of those that are over
spent = Counter()  # by test: seconds, with what was prepared for it


def pytest_configure(config):
    config.addinivalue_line("markers", "gate(name, bar): what has to hold")


def pytest_collection_finish(session):
    for item in session.items:
        if mark := item.get_closest_marker("gate"):
            name, bar = mark.args
            gates[item.nodeid] = f"{name}, {item.callspec.id}" if hasattr(item, "callspec") else name, bar


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report):
    spent[report.nodeid] += report.duration
    if report.nodeid in gates and (report.when == "call" or not report.passed):
        reports[report.nodeid] = report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report):
    """Let the line of the gate stand for the dot of the test."""
    if reports.get(report.nodeid) is report:
        return report.outcome, f"{describe(report.nodeid)}\n", SAID[report.outcome]
    return None


def pytest_terminal_summary(terminalreporter):
    if gates:
        terminalreporter.section("gates")
    for test in gates:
        terminalreporter.write_line(describe(test))


def describe(test):
    """Return a gate in a line: whether it holds, what was measured, the bar, and how many minutes it took."""
    name, bar = gates[test]
    if not (report := reports.get(test)):
        return f"not run  {name} (bar: {bar})"
    figure = dict(report.user_properties).get("figure") or (report.longrepr[-1] if report.skipped else "no figure")
    minutes, seconds = divmod(round(spent[test]), 60)
    return f"{SAID[report.outcome]}  {name}: {figure} (bar: {bar}) {minutes}:{seconds:02}"
