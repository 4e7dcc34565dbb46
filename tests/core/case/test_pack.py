"""Cases in the tests of a pack: formulas over them, facts, adopted records, versions that move."""

# ruff: noqa: E501 - a record stands on one line

from textwrap import dedent

import pytest

from taizhang.core.base.issue import errors
from taizhang.core.case.counting import facts_of_case
from taizhang.core.case.fold import fold
from taizhang.core.definition.case import CaseKind, Span, carried, dropped
from taizhang.core.definition.programme import Programmes
from taizhang.core.pack.load import read
from taizhang.core.pack.test_runner import run
from taizhang.core.rules import check
from taizhang.core.rules.case_code import CaseCode
from tests.core.case.problem import CASES, FILES, day, kind, records, world

INDICATORS = """
timely: {label: 及时率, numerator: in_time('problem'), denominator: due('problem'), unit: percent}
standing: {label: 未办结, formula: open('problem'), unit: 件}
asked_up: {label: 已请上级, formula: "open('problem', 'up')", unit: 件}
late: {label: 超期, formula: overdue('problem'), unit: 件}
middle: {label: 办结用时, formula: median_days('problem'), unit: 天}
closed: {label: 办结率, numerator: problem_finished, denominator: problem_opened, unit: percent}
"""
TEST = """
today: 2026-08-01
records:
  - {id: p1, form: problem, unit: 东一社区, date: 2026-05-01, answers: {on: 2026-05-01, due_on: 2026-05-31}}
  - {form: problem_step, case: p1, unit: 东一社区, date: 2026-05-02, answers: {done_on: 2026-05-02, step: start}}
  - {form: problem_step, case: p1, unit: 东一社区, date: 2026-05-20, by: li, answers: {done_on: 2026-05-20, step: finish}}
  - {form: problem_step, case: p1, unit: 东街道, date: 2026-06-11, by: wang, answers: {done_on: 2026-06-11, step: verify}}
  - {id: p2, form: problem, unit: 东一社区, date: 2026-05-04, answers: {on: 2026-05-04, due_on: 2026-06-10}}
  - {form: problem_step, case: p2, unit: 东一社区, date: 2026-05-10, answers: {done_on: 2026-05-10, step: ask_up}}
  - {id: p3, form: problem, unit: 东二社区, date: 2026-06-01, answers: {on: 2026-06-01, due_on: 2026-06-20}}
  - {id: x, form: problem_step, case: p3, unit: 西一社区, date: 2026-06-02, answers: {done_on: 2026-06-02, step: start}}
  - {id: p4, form: problem, unit: 东二社区, date: 2026-06-01, answers: {on: 2026-06-01}}
  - {id: gone, form: problem, unit: 东二社区, withdraws: p4, reason: 重复, date: 2026-06-01, accepted: 2026-06-03}
expect:
  cases:
    - {case: p1, number: WT-2026-001, state: verified, owner: 东一社区, ended: 2026-06-11, next: [reopen]}
    - {case: p1, on: 2026-05-10, state: doing, due: 2026-05-31}
    - {case: p2, number: WT-2026-002, state: up, owner: 东街道, due: none, overdue: 0}
    - {case: p3, number: WT-2026-001, state: open, overdue: 42, without_effect: {x: not_yours}}
    - {case: p4, state: withdrawn}
  facts:
    - {measure: problem_opened, count: 3}
    - {measure: problem_finished, unit: 东一社区, date: 2026-06-11}
    - {measure: problem_days, value: 41}
  figures:
    - {figure: timely, unit: 东街道, period: 2026, numerator: 1, denominator: 2, value: 50}
    - {figure: timely, unit: 东一社区, period: 2026-05, value: 100}
    - {figure: timely, unit: 东一社区, period: 2026-06, reason: not_applicable}
    - {figure: timely, unit: 东二社区, period: 2026-06, value: 0}
    - {figure: standing, unit: 试验区, period: 2026-07, value: 2}
    - {figure: standing, unit: 东一社区, period: 2026-07, value: 0}
    - {figure: standing, unit: 东一社区, period: 2026-05, value: 1}
    - {figure: asked_up, unit: 东街道, period: 2026-05, value: 1}
    - {figure: late, unit: 东街道, period: 2026-07, value: 1, sentence: 超过期限}
    - {figure: middle, unit: 试验区, period: 2026-06, value: 41}
    - {figure: closed, unit: 东一社区, period: 2026, value: 50}
"""


