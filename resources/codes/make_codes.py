"""Write icd10cm_spine.json, the diagnosis codes a spine clinic meets, from the simple-icd-10-cm package.

Run it when a new release of the package is out: python resources/codes/make_codes.py
"""

import json
from importlib.metadata import version
from pathlib import Path

import simple_icd_10_cm as icd

RELEASE = "ICD-10-CM FY2026, April 2026"
# Whole categories of the spine, and single neighbours: red-flag diagnoses, earlier surgery, overall health.
CATEGORIES = (
    *(f"M{n}" for n in (*range(40, 44), *range(45, 52), 53, 54, 81)),
    "C70", "C72", "C79.5", "D16.6", "D33.4", "D49.2", "D50", "D64", "E10", "E11", "E46", "E55", "E66", "F17.2", "G06",
    "G47.3", "G54", "G55", "G57", "G83.4", "G89", "G95", "G99.2", "I50", "I71", "J44", "L23.0", "M21.37", "M71.38",
    "M79.60", "M80.08", "M80.88", "M84.58", "M96.0", "M96.1", "M96.2", "M96.3", "M96.4", "M96.5", "M96.8", "N18",
    "Q76", "R15", "R26", "R29.6", "R32", "R33", "S12", "S13", "S22.0", "S23", "S32.0", "S32.1", "S33", "T84.2", "Z33",
    "Z68", "Z72.0", "Z79.0", "Z79.4", "Z79.5", "Z79.89", "Z87.81", "Z87.891", "Z98.1",
)  # fmt: skip


def main() -> None:
    """Write every code below CATEGORIES with its official long description: the billable ones, and their groups."""
    every = [
        code for code in icd.get_all_codes(with_dots=True) if code.startswith(CATEGORIES) and not icd.is_block(code)
    ]
    book = {
        "release": RELEASE,
        "from": f"simple-icd-10-cm {version('simple-icd-10-cm')}",
        "codes": {code: icd.get_description(code) for code in every if icd.is_leaf(code)},
        "groups": {code: icd.get_description(code) for code in every if not icd.is_leaf(code)},
    }
    target = Path(__file__).with_name("icd10cm_spine.json")
    target.write_text(json.dumps(book, indent=0, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
