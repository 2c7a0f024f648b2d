"""Reads numbers as people write them: with comma or point, and in the units they know."""

import re

# What one of these is in the unit a question asks for.
FACTORS = {
    "cm": {
        "cm": 1.0,
        "mm": 0.1,
        "m": 100.0,
        "in": 2.54,
        "inch": 2.54,
        "inches": 2.54,
        '"': 2.54,
        "ft": 30.48,
    },
    "mm": {"mm": 1.0, "cm": 10.0},
    "kg": {
        "kg": 1.0,
        "g": 0.001,
        "lb": 0.45359237,
        "lbs": 0.45359237,
        "pounds": 0.45359237,
        "st": 6.35029318,
    },
    "minutes": {"minutes": 1.0, "min": 1.0, "m": 1.0, "h": 60.0, "hour": 60.0, "hours": 60.0},
    "degrees": {"degrees": 1.0, "°": 1.0, "deg": 1.0},
    "%": {"%": 1.0},
}
FEET, STONES = 30.48, 6.35029318
_NUMBER = r"[-+\u2212]?\d+(?:[.,]\d+)?|[-+\u2212]?[.,]\d+"
_PLAIN = re.compile(rf"({_NUMBER})\s*(\D*)")
_FEET = re.compile(rf"(\d+)\s*(?:'|ft|feet|foot)\s*({_NUMBER})?\s*(?:\"|''|in|inch|inches)?")
_STONES = re.compile(rf"(\d+)\s*(?:st|stone)\s*({_NUMBER})?\s*(?:lb|lbs|pounds)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[., ]\d{3})+")
_QUOTES = str.maketrans({"\u2019": "'", "\u2032": "'", "\u201d": '"', "\u2033": '"'})


def read_number(text: str, unit: str, decimals: int) -> float | None:
    """Return a typed number in `unit`, rounded to `decimals` if it was given in another; None if it is none.

    1,000 is refused: here it means one, there a thousand.
    """
    typed = " ".join(text.translate(_QUOTES).lower().split())
    if _THOUSANDS.fullmatch(typed):
        return None
    for pattern, wanted, whole, part in ((_FEET, "cm", FEET, 2.54), (_STONES, "kg", STONES, 0.45359237)):
        if wanted == unit and (match := pattern.fullmatch(typed)):
            return round(int(match[1]) * whole + _to_float(match[2] or "0") * part, decimals)
    match = _PLAIN.fullmatch(typed)
    if not match:
        return None
    number, given_unit = _to_float(match[1]), match[2].strip()
    if given_unit in ("", unit.lower()):
        return number
    factor = FACTORS.get(unit, {}).get(given_unit)
    return None if factor is None else round(number * factor, decimals)


def _to_float(digits: str) -> float:
    return float(digits.replace(",", ".").replace("\u2212", "-"))
