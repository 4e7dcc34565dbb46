"""A handful of forms that hold every type, appearance and level, for a person at the page."""

from __future__ import annotations

from collections.abc import Iterator

from taizhang.core.form.field_type import ANSWERABLE, APPEARANCES
from tests.web.exchange.generated import NUMBER, Made, Row, forms

#: Questions of one composed form: about as many as a person would scroll through.
MOST = 34


def composed() -> tuple[Made, ...]:
    """Give forms that hold every type, appearance, ``or_other`` and kind of level."""
    alone = [made for made in forms() if not made.refused and _plain(made)]
    parts = [_renamed(made, at) for at, made in enumerate(alone)]
    groups: list[list[Row]] = [[]]
    for part in parts:
        if len(groups[-1]) + len(part) > MOST:
            groups.append([])
        groups[-1] += part
    return tuple(
        Made(f"page{at}", f"page {at}", (NUMBER, *rows)) for at, rows in enumerate(groups, 1)
    )


#: What a form is of → it stands in a composed form; the places of a type are tried elsewhere.
PLAIN = {
    *(f"{kind}, alone" for kind in ANSWERABLE),
    *(f"{kind} {look}" for kind, looks in APPEARANCES.items() for look in looks),
    *(
        f"{kind} or_other, {place}"
        for kind in ("select_one", "select_multiple")
        for place in ("alone", "repeat")
    ),
    *("repeat_count ${n} + 1", "repeat_count 2", "table-list in repeat", "image, repeat"),
    *("decimal = ${n} div 3, alone", "integer = ${n} div 3, alone", "select_one filtered"),
}


def _plain(made: Made) -> bool:
    return made.of in PLAIN


def _renamed(made: Made, at: int) -> list[Row]:
    """Give the rows of a form under names of their own."""
    own = {row["name"] for row in made.rows if "name" in row and row["name"] != "n"}
    return [_row(row, own, at) for row in made.rows if row.get("name") != "n"]


def _row(row: Row, own: set[str], at: int) -> Row:
    return dict(_cells(row, own, at))


def _cells(row: Row, own: set[str], at: int) -> Iterator[tuple[str, str]]:
    for column, text in row.items():
        if column == "name":
            yield column, f"{text}{at}"
            continue
        for name in own:
            text = text.replace(f"${{{name}}}", f"${{{name}{at}}}")
        yield column, f"{text}{at}" if column == "label" else text
