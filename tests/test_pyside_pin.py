"""Guards the pin of PySide6: 6.12.0 on Python 3.11 aborts the program after about 5,000 calls."""

import sys

import pytest
from PySide6.QtCore import QObject

CALLS = 500


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None cannot be freed from Python 3.12 on")
def test_qt_calls_without_a_result_take_no_reference_from_none():
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < CALLS / 5