def run_test(text: str, **files: str) -> list[str]:
    """Run one test of the pack and give its issues."""
    own = {**FILES, "indicators.yaml": INDICATORS.encode(), "tests/a.yaml": text.encode()}
    own |= {
        name.replace("__", "/").replace("_yaml", ".yaml"): t.encode() for name, t in files.items()
    }
    reading = read(own)
    assert reading.pack is not None
    assert errors(reading.issues) == ()
    (outcome,) = run(reading.pack)
    assert outcome.compared
    return [issue.line() for issue in outcome.issues]


def test_cases_facts_and_formulas_of_a_pack() -> None:
    assert run_test(TEST) == []


def test_a_correction_of_a_step_stays_that_step() -> None:
    text = """
    today: 2026-08-01
    records:
      - {id: p1, form: problem, unit: 东一社区, date: 2026-05-01, answers: {on: 2026-05-01, due_on: 2026-05-31}}
      - {id: s, form: problem_step, case: p1, unit: 东一社区, date: 2026-06-02, answers: {done_on: 2026-06-02, step: start}}
      - {id: t, form: problem_step, unit: 东一社区, date: 2026-05-02, replaces: s, reason: 日期, accepted: 2026-06-05, answers: {done_on: 2026-05-02, step: start}}
      - {id: u, form: problem, unit: 东一社区, date: 2026-05-01, replaces: p1, reason: 期限, accepted: 2026-06-06, answers: {on: 2026-05-01, due_on: 2026-07-15}}
    expect:
      cases:
        - {case: p1, on: 2026-05-03, state: doing, due: 2026-07-15, number: WT-2026-001}
        - {case: p1, on: 2026-05-03, as_of: 2026-06-04, state: open, due: 2026-05-31}
    """
    assert run_test(dedent(text)) == []


def test_a_wrong_expectation_of_a_case_is_told() -> None:
    assert len(run_test(TEST.replace("overdue: 42", "overdue: 41"))) == 1
    assert (
        len(run_test(TEST.replace("{case: p4, state: withdrawn}", "{case: p9, state: open}"))) == 1
    )


def test_a_reopening_retires_the_finish_before_it_at_its_own_moment() -> None:
    reopened = """
    today: 2026-08-01
    records:
      - {id: p1, form: problem, unit: 东一社区, date: 2026-05-01, answers: {on: 2026-05-01, due_on: 2026-05-31}}
      - {form: problem_step, case: p1, unit: 东一社区, date: 2026-05-02, answers: {done_on: 2026-05-02, step: start}}
      - {form: problem_step, case: p1, unit: 东一社区, date: 2026-05-20, by: li, answers: {done_on: 2026-05-20, step: finish}}
      - {form: problem_step, case: p1, unit: 东街道, date: 2026-05-21, by: wang, answers: {done_on: 2026-05-21, step: verify}}
      - {form: problem_step, case: p1, unit: 东一社区, date: 2026-06-05, answers: {done_on: 2026-06-05, step: reopen, reason_text: 没净}}
    as_of: AS_OF
    expect:
      figures:
        - {figure: closed, unit: 东一社区, period: 2026-05, value: VALUE}
        - {figure: timely, unit: 东一社区, period: 2026-05, value: TIMELY}
    """
    for as_of, value, timely in (("2026-06-04", 100, 100), ("2026-06-05", 0, 0)):
        text = dedent(reopened).replace("AS_OF", as_of)
        text = text.replace("VALUE", str(value)).replace("TIMELY", str(timely))
        assert run_test(text) == []


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("open('probelm')", "FORMULA_030"),
        ("open('problem', 'lost')", "FORMULA_031"),
        ("due('problem', 'start')", "FORMULA_031"),
        ("things('problem', 'standing')", "FORMULA_033"),
    ],
)
def test_formulas_over_cases_are_checked(formula: str, code: str) -> None:
    reading = read(
        {**FILES, "indicators.yaml": f'a: {{label: 甲, formula: "{formula}", unit: 件}}'.encode()}
    )
    assert reading.pack is not None
    assert code in [issue.code.name for issue in check(reading.pack)]


