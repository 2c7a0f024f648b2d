import pytest

from intake_app.ui.typed_numbers import read_number


@pytest.mark.parametrize(
    ("typed", "unit", "decimals", "number"),
    [
        ("12", "", 0, 12),
        ("37.5", "", 1, 37.5),
        ("37,5", "", 1, 37.5),
        (" 37.5 ", "", 1, 37.5),
        ("-2.5", "", 1, -2.5),
        ("\u22122.5", "", 1, -2.5),
        (".5", "", 1, 0.5),
        ("180 cm", "cm", 1, 180),
        ("1.80 m", "cm", 1, 180),
        ("5'11\"", "cm", 1, 180.3),
        ("5\u203211\u2033", "cm", 1, 180.3),
        ("5 ft 11 in", "cm", 1, 180.3),
        ("6'", "cm", 1, 182.9),
        ("71 in", "cm", 1, 180.3),
        ("180 lb", "kg", 1, 81.6),
        ("12 st 12", "kg", 1, 81.6),
        ("81.6kg", "kg", 1, 81.6),
        ("25 mm", "cm", 1, 2.5),
        ("1.5 h", "minutes", 0, 90),
        ("40°", "degrees", 1, 40),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, unit, decimals, number):
    assert read_number(typed, unit, decimals) == pytest.approx(number)


@pytest.mark.parametrize(
    "typed", ["", "twelve", "1,000", "1.000", "1 000", "12-14", "12 lb", "1e3", "nan", "inf", "12 12", "5'11\"x"]
)
def test_what_is_no_number_or_could_mean_two_is_refused(typed):
    assert read_number(typed, "cm", 1) is None
