"""The words of a questionnaire's items, which a clinic that holds the rights keeps in files of its own data folder.

`items/rmdq.txt` has one item a line; `items/rmdq.toml` has `items = ["…", "…"]`. The program ships no such words.
"""

import re
import tomllib
from pathlib import Path

from intake_app.errors import UserError
from intake_app.questions import Question

FOLDER = "items"
SUFFIXES = (".toml", ".txt")
LONGEST_FILE = 100_000  # bytes: more is no questionnaire
_WHOLE = re.compile(r"(\w+)_items")  # a field for the numbers of all items
_SINGLE = re.compile(r"(\w+)_item_(\d+)")  # a field for the answer to one item


def find_texts(instrument: Question, field: Question, folder: Path) -> dict[str, str]:
    """Return the words of the items that a field is about: item number to text; empty without a file.

    `instrument` is the list that the field belongs to. UserError says what is wrong with a file.
    """
    whole, single = _WHOLE.fullmatch(field.id), _SINGLE.fullmatch(field.id)
    if whole:
        wanted = [key for key, _ in field.options if key.isdigit()]
        return dict(zip(wanted, _read_items(folder, whole[1], len(wanted)), strict=False))
    if single:
        count = sum(f.id.startswith(f"{single[1]}_item_") for f in instrument.fields)
        items = _read_items(folder, single[1], count)
        return {single[2]: items[int(single[2]) - 1]} if items else {}
    return {}


def _read_items(folder: Path, name: str, count: int) -> list[str]:
    path = next((folder / f"{name}{end}" for end in SUFFIXES if (folder / f"{name}{end}").is_file()), None)
    if path is None:
        return []
    items = _read_file(path)
    if len(items) != count:
        raise _mistake(path, f"has {len(items)} item{'' if len(items) == 1 else 's'}, and {count} are needed")
    return items


def _read_file(path: Path) -> list[str]:
    try:
        content = path.read_bytes()
        if len(content) > LONGEST_FILE:
            raise _mistake(path, "is too large")
        text = content.decode("utf-8-sig")
        if path.suffix == ".txt":
            return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        items = tomllib.loads(text).get("items")
    except OSError as error:
        raise _mistake(path, f"cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _mistake(path, "is not a text in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise _mistake(path, f"cannot be read ({error})") from error
    if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
        raise _mistake(path, 'has no list of texts: items = ["…", "…"]')
    return [" ".join(item.split()) for item in items]


def _mistake(path: Path, why: str) -> UserError:
    return UserError(
        f"The clinic's own file {FOLDER}/{path.name} {why}.", "The numbers can be used all the same; mend the file."
    )
