"""The pages for pack authors agree with the loader, the languages and the skeleton."""

import re
from pathlib import Path

import pytest

from taizhang.core.case.step import Idle
from taizhang.core.definition.case import REASON_LABELS, STEP_LABELS
from taizhang.core.form.expression.value import FUNCTIONS as EXPRESSION_FUNCTIONS
from taizhang.core.form.model import MARKS, TRACKING
from taizhang.core.form.parse import (
    ENTITIES_COLUMNS,
    FROM_FILE,
    PLAIN_TYPES,
    SELECTS,
    SETTINGS_COLUMNS,
    SURVEY_COLUMNS,
)
from taizhang.core.formula import FUNCTIONS
from taizhang.core.pack.examine import examine
from taizhang.core.pack.schema import PART_SCHEMAS
from taizhang.core.pack.test_ledger import DEFAULT_UNITS
from taizhang.core.rules.wall.code import LawfulCode
from taizhang.core.scoring.kinds import KINDS, SPELLED
from taizhang.core.scoring.parameter import declared

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs" / "packs"
SKELETON = ROOT / "src" / "taizhang" / "cli" / "skeleton"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}


def _key_tables() -> dict[str, list[tuple[str, str, bool]]]:
    """Give (key, type, required) of each table of keys, by the name in the mark before it."""
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for text in PAGES.values():
        for name, table in re.findall(r"<!-- keys: (.+?) -->\n((?:\|.*\n)+)", text):
            assert name not in found, f"{name} is explained twice"
            rows = [
                [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                for line in table.splitlines()[2:]
            ]
            assert all(len(row) == 4 and row[3] for row in rows), name
            found[name] = [(row[0].strip("`"), row[1], row[2] == "是") for row in rows]
    return found


def test_every_key_of_the_loader_is_explained_as_it_is_read() -> None:
    wanted = {
        name: [(key, rule.kind, rule.required) for key, rule in shape.items()]
        for name, shape in PART_SCHEMAS.items()
    }
    assert _key_tables() == wanted


def _codes(page: str) -> str:
    running = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.DOTALL | re.MULTILINE)
    return " ".join(re.findall(r"`([^`]+)`", running))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("forms.md", SURVEY_COLUMNS | SETTINGS_COLUMNS | ENTITIES_COLUMNS | set(MARKS)),
        ("forms.md", PLAIN_TYPES | set(SELECTS) | FROM_FILE),
        ("forms.md", set(EXPRESSION_FUNCTIONS)),
        ("formulas.md", set(FUNCTIONS)),
        ("rubric.md", set(KINDS)),
        ("lawful.md", {code.name for code in LawfulCode}),
        ("cases.md", set(STEP_LABELS) | set(REASON_LABELS)),
        ("tests.md", {why.value for why in Idle}),
    ],
)
def test_every_word_is_explained(page: str, words: set[str]) -> None:
    said = _codes(page)
    missing = [
        word
        for word in sorted(words)
        if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", said)
    ]
    assert missing == []


def test_every_parameter_of_a_rule_stands_in_its_row() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)$", PAGES["rubric.md"], re.MULTILINE))
    spelled = {python: written for written, python in SPELLED.items()}
    common = {"full", "not_applicable", "looked"}
    for kind, params in KINDS.items():
        row = rows[kind]
        for one in declared(params):
            if one.name in common:
                continue
            names = {one.name, spelled.get(one.name, one.name)}
            assert any(f"`{name}`" in row for name in names), (kind, one.name)
            if one.required:
                assert any(f"`{name}`*" in row for name in names), (kind, one.name)


def test_the_tree_of_tests_is_the_one_explained() -> None:
    for code, name, _, kind, _ in DEFAULT_UNITS:
        assert f"| {code} | {name} | {kind} |" in PAGES["tests.md"]


def test_tracking_types_that_people_know_are_named() -> None:
    assert {"geopoint", "audit", "start", "deviceid", "username"} <= TRACKING
    assert "`geopoint`" in PAGES["lawful.md"]


def test_the_tutorial_builds_the_pack_that_pack_new_makes(tmp_path: Path) -> None:
    blocks = re.findall(
        r"<!-- file: (.+?) -->\n```\w*\n(.*?)```\n", PAGES["tutorial.md"], re.DOTALL
    )
    assert {name for name, _ in blocks} == {
        path.relative_to(SKELETON).as_posix() for path in SKELETON.rglob("*") if path.is_file()
    }
    for name, text in blocks:
        made = (
            (SKELETON / name).read_text(encoding="utf-8").replace("key: KEY", "key: waste_sorting")
        )
        assert text == made, name
        file = tmp_path / "waste_sorting" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert examine(tmp_path / "waste_sorting").issues == ()


@pytest.mark.parametrize("page", sorted(PAGES))
def test_codes_named_in_the_pages_exist(page: str) -> None:
    known = set(
        re.findall(r"^### (\w+)$", (ROOT / "docs/reference/issues.md").read_text("utf-8"), re.M)
    )
    named = set(re.findall(r"`([A-Z]+_\d{3})`", PAGES[page]))
    assert named <= known