def test_petitions_lend_their_timeliness_only() -> None:
    petitions = CASES.replace("  counts: [opened, finished, days]\n", "  petition: yes\n")
    for formula, refused in (("open('problem')", True), ("in_time('problem')", False)):
        text = f'a: {{label: 甲, formula: "{formula}", unit: 件}}'
        reading = read(
            {**FILES, "cases.yaml": petitions.encode(), "indicators.yaml": text.encode()}
        )
        assert reading.pack is not None
        codes = [issue.code.name for issue in check(reading.pack)]
        assert ("FORMULA_032" in codes) is refused


OLD_FORM = """
| survey | | | | | | |
| | type | name | label | required | about | save_to |
| | text | no | 编号 | yes | activity | |
| | date | on | 日期 | yes | activity | |
| | date | due_on | 期限 | | activity | due_on |
| | select_one s | state | 进展 | yes | activity | state |
| choices | | | |
| | list_name | name | label |
| | s | open | 待改 |
| | s | asked_up | 已请上级 |
| | s | fixed | 已改 |
| entities | | | |
| | list_name | entity_id | label |
| | problems | ${no} | ${no} |
| settings | | | | |
| | form_title | form_id | version | about |
| | 问题台账 | old | 1 | activity |
"""
ADOPTS = """  adopts: {dataset: problems, number: no, states: {open: open, asked_up: up, fixed: done}}
"""


def test_old_records_are_read_as_steps_and_keep_their_number() -> None:
    text = """
    today: 2026-08-01
    records:
      - {form: old, unit: 东一社区, date: 2026-03-01, answers: {no: BR-01, on: 2026-03-01, due_on: 2026-03-31, state: open}}
      - {form: old, unit: 东一社区, date: 2026-03-10, answers: {no: BR-01, on: 2026-03-10, state: asked_up}}
      - {form: old, unit: 东二社区, date: 2026-03-02, answers: {no: BR-01, on: 2026-03-02, due_on: 2026-03-20, state: open}}
      - {form: old, unit: 东二社区, date: 2026-03-25, by: zhao, answers: {no: BR-01, on: 2026-03-25, state: fixed}}
      - {form: problem_step, case: record3, unit: 东街道, date: 2026-04-01, by: wang, answers: {done_on: 2026-04-01, step: verify}}
    expect:
      cases:
        - {case: record1, number: BR-01, state: up, owner: 东街道, overdue: 0}
        - {case: record1, on: 2026-03-05, state: open, owner: 东一社区, due: 2026-03-31}
        - {case: record3, number: BR-01, state: done, on: 2026-03-26}
      figures:
        - {figure: timely, unit: 东二社区, period: 2026-03, value: 0}
      facts:
        - {measure: problem_opened, count: 0}
        - {measure: problem_finished, count: 1, unit: 东二社区, date: 2026-04-01}
    """
    files = {"forms__old.md": OLD_FORM, "cases_yaml": CASES + ADOPTS}
    assert run_test(dedent(text), **files) == []


def test_cases_begun_before_the_switch_are_open_and_never_opened() -> None:
    text = """
    today: 2026-08-01
    records:
      - {id: p1, form: problem, unit: 东一社区, date: 2026-04-20, answers: {on: 2026-04-20}}
      - {id: p2, form: problem, unit: 东一社区, date: 2026-05-01, answers: {on: 2026-05-01}}
    expect:
      facts: [{measure: problem_opened, count: 1, record: p2}]
      figures: [{figure: standing, unit: 东一社区, period: 2026-06, value: 2}]
    """
    assert run_test(dedent(text), cases_yaml=f"{CASES}  before_start: 2026-05-01\n") == []


