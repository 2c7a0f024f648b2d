"""How everything looks: two tables of colours, one style sheet, one font."""

import re
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from intake_app import paths

LIGHT = {
    "window": "#f3f6f7",
    "surface": "#ffffff",
    "sunken": "#e9eef0",
    "text": "#17262d",
    "muted": "#50616a",
    "line": "#d3dde1",
    "border": "#7d8d95",  # around what can be typed into or pressed
    "accent": "#1f6f8b",
    "accent_hover": "#185b73",
    "accent_soft": "#e1eff4",
    "on_accent": "#ffffff",
    "marked": "#1f6f8b",  # behind the white mark of a ticked box
    "amber": "#855400",
    "amber_soft": "#fdf3dc",
    "amber_line": "#b07a10",
    "red": "#b3201a",  # red flags and nothing else
    "red_soft": "#fdecea",
    "on_red": "#ffffff",
    "green": "#2a6a47",
    "green_soft": "#e4f2ea",
    "demo": "#5b3f8f",
    "on_demo": "#ffffff",
}
DARK = {
    "window": "#12181b",
    "surface": "#1b2327",
    "sunken": "#0e1315",
    "text": "#e7eef1",
    "muted": "#a6b5bc",
    "line": "#313d43",
    "border": "#75868e",
    "accent": "#74bfd8",
    "accent_hover": "#93d0e5",
    "accent_soft": "#1c3a45",
    "on_accent": "#08222c",
    "marked": "#2a7f9c",
    "amber": "#f0c36d",
    "amber_soft": "#332a15",
    "amber_line": "#b98a2e",
    "red": "#ff9a91",
    "red_soft": "#45191a",
    "on_red": "#3a0c0a",
    "green": "#85cfa4",
    "green_soft": "#193226",
    "demo": "#5b3f8f",
    "on_demo": "#ffffff",
}
# What is read (text, background) and what only has to be seen (mark, background).
TEXT_PAIRS = tuple(
    (text, background)
    for text, backgrounds in {
        "text": "window surface sunken accent_soft amber_soft red_soft green_soft",
        "muted": "window surface sunken accent_soft amber_soft",
        "accent": "window surface accent_soft",
        "accent_hover": "window surface accent_soft",
        "on_accent": "accent accent_hover",
        "amber": "window surface amber_soft",
        "red": "window surface red_soft",
        "on_red": "red",
        "green": "window surface green_soft",
        "on_demo": "demo",
    }.items()
    for background in backgrounds.split()
)
MARK_PAIRS = (
    ("border", "surface"),
    ("border", "window"),
    ("accent", "surface"),
    ("accent", "window"),
    ("amber_line", "amber_soft"),
    ("amber_line", "surface"),
)
STYLE = "fusion"  # the one of Qt's that looks the same everywhere; taken when the program starts
SMALLEST_TEXT = 10.5  # points, at the system's own scale
_STEPS = {"size_small": 0.92, "size": 1.0, "size_section": 1.1, "size_heading": 1.25, "size_title": 1.65}
_LINE_HEIGHT = 1.9  # pixels of a line of text for each of its points
_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Highlight: "marked",
    QPalette.ColorRole.HighlightedText: "on_demo",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "window",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "border",
    QPalette.ColorRole.Shadow: "line",
}
_TOKEN = re.compile(r"@(\w+)")


def apply_theme(app: QApplication, theme: str | None = None) -> None:
    """Dress the program in "light" or "dark"; None follows the system, also when it changes while running."""
    _load_font(app)
    _dress(app, theme or _system_theme(app))
    if theme is None:
        app.styleHints().colorSchemeChanged.connect(lambda: _dress(app, _system_theme(app)))


def colour(token: str) -> QColor:
    """Return a colour of the theme in use; ask when painting, because the theme can change."""
    return QColor(_tokens(current_theme())[token])


def current_theme() -> str:
    """Return "light" or "dark"."""
    app = QApplication.instance()
    return str(app.property("theme") or "light") if app else "light"


def load_rare_fonts() -> Iterator[None]:
    """Load what draws names in other scripts, for computers that have no fonts for them; one font a turn."""
    for face in ("others", "hangul", "han", "pictures", "sans-italic"):
        _add_font(face)
        yield


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def style_sheet(theme: str, size: float) -> str:
    """Return the style sheet with the colours of a theme, for a base text size in points."""
    tokens = _tokens(theme) | {name: f"{size * step:.1f}pt" for name, step in _STEPS.items()}
    tokens["line_height"] = f"{size * _LINE_HEIGHT:.0f}px"
    tokens["icons"] = (paths.resources() / "icons").as_posix()
    text = (paths.resources() / "style.qss").read_text("utf-8")
    return _TOKEN.sub(lambda match: tokens[match[1]], text)


def _tokens(theme: str) -> dict[str, str]:
    return DARK if theme == "dark" else LIGHT


def _system_theme(app: QApplication) -> str:
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def _load_font(app: QApplication) -> None:
    """Use our font at the system's text size, so that an enlarged system enlarges us."""
    size = max(app.font().pointSizeF(), SMALLEST_TEXT)
    for face in ("sans", "sans-bold"):
        _add_font(face)
    font = QFont(app.font())
    font.setFamilies(["Noto Sans", *app.font().families(), "DejaVu Sans"])
    font.setPointSizeF(size)
    app.setFont(font)


@cache
def _add_font(face: str) -> int:
    """Load a font once and return Qt's number for it: every copy would stay, with all that was drawn from it."""
    return QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / f"{face}.ttf"))


def _dress(app: QApplication, theme: str) -> None:
    app.setProperty("theme", theme)
    app.setPalette(_palette(_tokens(theme)))
    app.setStyleSheet(style_sheet(theme, app.font().pointSizeF()))


def _palette(tokens: dict[str, str]) -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(tokens[token]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens["border"]))
    return palette


def _luminance(colour_: str) -> float:
    shade = QColor(colour_)
    red, green, blue = map(_linear, (shade.redF(), shade.greenF(), shade.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 WCAG's curve
