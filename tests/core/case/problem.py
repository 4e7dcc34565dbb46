"""The kind of case, the tree and the records of a case, as these tests write them."""

from datetime import date, datetime, time, timedelta

from taizhang.core.aggregate.reference_engine import ZONE
from taizhang.core.case.fold import CaseWorld, Standing, fold
from taizhang.core.case.step import StepRecord
from taizhang.core.case.table import CaseRow, row_of
from taizhang.core.case.working_day import WorkingDays, shipped_working_days
from taizhang.core.definition.case import OPENS, CaseKind
from taizhang.core.pack.load import read
from taizhang.core.unit.body import Bodies, Body
from taizhang.core.unit.ownership import Ownership
from tests.core.ledger import history

PACK = """
key: hc
version: "1"
label: 爱国卫生
binds: [社区]
records: [街道]
"""
FORM = """
| survey | | | | | |
| | type | name | label | required | about |
| | date | on | 日期 | yes | activity |
| | date | due_on | 期限 | | activity |
| | text | what | 问题 | | activity |
| settings | | | | |
| | form_title | form_id | version | about |
| | 问题 | problem | 1 | activity |
"""
CASES = """
problem:
  label: 问题与整改
  about: activity
  number: "WT-{year}-{serial:3}"
  opens: problem
  states: {open: 待整改, doing: 整改中, up: 已请上级协调, done: 已整改,
           verified: {label: 已销号, ends: yes}}
  steps:
    start:  {from: [open], to: doing}
    ask_up: {from: [open, doing, up], to: up, hands_over: parent}
    back:   {from: [up], to: doing, hands_over: back,
             reason: [not_ours, needs_facts, settled_above]}
    send:   {from: [open, doing], to: doing, hands_over: across}
    finish: {from: [doing, up], to: done}
    verify: {from: [done], to: verified, by: parent, not_by: finish}
    reopen: {from: [done, verified], to: doing, reason: text}
  clocks:
    finish: {limit: due_on, remind: [7, 1], stops: [up], prolong: {most: 15 days, times: 1}}
    back: {limit: 5 working days, starts: accept}
    verify: {limit: 10 days, starts: finish}
  counts: [opened, finished, days]
"""
FILES = {
    "pack.yaml": PACK.encode(),
    "forms/problem.md": FORM.encode(),
    "cases.yaml": CASES.encode(),
}
UNITS = """
D 区 -
S 街道 D
T 街道 D
A 社区 S
B 社区 S
C 社区 T
"""
BODIES = Bodies(
    (
        Body("S-B01", "卫生服务中心", "卫生服务中心", "S", may_record=True, may_own=True),
        Body("D-B01", "环卫所", "环卫所", "D", may_record=True, may_own=True),
        Body("D-B02", "保洁公司", "企业", "D", may_record=True),
    )
)


def kind(**changed: bytes) -> CaseKind:
    files = {**FILES, **{name.replace("_yaml", ".yaml"): data for name, data in changed.items()}}
    reading = read(files)
    assert reading.pack is not None
    assert reading.issues == (), reading.issues
    return reading.pack.cases["hc.problem"]


PROBLEM = kind()

_CHOICES = """
| choices | | | |
| | list_name | name | label |
| | sort | rubbish | 垃圾 |
| | sort | water | 积水 |
| | how | at_once | 当场改好 |
| | how | well | 改好 |
| | how | badly | 没有改好 |
"""


def _form(key: str, *questions: str) -> bytes:
    """Write a form of a day, what kind of problem, how it went and some more questions."""
    rows = ("date | on", "select_one sort | sort", "select_one how | how", *questions)
    table = "".join(f"| | {row} | {row.rpartition(' ')[2]} | activity |\n" for row in rows)
    head = "| survey | | | | |\n| | type | name | label | about |\n"
    settings = "| settings | | | | |\n| | form_title | form_id | version | about |\n"
    return f"{head}{table}{_CHOICES}{settings}| | {key} | {key} | 1 | activity |\n".encode()


