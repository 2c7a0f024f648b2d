"""The answers as ordinary tables: generated SQL views, so that anyone can query the file."""

import re
from collections.abc import Mapping
from typing import TypedDict

from db.roles import verb
from db.tables import Tables

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_SETTING = "views"
_OWN_COLUMNS = {"intake_id", "patient_id", "entry_id", "position"}


class Shape(TypedDict):
    """What a view shows: one row per intake, or per entry of the list `question`; a column per question."""

    entries: bool
    question: str
    columns: list[str]


class Views(Tables):
    """The views beside the tables."""

    @verb
    def make_views(self, shape: Mapping[str, Shape]) -> None:
        """Make one view per name, dropping those made before; nothing happens if they are as asked already.

        Views of entries start with entry_id, intake_id, patient_id, position, the others with intake_id,
        patient_id. Discarded intakes and removed entries are left out; a list or tree of values is JSON text.
        ValueError for a name that is not [a-z][a-z0-9_]*, is used twice or is a table's.
        """
        wanted = {name: dict(view) for name, view in shape.items()}
        made = self._setting(_SETTING, {})
        if wanted == made:
            return
        statements = [_create_view(name, view) for name, view in shape.items()]
        tables = {row["name"] for row in self._rows("select name from sqlite_master where type = 'table'")}
        if taken := tables & set(shape):
            raise ValueError(f"tables have these names: {', '.join(sorted(taken))}")
        with self._saving() as db:
            for name in made:
                db.execute(f'drop view if exists "{name}"')
            for statement in statements:
                db.execute(statement)
            self._put_setting(_SETTING, wanted)


def _create_view(name: str, view: Shape) -> str:
    names = [name, *view["columns"], *([view["question"]] if view["entries"] else [])]
    if wrong := [each for each in names if not _IDENTIFIER.fullmatch(each)]:
        raise ValueError(f"not a name for a table or column: {wrong}")
    columns = view["columns"]
    if len(set(columns)) < len(columns) or _OWN_COLUMNS & set(columns):
        raise ValueError(f"a column of {name} has the name of another")
    # Every name below is checked above and quoted, because `order` and `group` are names too.
    entry = "entries.id" if view["entries"] else "''"
    answers = [
        f"(select json_extract(value, '$') from answers where intake_id = intakes.id and entry_id = {entry}"  # noqa: S608
        f" and question = '{column}') as \"{column}\""
        for column in columns
    ]
    own = ["intakes.id as intake_id", "patient_id"]
    source, condition = "intakes", "discarded_at is null"
    if view["entries"]:
        own = ["entries.id as entry_id", *own, "position"]
        source = "entries join intakes on intakes.id = intake_id"
        condition += f" and removed_at is null and question = '{view['question']}'"
    return f'create view "{name}" as select {", ".join([*own, *answers])} from {source} where {condition}'  # noqa: S608
