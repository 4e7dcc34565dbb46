"""Write docs/reference/rubric.md from the rule kinds: `python -m tools.rubric_page [--check]`."""

import sys
from collections.abc import Iterator
from dataclasses import MISSING
from fractions import Fraction

from taizhang.core.base.yaml_source import YamlMap, read_yaml
from taizhang.core.definition.rubric import Rule
from taizhang.core.scoring.kinds import KINDS, SPELLED
from taizhang.core.scoring.parameter import Declared, declared
from taizhang.core.scoring.rule import ScoringRule
from taizhang.core.text.number import number_text
from tools.page import ROOT, page_run

PAGE = ROOT / "docs" / "reference" / "rubric.md"

INTRODUCTION = """# Rubrics: rule kinds and their parameters

`rubric.yaml` of a pack says how figures, answers and samples become points. This page is written by
`python -m tools.rubric_page` from the kinds, a file each
(`src/taizhang/core/scoring/kinds/`); how a pack author uses them is told in
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
- `looked: {figure, at_least}` on any rule: a unit that did not look that often earns nothing, with
  the reason; where nothing was to be looked at (`at_least` is 0) the item does not apply.
- A section of which no item applies has a maximum of 0 and leaves the total; `total` and `max` are
  those of what applies, `converted` the total on the rubric's `scale`, `left` the points that left.
- Points are shown on the scale of the rubric, beside them what they count: `stated_points`,
  `points`.
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


def rule_of(kind: type[ScoringRule]) -> Rule:
    """This function will read the example of a kind as a pack would."""
    value, _ = read_yaml(kind.example.encode(), "example.yaml")
    if not isinstance(value, YamlMap):
        raise TypeError(f"the example of {kind.kind} is no mapping")
    params = {name: given for name, given in value.items() if name != "kind"}
    return Rule(kind=str(value["kind"]), params=params)


def default_text(parameter: Declared) -> str:
    """This function will write a default as a pack would, "required" where there is nparameter."""
    if parameter.default is MISSING:
        return "required"
    if parameter.default is None or parameter.default == ():
        return "—"
    if isinstance(parameter.default, bool):
        return str(parameter.default).lower()
    return (
        number_text(parameter.default)
        if isinstance(parameter.default, Fraction)
        else str(parameter.default)
    )


def table(parameters: Iterator[Declared]) -> Iterator[str]:
    """This function will yield the lines of a table of parameters."""
    spelled = {python: written for written, python in SPELLED.items()}
    yield "| parameter | takes | default | meaning |"
    yield "|---|---|---|---|"
    for parameter in parameters:
        takes = parameter.param.reader.wanted.replace("|", "\\|")
        name = spelled.get(parameter.name, parameter.name)
        yield f"| `{name}` | {takes} | {default_text(parameter)} | {parameter.param.meaning} |"
    yield ""


def section(kind: type[ScoringRule]) -> Iterator[str]:
    """This function will yield the lines about one rule kind."""
    common = {parameter.name for parameter in declared(ScoringRule)}
    yield f"## {kind.kind}"
    yield ""
    yield (kind.__doc__ or "").strip()
    yield ""
    yield "```yaml"
    yield f"rule: {kind.example}"
    yield "```"
    yield ""
    own = [parameter for parameter in declared(kind) if parameter.name not in common]
    if own:
        yield from table(iter(own))


def page() -> str:
    """This function will write the whole page."""
    lines = [INTRODUCTION, *table(iter(declared(ScoringRule)))]
    for kind in KINDS.values():
        lines += section(kind)
    return "\n".join(lines).rstrip("\n") + "\n"


def main(arguments: list[str]) -> int:
    return page_run(arguments, __doc__, PAGE, page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
