"""Forms generated over every type, spelling, appearance and place that the converter knows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from taizhang.core.form.field_type import (
    ANSWERABLE,
    APPEARANCES,
    LIST_SPELLINGS,
    SPELLINGS,
    UNANSWERABLE,
)

#: Lists that select types name behind them.
LISTS = {
    "select_one": "st",
    "select_multiple": "st",
    "rank": "st",
    "select_one_external": "st",
    "select_one_from_file": "boards.csv",
    "select_multiple_from_file": "boards.csv",
}
CHOICES = """| choices |
| | list_name | name | label | area |
| | st | a | 甲 | east |
| | st | b | 乙 | east |
| | st | c | 丙 | west |
"""
COLUMNS = (
    *("type", "name", "label", "appearance", "required", "relevant", "constraint"),
    *("calculation", "default", "choice_filter", "parameters", "repeat_count", "read_only"),
)
Row = dict[str, str]


@dataclass(frozen=True)
class Made:
    """One generated form: ``of`` says what it is a form of (type, appearance …)."""

    key: str
    of: str
    rows: tuple[Row, ...]
    refused: str = ""  # the code that refuses it
    settings: Row = field(default_factory=dict)

    @property
    def source(self) -> str:
        """Give the form as the Markdown table of an XLSForm."""
        lines = ["| survey |", f"| | {' | '.join(COLUMNS)} |"]
        lines += [f"| | {' | '.join(row.get(name, '') for name in COLUMNS)} |" for row in self.rows]
        settings = {"form_title": "表", "about": "place", "why": "找得到宣传栏", **self.settings}
        lines += [CHOICES.rstrip(), "| settings |", f"| | {' | '.join(settings)} |"]
        return "\n".join([*lines, f"| | {' | '.join(settings.values())} |"]) + "\n"


def asked(kind: str, name: str = "q", **cells: str) -> Row:
    """Give the row of a question of a type."""
    listed = next((name for name in LISTS if kind == name), "")
    type_text = f"{kind} {LISTS[listed]}" if listed else kind
    row = {"type": type_text, "name": name, "label": "宣传栏情况", **cells}
    if kind == "calculate":
        row.setdefault("calculation", "1 + 1")
    if kind == "range":
        row.setdefault("parameters", "start=1 end=5 step=1")
    return row


NUMBER = asked("integer", "n")


def _placed(kind: str, row: Row) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Put a question in a form alone, in a group, in a repeat, and in both."""
    group = {"type": "begin group", "name": "g", "label": "一组"}
    repeat = {"type": "begin repeat", "name": "r", "label": "各行"}
    yield "alone", (NUMBER, row)
    yield "group", (NUMBER, group, row, {"type": "end group"})
    yield "repeat", (NUMBER, repeat, row, {"type": "end repeat"})
    inside = (repeat, group, row, {"type": "end group"}, {"type": "end repeat"})
    yield "group in repeat", (NUMBER, *inside)


#: What a calculation may be for each type that takes one, and in which a type may be wrong.
CALCULATIONS = {
    "integer": ("${n} + 1", "${n} div 3", "'x'"),
    "decimal": ("${n} + 1", "${n} div 3", "1 div 0", "'x'"),
    "text": ("concat('甲', ${n})", "${n} div 3"),
    "date": ("today()", "decimal-date-time(today()) + 30", "''"),
    "select_one": ("'a'", "if(${n} > 5, 'b', 'c')"),
    "calculate": ("${n} div 3", "concat('a', 'b')", "''"),
    "hidden": ("${n} * 2",),
}
#: What else changes a question and not its type.
CHANGES: dict[str, dict[str, str]] = {
    "required": {"required": "yes"},
    "required when": {"required": "${n} > 1"},
    "relevant": {"relevant": "${n} > 1"},
    "irrelevant": {"relevant": "${n} > 100"},
}


def _types() -> Iterator[tuple[str, Row, str]]:
    """Give (what, question, code that refuses it) of all types and spellings."""
    for kind in sorted(ANSWERABLE):
        yield kind, asked(kind), ""
    for kind in sorted(UNANSWERABLE):
        yield kind, asked(kind), "FILLABLE_001"
    for other, kind in sorted(SPELLINGS.items()):
        row = asked(kind) | {"type": other}
        yield other, row, "FILLABLE_001" if kind in UNANSWERABLE else ""
    for other, kind in sorted(LIST_SPELLINGS.items()):
        row = asked(kind) | {"type": f"{other} {LISTS[kind]}"}
        yield other, row, "FILLABLE_001" if kind in UNANSWERABLE else ""
    for other in sorted(known_to_pyxform()):
        yield other, asked(other) | {"type": f"{other} st"}, "FORM_009"