#: The same kind in the place of monthly sums, told apart by its opening, with counts of steps.
COUNTED_CASES = (
    CASES.replace("to: done}", "to: done, form: problem_done}")
    + """
  before_start: 2026-06-01
  replaces: problem_month
  continues: {opened: raised}
  by: {sort: sort}
  begins: {verified: "how = 'at_once'"}
  measures:
    asked: {step: ask_up}
    asked_only: {step: ask_up, unless: settled}
    settled: {step: [opens, finish], when: "how = 'at_once' or how = 'well'"}
    metres: {step: finish, value: metres}
"""
)
COUNTED_MEASURES = """
measures:
  raised: {label: 发现, unit: 件, kind: event, about: activity}
  asked: {label: 请上级, unit: 件, kind: event, about: activity}
  asked_only: {label: 请上级还没改好, unit: 件, kind: event, about: activity}
  settled: {label: 改好, unit: 件, kind: event, about: activity}
  metres: {label: 清理, unit: 米, kind: event, about: activity}
counting:
  - {form: problem_month, date: on, by: {sort: sort}, facts: {raised: raised, settled: settled}}
"""
COUNTED_FILES = FILES | {
    "cases.yaml": COUNTED_CASES.encode(),
    "measures.yaml": COUNTED_MEASURES.encode(),
    "forms/problem.md": _form("problem", "date | due_on", "text | what"),
    "forms/problem_done.md": _form("problem_done", "integer | metres"),
    "forms/problem_month.md": _form("problem_month", "integer | raised", "integer | settled"),
}
COUNTED = kind(**COUNTED_FILES)


def world(units: str = UNITS, days: WorkingDays | None = None) -> CaseWorld:
    return CaseWorld(Ownership(history(units), BODIES), days or WorkingDays())


SHIPPED_DAYS = shipped_working_days(2025, 2027)
WORLD = world()


def moment(text: str) -> datetime:
    """Read ``05-01`` or ``05-01T09:30`` of 2026, China's time; a day alone is its noon."""
    day, _, hour = text.partition("T")
    at = time.fromisoformat(hour) if hour else time(12)
    return datetime.combine(date.fromisoformat(f"2026-{day}"), at, ZONE)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def records(text: str) -> list[StepRecord]:
    """Read records, a line each: date[Thour] unit step [answer=…] [!account] [+accepted] [-gone].

    The id of a record is ``r`` and its line, from 0; a step of one moment comes in a second later.
    """
    steps = []
    for index, line in enumerate(row for row in text.splitlines() if row.strip()):
        when, unit, step, *more = line.split()
        marks = {mark[0]: mark[1:] for mark in more if mark[0] in "!+-"}
        answers = dict(mark.split("=") for mark in more if mark[0] not in "!+-")
        with_units = tuple(answers.pop("with", "").split(",")) if "with" in answers else ()
        accepted = moment(marks.get("+", when.partition("T")[0])) + timedelta(seconds=index)
        steps.append(
            StepRecord(
                record=f"r{index}",
                case="r0",
                step=OPENS if step == "open" else step,
                date=day(when.partition("T")[0]),
                time=moment(when).time() if "T" in when else None,
                unit=unit,
                account=marks.get("!", ""),
                answers={
                    name: f"2026-{value}" if name in ("due_on", "until") else value
                    for name, value in answers.items()
                },
                with_units=with_units,
                accepted_at=accepted,
                retired_at=moment(marks["-"]) if "-" in marks else None,
            )
        )
    return steps


def case(text: str, on: str = "12-31", as_of: str = "", where: CaseWorld = WORLD) -> Standing:
    standing = fold(PROBLEM, records(text), where, day(on), moment(as_of) if as_of else None)
    assert standing is not None
    return standing


def row(text: str, on: str = "12-31", where: CaseWorld = WORLD) -> CaseRow:
    return row_of(case(text, on, where=where), where, day(on))


def why(standing: Standing) -> list[str]:
    """Give what became of each step of records: ``+`` or the reason for no effect."""
    return [line.why.value if line.why else "+" for line in standing.line if line.record]