MONTHLY = """
measures:
  problems: {label: 问题数, unit: 件, kind: event, about: activity}
  talks: {label: 协商, unit: 次, kind: event, about: activity}
counting:
  - {form: month, date: on, facts: {problems: n, talks: 1}}
"""
MONTH_FORM = """
| survey | | | | | |
| | type | name | label | required | about |
| | date | on | 月末 | yes | activity |
| | integer | n | 问题数 | yes | activity |
| settings | | | | |
| | form_title | form_id | version | about |
| | 月报 | month | 1 | activity |
"""


def test_a_monthly_sum_goes_on_by_cases_and_no_month_has_both() -> None:
    text = """
    today: 2026-08-01
    records:
      - {form: month, unit: 东一社区, date: 2026-04-30, answers: {on: 2026-04-30, n: 3}}
      - {form: month, unit: 东一社区, date: 2026-05-31, answers: {on: 2026-05-31, n: 7}}
      - {form: problem, unit: 东一社区, date: 2026-04-20, answers: {on: 2026-04-20}}
      - {form: problem, unit: 东一社区, date: 2026-05-02, answers: {on: 2026-05-02}}
    expect:
      figures:
        - {figure: problems, unit: 东一社区, period: 2026-04, value: 3}
        - {figure: problems, unit: 东一社区, period: 2026-05, value: 1}
        - {figure: talks, unit: 东一社区, period: 2026-05, value: 1}
    """
    switch = "  before_start: 2026-05-01\n  continues: {opened: problems}\n"
    files = {"measures_yaml": MONTHLY, "forms__month.md": MONTH_FORM}
    assert run_test(dedent(text), cases_yaml=f"{CASES}{switch}", **files) == []


# versions


def changed(text: str, version: str = "2") -> CaseKind:
    pack = FILES["pack.yaml"].replace(b'"1"', f'"{version}"'.encode())
    return kind(pack_yaml=pack, cases_yaml=text.encode())


RENAMED = (
    CASES.replace("up: 已请上级协调", "asked: 已请上级协调")
    .replace("[open, doing, up], to: up", "[open, doing, asked], to: asked")
    .replace("[up]", "[asked]")
    .replace("[doing, up]", "[doing, asked]")
)


def test_a_version_that_drops_a_state_in_use_is_told() -> None:
    before = kind()
    assert [part.name for part in dropped(before, changed(RENAMED), ["up"])] == ["up"]
    assert list(dropped(before, changed(RENAMED), ["open"])) == []
    assert list(dropped(before, changed(f"{RENAMED}  moves: {{up: asked}}\n"), ["up"])) == []
    assert list(dropped(before, before, list(before.states))) == []
    assert [part.sort for part in dropped(before, None, ["done"])] == ["state", "step", "step"]


def test_a_version_that_drops_a_step_in_use_is_told() -> None:
    without = changed(
        CASES.replace("    start:  {from: [open], to: doing}\n", "").replace(
            "finish: {from: [doing, up]", "finish: {from: [open, doing, up]"
        )
    )
    assert [(part.sort, part.name) for part in dropped(kind(), without, ["open"])] == [
        ("step", "start")
    ]
    assert list(dropped(kind(), without, ["doing"])) == []


def test_a_case_ends_under_its_own_version_or_moves() -> None:
    before, where = kind(), world()
    assert carried(before, changed(RENAMED)) is before
    moved = carried(before, changed(f"{RENAMED}  moves: {{up: asked}}\n"))
    text = "05-01 A open\n05-02 A start\n05-03 A ask_up\n"
    standing = fold(moved, records(text), where, day("12-31"))
    assert standing is not None
    assert (standing.state, standing.owner, standing.kind.version) == ("asked", "S", "2")
    on = fold(moved, records(f"{text}05-04 S back reason=not_ours"), where, day("12-31"))
    assert on is not None
    assert (on.state, on.owner) == ("doing", "A")


def test_a_kind_is_found_as_a_version_had_it() -> None:
    first = read(FILES).pack
    later = read({**FILES, "pack.yaml": FILES["pack.yaml"].replace(b'"1"', b'"2"')}).pack
    assert first is not None
    assert later is not None
    programmes = Programmes((later,), lambda: (first,))
    known = [programmes.case_in("hc.problem", version) for version in ("1", "2", "9")]
    assert [each.version for each in known if each] == ["1", "2", "2"]
    assert programmes.case_in("hc.other", "1") is None


