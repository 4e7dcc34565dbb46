"""What reads a measure: indicators, tasks of plans, items of rubrics; found from their formulas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from taizhang.core.base.issue import Refused
from taizhang.core.counting.measure import Measure
from taizhang.core.definition.pack import Indicator, Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.rubric import Item
from taizhang.core.definition.task import Task
from taizhang.core.formula import NameScope, Node
from taizhang.core.formula.definition import body
from taizhang.core.formula.name_scope import UnknownName
from taizhang.core.formula.node import Call, Name, Text, walk
from taizhang.core.formula.parse import parse
from taizhang.core.scoring.kinds import read_rule
from taizhang.web.programmes.packs_cache import OncePerPacks


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads one measure; ``tasks`` and ``items`` come with their pack."""

    indicators: tuple[Indicator, ...] = ()
    tasks: tuple[tuple[Pack, Task], ...] = ()
    items: tuple[tuple[Pack, Item], ...] = ()


NOBODY = Readers()


@OncePerPacks
def readers(programmes: Programmes) -> Mapping[str, Readers]:
    """Give what reads each measure (qualified key), through indicators of indicators too."""
    scope = NameScope(programmes)
    indicators: dict[str, list[Indicator]] = defaultdict(list)
    tasks: dict[str, list[tuple[Pack, Task]]] = defaultdict(list)
    items: dict[str, list[tuple[Pack, Item]]] = defaultdict(list)
    for indicator in programmes.indicators.values():
        for key in _indicator_measures(indicator, scope):
            indicators[key].append(indicator)
    for pack in programmes.packs:
        home = scope.at(pack.key)
        for task in pack.plan.tasks if pack.plan is not None else ():
            for key in task_measures(task, home):
                tasks[key].append((pack, task))
        for item in _items(pack):
            for key in _item_measures(item, home):
                items[key].append((pack, item))
    keys = {*indicators, *tasks, *items}
    return {
        key: Readers(tuple(indicators[key]), tuple(tasks[key]), tuple(items[key])) for key in keys
    }


def indicator_measures(indicator: Indicator, programmes: Programmes) -> frozenset[str]:
    """Give the measures that an indicator counts, through other indicators too."""
    return _indicator_measures(indicator, NameScope(programmes))


def _indicator_measures(indicator: Indicator, scope: NameScope) -> frozenset[str]:
    return measures_in(_body(indicator), scope.at(indicator.key.partition(".")[0]))


def task_measures(task: Task, scope: NameScope) -> frozenset[str]:
    """Give the measures that show the progress of a task; none for a task that is only dated."""
    return frozenset() if task.measure is None else measures_in(_parsed(task.measure), scope)


def measures_in(node: Node | None, scope: NameScope) -> frozenset[str]:
    """Give the qualified keys of the measures that a formula counts, however deep.

    What stands in ``norm(…)`` and ``target(…)`` is asked of a unit and not counted.  A list of
    things stands for the measures of the forms that write it.
    """
    measures: set[str] = set()
    seen: set[str] = set()
    waiting = [(node, scope)] if node is not None else []
    while waiting:
        formula, home = waiting.pop()
        for part in _counted(formula):
            if isinstance(part, Text):
                measures |= _of_list(part.value, home.programmes)
                continue
            try:
                meant = home.find(part.key)
            except UnknownName:
                continue  # the pack's own check names it
            if isinstance(meant, Measure):
                measures.add(meant.key)
            elif meant.key not in seen:
                seen.add(meant.key)
                inner = _body(meant)
                if inner is not None:
                    waiting.append((inner, home.at(meant.key.partition(".")[0])))
    return frozenset(measures)


def _counted(node: Node) -> Iterator[Name | Text]:
    skipped: set[int] = set()
    for part in walk(node):
        if isinstance(part, Call) and part.function in ("norm", "target"):
            skipped |= {id(inner) for inner in part.arguments}
        elif isinstance(part, Call) and part.function in ("overdue", "entities"):
            if part.arguments and isinstance(part.arguments[0], Text):
                yield part.arguments[0]
        elif isinstance(part, Name) and id(part) not in skipped:
            yield part


def _of_list(dataset: str, programmes: Programmes) -> set[str]:
    forms = {
        form.key
        for form in programmes.forms.values()
        if form.entity is not None and form.entity.dataset == dataset
    }
    rules = (rule for form in forms for rule in programmes.counting.get(form, ()))
    return {key for rule in rules for key in rule.facts}


def _body(indicator: Indicator) -> Node | None:
    try:
        return body(indicator)
    except Refused:
        return None  # an installed pack was checked; a formula that cannot be read counts nothing


def _parsed(text: str) -> Node | None:
    try:
        return parse(text)
    except Refused:
        return None


def _items(pack: Pack) -> Iterator[Item]:
    if pack.rubric is not None:
        for section in pack.rubric.sections:
            yield from section.items
        yield from pack.rubric.bonus


def _item_measures(item: Item, scope: NameScope) -> frozenset[str]:
    measures: set[str] = set()
    for rule in (item.rule, *item.variants.values()):
        read, _ = read_rule(rule)
        for formula in read.all_formulas if read is not None else ():
            measures |= measures_in(_parsed(formula.text), scope)
    return frozenset(measures)
