"""A rule kind is one file: what stands in the folder is known everywhere, listed nowhere."""

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from taizhang.core.base.yaml_source import read_yaml
from taizhang.core.definition.rubric import Rule
from taizhang.core.pack.parse import rubric_of
from taizhang.core.pack.reader import PackReader
from taizhang.core.scoring import kinds
from taizhang.core.scoring.draft import Clause
from taizhang.core.scoring.kinds import KINDS, Kinds, read_rule
from taizhang.core.scoring.rule import ScoringRule
from tests.core.rules.test_rubric import check
from tests.core.scoring.values import score
from tools.rubric_page import PAGE, page

ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(kinds.__path__[0])
PLANTED = '''"""stars: so many points for each star."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

from taizhang.core.scoring.draft import Clause, DraftFigures
from taizhang.core.scoring.interval import reach
from taizhang.core.scoring.outcome import ZERO, Case, Outcome
from taizhang.core.scoring.parameter import FORMULA, POINTS, Param
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.scoring.rule import Defect, ScoringRule
from taizhang.core.text.bilingual import say


@dataclass(frozen=True, kw_only=True)
class Stars(ScoringRule):
    """So many points for each star."""

    example: ClassVar[str] = "{kind: stars, figure: births, each: 2}"

    figure: Annotated[str, Param(FORMULA, "number of stars")]
    each: Annotated[Fraction, Param(POINTS, "points of a star")]

    def defects(self, maximum: Fraction) -> Iterator[Defect]:
        if not self.each:
            yield Defect(RubricCode.RUBRIC_013, {"parameter": "each", "found": "0"})

    def score(self, case: Case) -> Outcome:
        value = case.source.value(self.figure)
        possible = reach(lambda stars: min(case.max, self.each * stars), value, (ZERO,))
        few = say("星不够", "too few stars")
        return self.settled(case, (value,), possible, few, value.sentence(), few)

    @classmethod
    def draft(cls, clause: Clause, figures: DraftFigures) -> dict[str, object]:
        return {"kind": cls.kind, "figure": figures.count(clause.item, "颗"), "each": 1}
'''
RUBRIC = """
rubric: {key: r, title: 细则, total: 10, unit_kinds: [社区], period: year}
sections:
  - key: s
    max: 10
    items: [{key: a, title: 星级, max: 10, rule: {kind: stars, figure: births, each: 0}}]
"""


class Figures:
    """The measures of a draft: every one is the first."""

    def count(self, label: str, unit: str) -> str:
        return "m1"

    def rate(self, label: str) -> str:
        return "r1"

    def figure(self, label: str, unit: str) -> str:
        return "m1"


def test_every_file_of_the_folder_is_a_kind_named_like_it() -> None:
    assert list(KINDS) == sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    assert all(kind.kind == name for name, kind in KINDS.items())


def test_every_kind_stands_on_the_reference_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [line[3:] for line in text.splitlines() if line[3:] in KINDS] == list(KINDS)


def test_nothing_else_lists_the_kinds() -> None:
    # A file that names one kind or a few uses them; one that names most of them lists them.
    lists = []
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        quoted = [kind for kind in KINDS if f'"{kind}"' in text or f"'{kind}'" in text]
        constants = [kind for kind in KINDS if f"\n    {kind.upper()} =" in text]
        if max(len(quoted), len(constants)) > len(KINDS) // 3:
            lists.append(str(path.relative_to(ROOT)))
    assert lists == []


@pytest.fixture
def stars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[ScoringRule]]:
    """This fixture will plant a kind in the folder of kinds, and take it out again."""
    plant(tmp_path, "stars", PLANTED, monkeypatch)
    yield KINDS["stars"]
    del sys.modules["taizhang.core.scoring.kinds.stars"]


def plant(folder: Path, name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a file among the kinds until the test is over."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    path = [*kinds.__path__, str(folder)]
    monkeypatch.setattr(kinds, "__path__", path)
    monkeypatch.setattr(KINDS, "_read", Kinds(path)._read)


def test_a_new_kind_needs_no_other_file(stars: type[ScoringRule]) -> None:
    value, issues = read_yaml(RUBRIC.encode(), "rubric.yaml")
    reader = PackReader("rubric.yaml", issues)
    rubric = rubric_of(value, ("社区",), reader)
    assert reader.issues == []
    assert rubric is not None
    assert [issue.code.name for issue in check(rubric)] == ["RUBRIC_013"]
    inner = {"kind": "stars", "figure": "x", "each": 3}
    assert score("stars", inner, {"x": 2}).points == 6
    guarded = {"when": "bad", "rule": inner}
    assert score("zero_trigger", guarded, {"x": (2, 3), "bad": 0}).possible == (6, 9)
    read, _ = read_rule(Rule(kind="zero_trigger", params=guarded))
    assert read is not None
    assert [formula.text for formula in read.all_formulas] == ["bad", "x"]
    clause = Clause(params={}, condition="", item="星级", most=Fraction(5))
    assert stars.draft(clause, Figures()) == {"kind": "stars", "figure": "m1", "each": 1}
    assert "## stars\n\nSo many points for each star.\n" in page()


def test_a_file_without_a_kind_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "empty", "", monkeypatch)
    with pytest.raises(ImportError, match="empty holds 0 rule kinds"):
        KINDS["empty"]
    del sys.modules["taizhang.core.scoring.kinds.empty"]
