"""Write the letter's fonts: the parts we print of free fonts, and coverage.json, which says who draws what.

Needs fonttools, and the Debian packages fonts-noto-core, fonts-dejavu-core, fonts-droid-fallback and
fonts-nanum. Run it when a script is to be added: python resources/fonts/make_fonts.py [FOLDER OF FONTS]
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
SYSTEM = "/usr/share/fonts/truetype"
LETTERS = "20-7E A0-24F 250-36F 370-3FF 400-52F 1E00-1FFF 2000-206F 2070-209F 20A0-20CF 2100-214F 2150-218F"
LATIN = f"{LETTERS} 1D00-1DBF 2C60-2C7F A720-A7FF FB00-FB06"
# What joins or turns around is only offered where shaping has been looked at: Hebrew and Arabic.
OTHERS = (
    f"{LETTERS} 530-58F 10A0-10FF 590-5FF 600-6FF 750-77F FB13-FDFF FE70-FEFC 2190-21FF 2200-22FF 2300-23FF "
    "2460-24FF 2500-257F 2580-259F 25A0-25FF 2600-26FF 2700-27BF 27C0-27FF 2900-297F 2A00-2AFF 2B00-2BFF "
    "1F600-1F64F 1D400-1D7FF"
)
HAN = "2E80-2FDF 3000-30FF 3100-312F 3190-31FF 3200-33FF 3400-4DBF 4E00-9FFF F900-FAFF FE30-FE4F FF00-FFEF 20000-2FA1F"
HANGUL = "3130-318F AC00-D7A3"  # no loose jamo: they would need shaping
PICTURES = "2600-27BF 2B00-2BFF 1F300-1F5FF 1F600-1F64F 1F680-1F6FF 1F780-1F7FF"
# Face -> where it comes from, what we take of it. In the order in which a character looks for a face.
FACES = {
    "sans": ("noto/NotoSans-Regular.ttf", LATIN),
    "sans-bold": ("noto/NotoSans-Bold.ttf", LATIN),
    "sans-italic": ("noto/NotoSans-Italic.ttf", LATIN),
    "others": ("dejavu/DejaVuSans.ttf", OTHERS),
    "others-bold": ("dejavu/DejaVuSans-Bold.ttf", OTHERS),
    "hangul": ("nanum/NanumGothic.ttf", HANGUL),
    "han": ("droid/DroidSansFallbackFull.ttf", HAN),
    "pictures": ("noto/NotoSansSymbols2-Regular.ttf", PICTURES),
}
RENAMED = {"hangul": "Letter Hangul"}  # its licence reserves the name for the unchanged font
SHAPING = ["mark", "mkmk", "init", "medi", "fina", "isol", "rlig"]


def main(folder: Path) -> None:
    """Write every face and what it covers."""
    coverage = {}
    for face, (source, wanted) in FACES.items():
        points = _cut(folder / source, face, wanted)
        coverage[face] = " ".join(_ranges(points))
        print(f"{face}: {len(points)} characters, {(HERE / f'{face}.ttf').stat().st_size:,} bytes")  # noqa: T201
    (HERE / "coverage.json").write_text(json.dumps(coverage, indent=0) + "\n", "utf-8")


def _cut(source: Path, face: str, wanted: str) -> list[int]:
    font = TTFont(source)
    options = subset.Options(hinting=False, layout_features=SHAPING, notdef_outline=True, glyph_names=False)
    options.drop_tables += ["FFTM", "meta", "MATH"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[n for part in wanted.split() for n in _points(part)])
    cutter.subset(font)
    if face in RENAMED:
        for record in font["name"].names:
            name = RENAMED[face].replace(" ", "") if record.nameID == 6 else RENAMED[face]  # noqa: PLR2004
            if record.nameID in (1, 3, 4, 6):
                record.string = name
    font.save(HERE / f"{face}.ttf")
    return sorted(font.getBestCmap())


def _points(part: str) -> range:
    first, _, last = part.partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


def _ranges(points: Iterable[int]) -> list[str]:
    runs: list[list[int]] = []
    for point in points:
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return [f"{a:X}-{b:X}" if a < b else f"{a:X}" for a, b in runs]


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else SYSTEM))
