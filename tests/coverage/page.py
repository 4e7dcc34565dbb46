"""The rows of the old inventory with their homes and proofs: the table, and the page of docs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from taizhang.core.base.yaml_source import YamlList, YamlMap, read_yaml
from tests.coverage.doors import doors

#: What is judged of a row, the best first.
VERDICTS = ("tried", "thin", "absent")
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "reference" / "coverage.md"
ROWS = HERE / "rows.yaml"
PROOFS = HERE / "proofs.yaml"

INTRODUCTION = """# Coverage: where each mechanism of the old papers lives

The plans, summaries and the assessment rubric that the software grew from were inventoried row by
row. For each row that is to be kept, as it was or adapted to the law of today, the table says where
a person does it (the page or the command), and a verdict:

- **tried**: it was done from the entry to the figure or the paper that comes of it, and is right;
- **thin**: a part of it is missing, which the last column says;
- **absent**: nothing does it; the last column says what it waits for.

*Record* is a form on the phone or in `taizhang records import`, *Plan* the page and `taizhang
plan`, *Figures* the page and `taizhang figures --indicator`, *Calendar* the page and days in plans.

A word in a list of choices is no home. Every element named was taken out of a copy of its pack:
**fails without it** names the test of the pack, or the check of `taizhang pack check`, that then
fails. That proves that the element is used, not that a person is served; the verdict is judged.

This page is written by `python -m tests.coverage` from `tests/coverage/rows.yaml`, which alone
knows the rows; the software does not.
"""


@dataclass(frozen=True)
class Row:
    """One mechanism: what it is, its verdict, its elements, the software's tests, what it lacks."""

    key: str
    says: str
    verdict: str
    at: tuple[str, ...] = ()
    engine: tuple[str, ...] = ()
    later: str = ""

    @property
    def home(self) -> bool:
        """Say whether a person can do it today, were it in part."""
        return self.verdict != "absent"


def rows() -> tuple[Row, ...]:
    """This function will read the rows in the order of their keys."""
    table = _table(ROWS, "rows")
    return tuple(_row(key, table[key]) for key in sorted(table))


def _row(key: str, said: object) -> Row:
    assert isinstance(said, YamlMap), key
    assert set(said) <= {"says", "verdict", "at", "engine", "later"}, key
    return Row(
        key=key,
        says=str(said["says"]),
        verdict=str(said["verdict"]),
        at=_texts(said.get("at")),
        engine=_texts(said.get("engine")),
        later=str(said.get("later") or ""),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, YamlList) else ()


def _table(path: Path, name: str) -> YamlMap:
    content, issues = read_yaml(path.read_bytes(), path.name)
    assert not issues, [issue.line() for issue in issues]
    assert isinstance(content, YamlMap)
    table = content[name]
    assert isinstance(table, YamlMap)
    return table


def elements(all_rows: tuple[Row, ...]) -> tuple[str, ...]:
    """This function will give every element once, sorted."""
    return tuple(sorted({one for row in all_rows for one in row.at}))


def proofs() -> dict[str, str]:
    """This function will read what the last full run proved: element → what fails without it."""
    return {key: str(value) for key, value in _table(PROOFS, "proofs").items()}


def proofs_write(found: Mapping[str, str]) -> None:
    """This function will keep what a full run proved."""
    lines = [f"  '{key}': {value}\n" for key, value in sorted(found.items())]
    head = "# Written by `python -m tests.coverage --all`: element, and what fails without it.\n"
    PROOFS.write_text(f"{head}proofs:\n{''.join(lines)}", encoding="utf-8")


def counts(all_rows: tuple[Row, ...], found: Mapping[str, str]) -> dict[str, int]:
    """This function will count rows with a home, rows proved by removal, and rows for later."""
    return {
        "rows": len(all_rows),
        **{name: sum(row.verdict == name for row in all_rows) for name in VERDICTS},
        "with a home": sum(row.home for row in all_rows),
        "proved by removal": sum(_proved(row, found) for row in all_rows),
        "with tests of the software alone": sum(row.home and not row.at for row in all_rows),
        "elements taken out": len(elements(all_rows)),
    }


def _proved(row: Row, found: Mapping[str, str]) -> bool:
    return bool(row.at) and all(found.get(one) for one in row.at)


def page(all_rows: tuple[Row, ...], found: Mapping[str, str]) -> str:
    """This function will write the page."""
    return "\n".join(_lines(all_rows, found)) + "\n"


def _lines(all_rows: tuple[Row, ...], found: Mapping[str, str]) -> Iterator[str]:
    yield INTRODUCTION
    yield "| count | |"
    yield "|---|---|"
    for name, number in counts(all_rows, found).items():
        yield f"| {name} | {number} |"
    yield ""
    heads = ("row", "mechanism", "where", "verdict", "held by", "fails without it", "missing")
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in all_rows:
        homes = [f"`{one}`" for one in (*row.at, *row.engine)]
        fails = dict.fromkeys(
            f"`{one.partition(':')[0]}` {found[one]}" for one in row.at if found.get(one)
        )
        places = "; ".join(doors(row.at, row.engine))
        held, failing = ", ".join(homes), ", ".join(fails)
        cells = (row.key, row.says, places, row.verdict, held, failing, row.later)
        yield f"| {' | '.join(cells)} |"
