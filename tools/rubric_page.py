"""Write docs/reference/rubric.md from the rule kinds: `python -m tools.rubric_page [--check]`."""

import sys
from collections.abc import Iterator
from dataclasses import MISSING
from fractions import Fraction

from taizhang.core.pack.tree import Map, read_yaml
from taizhang.core.rubric import Rule, RuleKind
from taizhang.core.scoring.parameter import Declared, declared
from taizhang.core.scoring.rule import KINDS, SPELLED, Params
from taizhang.core.text.number import number_text
from tools.page import ROOT, page_run

PAGE = ROOT / "docs" / "reference" / "rubric.md"

INTRODUCTION = """# Rubrics: rule kinds and their parameters

`rubric.yaml` of a pack says how figures, answers and samples become points. This page is written by
`python -m tools.rubric_page` from the classes that read the parameters
(`src/taizhang/core/scoring/rule.py`); how a pack author uses them is told in
[docs/packs](../packs/README.md).

## What holds for every item

- A figure is compared **unrounded** and shown with as many digits as it takes to see why it missed.
- A figure with gaps is an interval. An item is decided when every value in it earns the same
  points; otherwise it has none, says what it waits for, and names the points still possible.
- A period that is not over leaves every figure of it waiting, and says where it stands so far.
- `total` is the decided points, `pending_max` the rest; points and losses of a decided item add up
  to its maximum, in the JSON too, where each is rounded half up to two digits.
- 不适用 (`applies` is false, 0 ÷ 0, no norm for this kind of unit) takes the item out; the others
  of its section are scaled up to the section's maximum, unless `not_applicable` says otherwise.
- `variants: {村: {kind: …}}` replaces the rule for a kind of unit, or for the kind it mirrors.
- `requirements` are shown as 要求（不计分） and earn nothing.
- `weights: {H1: 0.4, H2: 0.6}` scores the parts of the period apart and adds them; a decision for
  the whole period holds for a part without its own.
- The bonus stands outside the total, up to `bonus: cap`.
- Units are listed in code order; there are no ranks.
- A decision of an assessor is `{points, reason}`, of a sample `{errors, checked}`
  (`taizhang decide`); an earlier decision stays on record, the last one stands.

`taizhang pack check` finds sums that do not add up (and the regrouping that mends them), stretches
without points, overlapping bands and holes, deductions below 0, missing conversions, items that can
never be decided and more: the codes `RUBRIC_…` of [the messages](issues.md).

Every kind also takes:
"""

#: One rule of each kind as a pack writes it; a test reads them.
EXAMPLES = {
    RuleKind.ALL_OR_NOTHING: "{kind: all_or_nothing, when: [plans >= 1, summaries >= 1], "
    "partial: pending}",
    RuleKind.COMPLETENESS: "{kind: completeness, records: events, quota: 4, deduct_each: 1.5, "
    "parts: {活动安排: events_planned, 活动总结: events_summed_up}}",
    RuleKind.THRESHOLD: "{kind: threshold, figure: large_events, at_least: 4, else: 0}",
    RuleKind.ALL_OF: "{kind: all_of, split: equal, conditions: "
    "[{figure: timely_rate, at_least: 100}, {figure: accuracy, at_least: 95}]}",
    RuleKind.PROPORTIONAL: "{kind: proportional, figure: lectures, of: norm(lectures)}",
    RuleKind.RATE_POINTS: "{kind: rate_points, figure: full_file_share}",
    RuleKind.TIERS: "{kind: tiers, figure: awareness_rate, tiers: [[90, 15], [80, 10], [60, 5]], "
    "below: 0}",
    RuleKind.PER_EVENT: "{kind: per_event, start: 10, deduct: 2, figure: boards_overdue, floor: 0}",
    RuleKind.ZERO_TRIGGER: "{kind: zero_trigger, when: false_records > 0, "
    "rule: {kind: proportional, figure: records, of: 12}}",
    RuleKind.PERCENT_STEP: "{kind: percent_step, figure: coverage, target: 90, step: 1, "
    "deduct: 0.5}",
    RuleKind.DISCRETIONARY: "{kind: discretionary, range: [0, 3]}",
    RuleKind.BONUS: "{kind: bonus, figure: pilot_projects, each: 1, cap: 3}",
    RuleKind.SAMPLE_ERROR: "{kind: sample_error, zero_at: 10}",
    RuleKind.MANUAL: "{kind: manual}",
}


def rule_of(kind: RuleKind) -> Rule:
    """This function will read the example of a kind as a pack would."""
    value, _ = read_yaml(EXAMPLES[kind].encode(), "example.yaml")
    if not isinstance(value, Map):
        raise TypeError(f"the example of {kind.value} is no mapping")
    params = {name: one for name, one in value.items() if name != "kind"}
    return Rule(kind=RuleKind(str(value["kind"])), params=params)


def default_text(one: Declared) -> str:
    """This function will write a default as a pack would, "required" where there is none."""
    if one.default is MISSING:
        return "required"
    if one.default is None or one.default == ():
        return "—"
    if isinstance(one.default, bool):
        return str(one.default).lower()
    return number_text(one.default) if isinstance(one.default, Fraction) else str(one.default)


def table(parameters: Iterator[Declared]) -> Iterator[str]:
    """This function will yield the lines of a table of parameters."""
    spelled = {python: written for written, python in SPELLED.items()}
    yield "| parameter | takes | default | meaning |"
    yield "|---|---|---|---|"
    for one in parameters:
        takes = one.param.reader.wanted.replace("|", "\\|")
        name = spelled.get(one.name, one.name)
        yield f"| `{name}` | {takes} | {default_text(one)} | {one.param.meaning} |"
    yield ""


def section(kind: RuleKind) -> Iterator[str]:
    """This function will yield the lines about one rule kind."""
    params = KINDS[kind]
    common = {one.name for one in declared(Params)}
    yield f"## {kind.value}"
    yield ""
    yield (params.__doc__ or "").strip()
    yield ""
    yield "```yaml"
    yield f"rule: {EXAMPLES[kind]}"
    yield "```"
    yield ""
    own = [one for one in declared(params) if one.name not in common]
    if own:
        yield from table(iter(own))


def page() -> str:
    """This function will write the whole page."""
    lines = [INTRODUCTION, *table(iter(declared(Params)))]
    for kind in RuleKind:
        lines += section(kind)
    return "\n".join(lines).rstrip("\n") + "\n"


def main(arguments: list[str]) -> int:
    return page_run(arguments, __doc__, PAGE, page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