def test_facts_of_what_a_body_opened_are_its_unit_s() -> None:
    steps = records("05-01 S-B01 open\n05-02 S-B01 start")
    (opened,) = facts_of_case(kind(), steps, world())
    assert (opened.unit, opened.measure) == ("S", "hc.problem_opened")


def test_a_pack_may_have_an_acceptance_of_its_own() -> None:
    """受理 is a step of the kind; nobody has handed anything over."""
    text = CASES.replace("start:  {from: [open]", "accept: {from: [open]")
    text = text.replace("    back: {limit: 5 working days, starts: accept}\n", "")
    own = kind(cases_yaml=text.replace("starts: finish}", "starts: accept}").encode())
    steps = records("05-01 A open\n05-02 A accept\n05-03 A finish !li\n")
    standing = fold(own, steps, world(), day("05-31"))
    assert standing is not None
    assert (standing.state, standing.idle) == ("done", ())
    (run,) = [run for run in standing.runs if run.clock == "verify"]
    assert (run.running, run.start, run.received) == (True, day("05-02"), False)


def test_reasons_have_labels_of_the_pack_or_of_everyday() -> None:
    text = CASES.replace("reason: text", "reason: {dirty: 没清干净}")
    pack = read({**FILES, "cases.yaml": text.encode()}).pack
    assert pack is not None
    asked = pack.forms["hc.problem_step"].field("reason")
    assert asked is not None
    labels = {choice.name: choice.label for choice in asked.choices}
    assert labels["dirty"] == "没清干净"
    assert labels["not_ours"] == "不属本单位职责"
    steps = "05-01 A open\n05-02 A start\n05-03 A finish\n05-04 A reopen reason={}"
    for reason, state in (("dirty", "doing"), ("other", "done")):
        own = fold(pack.cases["hc.problem"], records(steps.format(reason)), world(), day("05-31"))
        assert own is not None
        assert own.state == state


def test_a_form_asks_which_clock_where_several_may_be_prolonged() -> None:
    text = CASES.replace(
        "verify: {limit: 10 days", "verify: {prolong: {most: 5 days}, limit: 10 days"
    )
    pack = read({**FILES, "cases.yaml": text.encode()}).pack
    assert pack is not None
    asked = pack.forms["hc.problem_step"].field("clock")
    assert asked is not None
    assert [choice.name for choice in asked.choices] == ["finish", "verify"]


def test_forms_of_steps_are_known_apart_from_those_that_open() -> None:
    pack = read(FILES).pack
    assert pack is not None
    assert Programmes((pack,)).step_forms == {"hc.problem_step"}
    assert set(pack.forms) == {"hc.problem", "hc.problem_step"}


def test_a_limit_of_one_day_and_words_that_are_missing() -> None:
    text = CASES.replace("verify: {limit: 10 days,", "verify: {limit: 1 day,")
    text = text.replace("most: 15 days", "most: 1 working day")
    clocks = kind(cases_yaml=text.encode()).clocks
    assert (clocks["verify"].limit.count, clocks["verify"].limit.span) == (1, Span.DAYS)
    prolong = clocks["finish"].prolong
    assert prolong is not None
    assert (prolong.most, prolong.span) == (1, Span.WORKING_DAYS)
    text = CASES.replace("settled_above]", "too_hard]")
    reading = read({**FILES, "cases.yaml": text.encode()})
    assert reading.pack is not None
    issues = [issue for issue in check(reading.pack, ()) if issue.code == CaseCode.CASE_023]
    assert [issue.facts["name"] for issue in issues] == ["too_hard", "send"]


def test_a_step_of_no_case_is_named_in_a_pack_test() -> None:
    for case in ("case: gone, ", ""):
        said = run_test(f"""
records:
  - {{id: p1, form: problem, unit: 东一社区, date: 2026-05-01, answers: {{on: 2026-05-01}}}}
  - {{form: problem_step, {case}unit: 东一社区, date: 2026-05-02, answers: {{done_on: 2026-05-02, step: start}}}}
expect:
  cases: [{{case: p1, state: open}}]
""")
        assert [line.split(" ")[0] for line in said] == ["TEST_010"]
