"""Tables of SQLite written anew without what only costs each write; for migrations."""

from __future__ import annotations

import re
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_MADE = "lean__table"


def table_lean(
    editor: BaseDatabaseSchemaEditor,
    table: str,
    *,
    by_key: bool = False,
    rare: tuple[str, ...] = (),
) -> None:
    """Write ``table`` anew: no AUTOINCREMENT, whose counter is a page in every commit.

    Does nothing on another database.

    :param by_key: the table is its own index (WITHOUT ROWID)
    :param rare: unique columns that are mostly empty; only what is there goes into their index
    """
    if editor.connection.vendor != "sqlite":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        (definition,) = cursor.fetchone()
        made = definition.replace(f'CREATE TABLE "{table}"', f'CREATE TABLE "{_MADE}"', 1)
        made = made.replace(" AUTOINCREMENT", "") + (" WITHOUT ROWID" if by_key else "")
        for column in rare:
            made, count = re.subn(rf'("{column}" [^,]*?) UNIQUE\b', r"\1", made, count=1)
            if not count:
                raise RuntimeError(f"{table}.{column} is not unique")
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql NOTNULL",
            [table],
        )
        indexes = [row[0] for row in cursor.fetchall()]
        indexes += [
            f'CREATE UNIQUE INDEX "{table}_{column}_once" ON "{table}" ("{column}") '
            f'WHERE "{column}" IS NOT NULL'
            for column in rare
        ]
        _rewrite(cursor, table, made, indexes)


def _rewrite(cursor: Any, table: str, made: str, indexes: list[str]) -> None:
    cursor.execute(made)
    cursor.execute(f'INSERT INTO "{_MADE}" SELECT * FROM "{table}"')  # noqa: S608 - own names
    cursor.execute(f'DROP TABLE "{table}"')
    cursor.execute(f'ALTER TABLE "{_MADE}" RENAME TO "{table}"')
    for index in indexes:
        cursor.execute(index)
