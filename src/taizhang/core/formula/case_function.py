"""Functions over the state tables of cases and things: what they count, how formulas name it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taizhang.core.base.issue import Code, gettext_noop
from taizhang.core.definition.case import CaseKind
from taizhang.core.definition.thing import THING_COUNTS, ThingKind
from taizhang.core.formula.name_scope import NameScope, UnknownName, nearest
from taizhang.core.formula.node import Node, Text

#: Functions of cases alone; `overdue` takes a kind of case in place of a list of things, too.
CASE_FUNCTIONS = ("open", "due", "in_time", "standing", "median_days")
#: Those that speak of a clock; the others of a state.
OF_CLOCKS = frozenset(("due", "in_time", "standing"))
#: A petition may be looked at for its timeliness alone.
_TIMELY = frozenset(("due", "in_time"))


class StateFunctionCode(Code):
    """What can be wrong with a formula over cases or things."""

    FORMULA_030 = (
        gettext_noop("No installed pack has a kind of case '%(name)s'."),
        gettext_noop("Check the spelling; the nearest kind is '%(nearest)s'."),
    )
    FORMULA_031 = (
        gettext_noop("The case '%(kind)s' has no '%(name)s' that %(function)s() could look at."),
        gettext_noop("Name one of: %(known)s."),
    )
    FORMULA_032 = (
        gettext_noop("%(function)s() counts petitions '%(kind)s', whose number is never scored."),
        gettext_noop("Use due('%(kind)s') and in_time('%(kind)s'): whether answers came in time."),
    )
    FORMULA_033 = (
        gettext_noop("No installed pack has a kind of thing '%(name)s'."),
        gettext_noop("Check the spelling; the nearest kind is '%(nearest)s'."),
    )
    FORMULA_034 = (
        gettext_noop("'%(name)s' cannot be counted of things."),
        gettext_noop("Write new, standing, ended or overdue."),
    )


def case_named(scope: NameScope, arguments: Sequence[Node]) -> CaseKind | None:
    """Give the kind of case that the first argument names, ``None`` for none."""
    first = arguments[0]
    if not isinstance(first, Text):
        return None
    try:
        return scope.programmes.case(first.value, scope.home)
    except UnknownName:
        return None


def case_faults(
    function: str, scope: NameScope, arguments: Sequence[Node]
) -> Iterator[tuple[Code, int, dict[str, object]]]:
    """Find what is wrong with a call over cases: (code, column, facts) of each."""
    first, *rest = arguments
    kind = case_named(scope, arguments)
    name = first.value if isinstance(first, Text) else "-"
    if kind is None:
        known = [key.partition(".")[2] for key in scope.programmes.cases]
        facts: dict[str, object] = {"name": name, "nearest": nearest(name, known)}
        yield StateFunctionCode.FORMULA_030, first.at, facts
        return
    if kind.petition and function not in _TIMELY:
        yield StateFunctionCode.FORMULA_032, first.at, {"function": function, "kind": name}
    names = list(kind.clocks if function in OF_CLOCKS else kind.states)
    given = [node.value if isinstance(node, Text) else "-" for node in rest]
    for detail in given or ([""] if function in OF_CLOCKS and not names else []):
        if detail not in names:
            facts = {"kind": name, "name": detail, "function": function}
            at = rest[0].at if rest else first.at
            known_names = ", ".join(names) or "-"
            yield StateFunctionCode.FORMULA_031, at, facts | {"known": known_names}


def thing_named(scope: NameScope, arguments: Sequence[Node]) -> ThingKind | None:
    """Give the kind of thing that the first argument names, ``None`` for none."""
    first = arguments[0]
    if not isinstance(first, Text):
        return None
    try:
        return scope.programmes.thing(first.value, scope.home)
    except UnknownName:
        return None


def thing_faults(
    scope: NameScope, arguments: Sequence[Node]
) -> Iterator[tuple[Code, int, dict[str, object]]]:
    """Find what is wrong with a call over things: (code, column, facts) of each."""
    first, what = arguments
    if thing_named(scope, arguments) is None:
        known = [key.partition(".")[2] for key in scope.programmes.things]
        name = first.value if isinstance(first, Text) else "-"
        facts: dict[str, object] = {"name": name, "nearest": nearest(name, known)}
        yield StateFunctionCode.FORMULA_033, first.at, facts
    counted = what.value if isinstance(what, Text) else "-"
    if counted not in THING_COUNTS:
        yield StateFunctionCode.FORMULA_034, what.at, {"name": counted}
