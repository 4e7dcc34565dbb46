"""Rules on a rubric as a whole: sums at each level, keys, weights, variants, bonus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from taizhang.core.base.issue import Issue, Place
from taizhang.core.base.period import PART_NAMES
from taizhang.core.definition.rubric import Item, Rubric, Section
from taizhang.core.rules.context import Rule, RuleContext, doubtful, wrong
from taizhang.core.rules.rubric_line import RULES as ITEM_RULES
from taizhang.core.rules.rubric_line import most_points
from taizhang.core.rules.rubric_source import RULES as LOOKED_RULES
from taizhang.core.scoring.kinds import KINDS
from taizhang.core.scoring.rubric_code import RubricCode
from taizhang.core.text.number import points_text

#: Names of the parts of a period that a rubric may weigh; quarters and months have none.
PARTS = {
    "year": tuple(PART_NAMES.values()),
    "half": (PART_NAMES["quarter"][:2], PART_NAMES["quarter"][2:]),
}


def sections_add_up(context: RuleContext) -> Iterator[Issue]:
    """Find a total that is not the sum of the sections."""
    rubric = context.pack.rubric
    if rubric is None or not rubric.sections:
        return
    total = sum((section.max for section in rubric.sections), Fraction(0))
    if total != rubric.total:
        facts = {"found": points_text(total), "total": points_text(rubric.total)}
        yield wrong(RubricCode.RUBRIC_006, rubric.place, **facts)


def items_add_up(context: RuleContext) -> Iterator[Issue]:
    """Find sections whose items do not add up, and the grouping that mends them."""
    rubric = context.pack.rubric
    for section in rubric.sections if rubric is not None else ():
        total = sum((item.max for item in section.items), Fraction(0))
        if not section.items or total == section.max:
            continue
        facts: dict[str, object] = {
            "section": section.title or section.key,
            "found": points_text(total),
            "max": points_text(section.max),
        }
        mended = mend(section)
        if mended is None:
            yield wrong(RubricCode.RUBRIC_004, section.place, **facts)
            continue
        facts["mend"] = ", ".join(
            f"{item.key}: {points_text(most_points(item.rule, item.max) or item.max)}"
            for item in mended
        )
        facts["group"] = "; ".join(_group(section.items, item) for item in mended)
        yield wrong(RubricCode.RUBRIC_005, section.place, **facts)


def mend(section: Section) -> tuple[Item, ...] | None:
    """Find the fewest items whose clause points, not their headings', make the section add up.

    Old rubrics print a heading's points ("业务培训 5分") over several items and the points of the
    first one in its clause ("得2分"); read one by one, the items then add up to too much.
    """
    differing = [
        item for item in section.items if most_points(item.rule, item.max) not in (None, item.max)
    ]
    over = sum((item.max for item in section.items), Fraction(0)) - section.max
    for count in range(1, len(differing) + 1):
        for chosen in combinations(differing, count):
            saved = sum(
                (item.max - (most_points(item.rule, item.max) or 0) for item in chosen), Fraction(0)
            )
            if saved == over:
                return chosen
    return None


def _group(items: Sequence[Item], head: Item) -> str:
    """Name the run of items from ``head`` on whose points make up the head's heading."""
    start = items.index(head)
    total = Fraction(0)
    run = []
    for item in items[start:]:
        total += most_points(item.rule, item.max) or item.max
        run.append(item.key)
        if total == head.max:
            break
    return f"{' + '.join(run)} = {points_text(total)}"


def something_to_score(context: RuleContext) -> Iterator[Issue]:
    """Find rubrics, sections and items without points or items."""
    rubric = context.pack.rubric
    if rubric is None:
        return
    if not rubric.sections or rubric.total <= 0:
        yield wrong(RubricCode.RUBRIC_030, rubric.place, where=rubric.title or rubric.key)
    for section in rubric.sections:
        if not section.items or section.max <= 0:
            yield wrong(RubricCode.RUBRIC_030, section.place, where=section.title or section.key)
    for item in all_items(rubric):
        if item.max <= 0:
            yield wrong(RubricCode.RUBRIC_030, item.place, where=item.title or item.key)


def all_items(rubric: Rubric) -> tuple[Item, ...]:
    """Give the items of all sections, then those of the bonus."""
    return (*(item for section in rubric.sections for item in section.items), *rubric.bonus)


def item_keys_apart(context: RuleContext) -> Iterator[Issue]:
    """Find item keys that stand twice in the rubric."""
    seen: set[str] = set()
    for item in all_items(context.pack.rubric) if context.pack.rubric else ():
        if item.key in seen:
            yield wrong(RubricCode.RUBRIC_023, item.place, item=item.key)
        seen.add(item.key)


def weights_whole(context: RuleContext) -> Iterator[Issue]:
    """Find weights of unknown parts, or that do not add up to 1."""
    rubric = context.pack.rubric
    if rubric is None or not rubric.weights:
        return
    names = tuple(sorted(rubric.weights))
    known = names in [tuple(sorted(parts)) for parts in PARTS.get(rubric.period, ())]
    positive = all(weight > 0 for weight in rubric.weights.values())
    if not known or not positive or sum(rubric.weights.values()) != 1:
        shown = ", ".join(f"{name}: {float(weight):g}" for name, weight in rubric.weights.items())
        facts = {"weights": shown, "period": rubric.period}
        yield wrong(RubricCode.RUBRIC_024, rubric.place, **facts)


def kinds_bound(context: RuleContext) -> Iterator[Issue]:
    """Find kinds of unit that the rubric binds and the pack does not, and odd variants."""
    rubric = context.pack.rubric
    if rubric is None:
        return
    for kind in rubric.unit_kinds:
        if kind not in context.pack.unit_kinds:
            facts = {"kind": kind, "kinds": "、".join(context.pack.unit_kinds)}
            yield wrong(RubricCode.RUBRIC_032, rubric.place, **facts)
    mirrored = {context.pack.mirrors.get(kind) for kind in rubric.unit_kinds}
    for item in all_items(rubric):
        for kind in item.variants:
            if kind not in rubric.unit_kinds and kind not in mirrored:
                facts = {"item": item.key, "kind": kind, "kinds": "、".join(rubric.unit_kinds)}
                yield wrong(RubricCode.RUBRIC_025, item.place, **facts)


def bonus_outside(context: RuleContext) -> Iterator[Issue]:
    """Find a bonus inside a section, and a bonus without a cap."""
    rubric = context.pack.rubric
    if rubric is None:
        return
    for section in rubric.sections:
        for item in section.items:
            if KINDS[item.rule.kind].outside_total:
                yield wrong(RubricCode.RUBRIC_026, item.place, item=item.key)
    if rubric.bonus and rubric.bonus_cap is None:
        most = sum((item.max for item in rubric.bonus), Fraction(0))
        place: Place = rubric.bonus[0].place
        yield doubtful(RubricCode.RUBRIC_031, place, found=points_text(most))


def requirements_scored(context: RuleContext) -> Iterator[Issue]:
    """Find requirements that are stated and earn nothing."""
    for item in all_items(context.pack.rubric) if context.pack.rubric else ():
        if item.requirements:
            facts = {"item": item.key, "requirements": "；".join(item.requirements)}
            yield doubtful(RubricCode.RUBRIC_014, item.place, **facts)


RULES: tuple[Rule, ...] = (
    something_to_score,
    sections_add_up,
    items_add_up,
    item_keys_apart,
    weights_whole,
    kinds_bound,
    bonus_outside,
    requirements_scored,
    *ITEM_RULES,
    *LOOKED_RULES,
)
