"""By the rubric of patriotic health work, recording a problem never loses against hiding it."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base.issue import errors
from taizhang.core.base.period import parse_period
from taizhang.core.base.yaml_source import YamlMap, read_yaml
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.pack.examine import shipped_folder
from taizhang.core.pack.load import load
from taizhang.core.pack.reader import PackReader
from taizhang.core.pack.test_ledger import ledger_of
from taizhang.core.scoring import Score, rubric_named, score_all

YEAR = parse_period("2026")
UNITS = {
    "东一社区": "900101001001",
    "东二社区": "900101001002",
    "西一社区": "900101002001",
    "西村": "900101002201",
}


@dataclass(frozen=True)
class Problem:
    """A problem that there is in a community: how it went on, and whether a check comes by."""

    state: str  # open, doing, asked_up or done
    overdue: bool
    seen: bool


@dataclass(frozen=True)
class Community:
    """A community with its patrols and problems; ``checked`` by somebody from above, or not."""

    patrols: int
    problems: tuple[Problem, ...] = ()
    records: bool = True
    checked: bool = False

    def lines(self, name: str) -> list[str]:
        """Write its records and what the check found, as a pack's test does."""
        visit = "{frontage_no: MQ-01, visited_on: 2026-03-12, state: agreed}"
        lines = [
            f"  - {{form: frontage, unit: {name}, date: 2026-03-12, times: {self.patrols}, "
            f"answers: {visit}}}"
        ][: self.patrols]
        for number, problem in enumerate(self.problems if self.records else (), 1):
            due = "2026-06-30" if problem.overdue else "2027-06-30"
            answers = (
                f"{{problem_no: WT-{number:02}, reported_on: 2026-05-01, kind: rubbish, "
                f"owner: community, due_on: {due}, state: {problem.state}}}"
            )
            lines.append(
                f"  - {{form: problem, unit: {name}, date: 2026-05-01, answers: {answers}}}"
            )
        return lines

    def finding(self, name: str) -> str:
        """Write what the check found: whatever stands where it came by, recorded or not."""
        found = sum(problem.seen and problem.state != "done" for problem in self.problems)
        answer = f"{{errors: {found}, checked: 20}}"
        return f"  - {{item: overdue, unit: {name}, period: 2026, answer: {answer}}}"


@cache
def packs() -> tuple[Pack, ...]:
    read = []
    for key in ("common", "healthy_city"):
        pack, issues = load(shipped_folder() / key)
        assert pack is not None, errors(issues)
        read.append(pack)
    return tuple(read)


def scores(*communities: Community) -> dict[str, Score]:
    """Score communities side by side, by name."""
    named = dict(zip(UNITS, communities, strict=False))
    records = [line for name, one in named.items() for line in one.lines(name)]
    checks = [one.finding(name) for name, one in named.items() if one.checked]
    text = "\n".join(
        [
            "today: 2027-01-10",
            "as_of: 2027-01-10",
            "closed: all",
            "expect: {}",
            "records:",
            *records,
        ]
        + (["decisions:", *checks] if checks else [])
    )
    content, issues = read_yaml(text.encode(), "test.yaml")
    assert isinstance(content, YamlMap)
    programmes = Programmes(packs())
    ledger = ledger_of(content, programmes, "healthy_city", PackReader("test.yaml", issues))
    assert (issues, ledger.refused) == ([], [])
    rubric = rubric_named(programmes, "healthy_city")
    scored = score_all(ledger.book(), rubric, [UNITS[name] for name in named], YEAR)
    return dict(zip(named, scored, strict=True))


def points(score: Score, key: str) -> Fraction | None:
    return next(item.stated_points for item in score.items if item.key == key)


problems = st.lists(
    st.builds(
        Problem,
        state=st.sampled_from(["open", "doing", "asked_up", "done"]),
        overdue=st.booleans(),
        seen=st.booleans(),
    ),
    max_size=6,
).map(tuple)


@settings(max_examples=40, deadline=None)
@given(problems=problems, patrols=st.integers(1, 13))
def test_recording_never_loses_against_hiding(problems: tuple[Problem, ...], patrols: int) -> None:
    told = Community(patrols, problems)
    hidden = Community(patrols, problems, records=False)
    found_out = Community(patrols, problems, records=False, checked=True)
    told_and_checked = Community(patrols, problems, checked=True)
    one, other, caught, looked_at = scores(told, hidden, found_out, told_and_checked).values()
    for recorder, hider in ((one, other), (looked_at, caught), (one, caught)):
        assert recorder.max == hider.max
        assert recorder.total >= hider.total
        assert recorder.pending_max <= hider.pending_max
        assert recorder.bonus >= hider.bonus
    assert one.total == other.total  # what is on record takes nothing by itself


@settings(max_examples=20, deadline=None)
@given(problems=problems)
def test_who_never_looked_has_no_points_for_finding_nothing(
    problems: tuple[Problem, ...],
) -> None:
    blind = Community(0, problems, records=False)
    (score,) = scores(blind).values()
    for key in ("patrols", "overdue", "frontages", "ads"):
        assert points(score, key) == 0


def test_four_communities_side_by_side() -> None:
    """Run with -s to read the table."""
    due, late = Problem("doing", overdue=False, seen=True), Problem("doing", True, True)
    done = Problem("done", overdue=False, seen=True)
    standing = Problem("open", overdue=True, seen=True)
    rows = {
        "没有巡查": Community(0),
        "巡查了，没有发现问题": Community(12, checked=True),
        "记录三个，整改两个，一个在期限内": Community(12, (done, done, due), checked=True),
        "记录三个，整改两个，一个超期": Community(12, (done, done, late), checked=True),
        "记录三个，都请上级协调": Community(
            12, (Problem("asked_up", True, True),) * 3, checked=True
        ),
        "有三个没有记录，核对时查出": Community(12, (standing,) * 3, False, True),
    }
    names = list(rows)
    first = scores(*(rows[name] for name in names[:4]))
    second = scores(*(rows[name] for name in names[4:]))
    table = dict(zip(names, [*first.values(), *second.values()], strict=True))
    shown = {}
    for name, score in table.items():
        three = [points(score, key) for key in ("patrols", "overdue", "frontages")]
        shown[name] = (*three, sum(value or 0 for value in three), score.bonus)
        print(*(f"{float(value or 0):6.2f}" for value in shown[name]), name)  # noqa: T201
    assert shown == {
        "没有巡查": (0, 0, 0, 0, 0),
        "巡查了，没有发现问题": (6, 8, 4, 18, 0),
        "记录三个，整改两个，一个在期限内": (6, 8, 4, 18, 2),
        "记录三个，整改两个，一个超期": (6, 7, 4, 17, 0),
        "记录三个，都请上级协调": (6, 8, 4, 18, 0),
        "有三个没有记录，核对时查出": (6, 2, 4, 12, 0),
    }