def known_to_pyxform() -> set[str]:
    """Give the names of types in the converter's tables that our own table does not name."""
    names = set(QUESTION_TYPE_DICT) | set(aliases.select) | set(aliases._type_alias_map)
    ours = READ_HERE | {name.lower() for name in READ_HERE}
    return {name for name in names if name not in ours and name.lower() not in ours}


READ_HERE = ANSWERABLE | set(UNANSWERABLE) | set(SPELLINGS) | set(LIST_SPELLINGS)


def forms() -> tuple[Made, ...]:
    """Give all generated forms, each under a key of its own."""
    number = itertools.count(1)
    made = [*_of_types(), *_of_appearances(), *_of_changes(), *_of_others(), *_of_levels()]
    return tuple(Made(f"f{next(number)}", of, rows, refused) for of, rows, refused in made)


Drawn = tuple[str, tuple[Row, ...], str]


def _of_types() -> Iterator[Drawn]:
    for what, row, refused in _types():
        places = list(_placed(what, row))
        # Another spelling of a type behaves as the type does everywhere.
        for place, rows in places if what in ANSWERABLE else places[:1]:
            yield f"{what}, {place}", rows, refused


def _of_appearances() -> Iterator[Drawn]:
    for kind, names in APPEARANCES.items():
        if kind in ("group", "repeat"):
            continue
        for name in names:
            more = {"parameters": "start=0 end=10 step=5"} if kind == "range" else {}
            row = asked(kind, appearance=name, **more)
            places = list(_placed(kind, row))
            yield f"{kind} {name}", places[0][1], ""
            yield f"{kind} {name}, repeat", places[2][1], ""
    for name in ("search('boards')", "image-map", "map"):
        yield f"select_one {name}", (asked("select_one", appearance=name),), "FILLABLE_002"
    yield "text ex:", (asked("text", appearance="ex:org.app.name"),), "FILLABLE_002"
    yield "text printer:", (asked("text", appearance="printer:org.app"),), "FILLABLE_002"
    yield "decimal bearing", (asked("decimal", appearance="bearing"),), "FILLABLE_002"


def _of_changes() -> Iterator[Drawn]:
    silent = {"note", "calculate", "hidden"}
    for kind in sorted(ANSWERABLE - silent):
        for what, change in CHANGES.items():
            if "required" in what and kind == "image":
                yield f"{kind} {what}", (NUMBER, asked(kind, **change)), "LAWFUL_007"
            else:
                yield f"{kind} {what}", (NUMBER, asked(kind, **change)), ""
    for kind, texts in CALCULATIONS.items():
        for text in texts:
            for place, rows in list(_placed(kind, asked(kind, calculation=text)))[::2]:
                yield f"{kind} = {text}, {place}", rows, ""
    for kind, low, high in (("integer", "0", "10"), ("decimal", "0.5", "99999999.5")):
        row = asked(kind, constraint=f". >= {low} and . <= {high}")
        for place, rows in list(_placed(kind, row))[::2]:
            yield f"{kind} constraint, {place}", rows, ""
    defaults = {"integer": "3", "decimal": "2.5", "text": "甲", "date": "2026-05-06"}
    for kind, text in {**defaults, "select_one": "b", "select_multiple": "a b"}.items():
        yield f"{kind} default", (NUMBER, asked(kind, default=text)), ""
    yield "integer default 2.5", (NUMBER, asked("integer", default="2.5")), "FILLABLE_008"
    yield "decimal default fine", (NUMBER, asked("decimal", default="2.12345")), "FILLABLE_008"
    yield from _of_defaults()
    fine = asked("range", parameters="start=0 end=1 step=0.00001")
    yield "range fine", (NUMBER, fine), "FORM_024"
    coarse = asked("range", parameters="start=0 end=1 step=0.25")
    yield "range quarters", (NUMBER, coarse), ""
    yield "randomized", (NUMBER, asked("select_one", parameters="randomize=true")), ""


#: Defaults that phones send as they are written and that are no answers of their type.
WRONG_DEFAULTS = {
    "select_one": ("zz", "甲", "a b"),
    "select_multiple": ("a zz", "a,b"),
    "select_one_from_file": ("B-1",),
    "date": ("2026-13-45", "today", "2026/5/6"),
    "time": ("25:00", "下午"),
    "dateTime": ("2026-05-06", "2026-05-06 14:30"),
    "range": ("9", "2.5"),
    "acknowledge": ("yes",),
}
#: Defaults that phones send as they are written, or work out.
GOOD_DEFAULTS = {
    "date": ("today()", "2026-05-06"),
    "integer": ("1 + 2", "-3"),
    "time": ("14:30",),
    "range": ("3",),
    "acknowledge": ("OK",),
    "select_one": ("if(1 = 1, 'a', 'b')",),
}


def _of_defaults() -> Iterator[Drawn]:
    for texts, refused in ((WRONG_DEFAULTS, "FILLABLE_008"), (GOOD_DEFAULTS, "")):
        for kind, defaults in texts.items():
            for text in defaults:
                yield f"{kind} default {text}", (NUMBER, asked(kind, default=text)), refused
    yield "note required", (NUMBER, asked("note", required="yes")), "FILLABLE_009"
    for kind in ("text", "integer", "select_one", "date"):
        locked = asked(kind, required="yes", read_only="yes")
        yield f"{kind} locked", (NUMBER, locked), "FILLABLE_010"
    yield "hidden required", (NUMBER, asked("hidden", required="yes")), "FILLABLE_010"
    given = asked("integer", required="yes", read_only="yes", default="3")
    yield "integer locked with a default", (NUMBER, given), ""
    for limits in ("start=5 end=1 step=-1", "start=20", "start=1 end=5 step=0"):
        yield f"range {limits}", (NUMBER, asked("range", parameters=limits)), "FILLABLE_011"
    yield "image default", (NUMBER, asked("image", default="a.png")), "FILLABLE_012"
    yield "image made", (NUMBER, asked("image", calculation="'a.png'")), "FILLABLE_012"
    for kind in ("integer", "decimal"):
        for text in ("${n} * 100000000000", "1 div 0"):
            made = asked(kind, calculation=text, required="yes")
            yield f"{kind} required = {text}", (NUMBER, made), ""


def _of_others() -> Iterator[Drawn]:
    for kind in ("select_one", "select_multiple"):
        for words in ("or_other", "or other"):
            row = asked(kind) | {"type": f"{kind} st {words}"}
            for place, rows in _placed(kind, row):
                yield f"{kind} {words}, {place}", rows, ""
        row = asked(kind, choice_filter="area = 'east'") | {"type": f"{kind} st or_other"}
        yield f"{kind} or_other filtered", (NUMBER, row), ""
        row = asked(kind, relevant="${n} > 1") | {"type": f"{kind} st or_other"}
        yield f"{kind} or_other relevant", (NUMBER, row), ""
        yield f"{kind} filtered", (NUMBER, asked(kind, choice_filter="area = 'east'")), ""
    for file in ("villages.csv", "boards.geojson", "boards.xml", "boards"):
        row = asked("text") | {"type": f"select_one_from_file {file}"}
        yield f"list {file}", (NUMBER, row), "FILLABLE_003"
    row = asked("select_one_from_file", parameters="value=state")
    yield "list by another column", (NUMBER, row), "FILLABLE_007"


def _of_levels() -> Iterator[Drawn]:
    inside = (asked("select_one", "a"), asked("select_one", "b"))
    for level in ("group", "repeat"):
        for name in APPEARANCES[level]:
            begin = {"type": f"begin {level}", "name": "g", "label": "一组", "appearance": name}
            yield f"{level} {name}", (NUMBER, begin, *inside, {"type": f"end {level}"}), ""
    repeat = {"type": "begin repeat", "name": "r", "label": "各行"}
    table = {"type": "begin group", "name": "g", "label": "一组", "appearance": "table-list"}
    ends = ({"type": "end group"}, {"type": "end repeat"})
    yield "table-list in repeat", (NUMBER, repeat, table, *inside, *ends), ""
    counts = ("2", "${n}", "${n} + 1", "if(${n} > 2, ${n}, 1)", "count-selected(${m})")
    for count in counts:
        rows = (asked("select_multiple", "m"), repeat | {"repeat_count": count}, asked("text"))
        yield f"repeat_count {count}", (NUMBER, *rows, {"type": "end repeat"}), ""
    for count, code in (("random()", "EXPRESSION_003"), ("${none}", "RULE_034")):
        rows = (repeat | {"repeat_count": count}, asked("text"), {"type": "end repeat"})
        yield f"repeat_count {count}", (NUMBER, *rows), code
    loop = {"type": "begin loop over st", "name": "l", "label": "各项"}
    yield "loop", (NUMBER, loop, asked("text"), {"type": "end loop"}), "FORM_009"
    nested = (repeat, repeat | {"name": "s"}, asked("text"), *({"type": "end repeat"},) * 2)
    yield "nested repeat", (NUMBER, *nested), "FORM_013"
    for spelled in ("begin_group", "begin_repeat"):
        end = spelled.replace("begin", "end")
        yield (
            spelled,
            (NUMBER, {"type": spelled, "name": "g", "label": "组"}, asked("text"), {"type": end}),
            "",
        )
    yield (
        "sum over rows",
        (
            *(NUMBER, repeat, asked("integer", "x"), {"type": "end repeat"}),
            asked("calculate", "total", calculation="sum(${x}) + count(${r})"),
        ),
        "",
    )
