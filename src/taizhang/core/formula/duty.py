"""Duties: amounts that norms and quotas alone ask of each unit, and how much of them is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from taizhang.core.definition.norm import LIMIT
from taizhang.core.definition.pack import Indicator
from taizhang.core.formula.name_scope import NameScope, pack_of
from taizhang.core.formula.node import Binary, Call, Name, Node, Number, Unary
from taizhang.core.formula.unit_type import RATES, RATIO, type_of
from taizhang.core.formula.value import Value


@dataclass(frozen=True, slots=True)
class Owing:
    """The norms and the quotas (qualified keys) that a denominator is made of."""

    norms: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """What units owe together, and what of it is done where each answers for its own part.

    ``met`` adds what each unit did up to what it owes; ``done`` is all that was done, each
    activity once.  ``shared``: some of it stands in the duty of more than one unit.
    ``reached`` of ``of`` units did all that they owe, as far as is known for certain.
    """

    met: Value
    owed: Value
    done: Value
    reached: int
    of: int
    kinds: tuple[str, ...] = ()
    shared: bool = False


#: Reads the formula of an indicator.
Body = Callable[[Indicator], Node]


def owing(node: Node, scope: NameScope, body: Body) -> Owing | None:
    """Give the norms and quotas of a denominator that asks nothing else; ``None``: it does.

    A limit (a density, a rate) is no amount: it holds for each unit alike and never adds up.
    """
    norms: dict[str, None] = {}
    targets: dict[str, None] = {}
    for call, home in _asked(node, scope, body):
        if call is None:
            return None
        (name,) = call.arguments
        key = name.key if isinstance(name, Name) else ""
        if call.function == "norm":
            norm = home.norm(key)
            if type_of(norm.unit) in _NO_AMOUNT or any(
                version.spread == LIMIT for version in norm.versions
            ):
                return None
            norms[norm.key] = None
        else:
            planned = home.find(key)
            if type_of(planned.unit) in _NO_AMOUNT:
                return None
            targets[planned.key] = None
    return Owing(tuple(norms), tuple(targets)) if norms or targets else None


_NO_AMOUNT = RATES | {RATIO}
#: Functions that choose between amounts; a condition before them is no amount.
_CHOICES = {"if": 1, "coalesce": 0, "max": 0, "min": 0}


def _asked(node: Node, scope: NameScope, body: Body) -> Iterator[tuple[Call | None, NameScope]]:
    """Walk the norms and quotas that an amount is made of; ``None`` stands for anything else."""
    match node:
        case Number():
            return
        case Call(function="norm" | "target"):
            yield node, scope
        case Call() if node.function in _CHOICES:
            for argument in node.arguments[_CHOICES[node.function] :]:
                yield from _asked(argument, scope, body)
        case Unary(operator="-"):
            yield from _asked(node.argument, scope, body)
        case Binary(operator="+" | "-" | "*" | "/"):
            yield from _asked(node.left, scope, body)
            yield from _asked(node.right, scope, body)
        case Name() if isinstance(named := scope.find(node.key), Indicator):
            yield from _asked(body(named), scope.at(pack_of(named.key)), body)
        case _:
            yield None, scope


def part_met(done: Value, limit: Fraction) -> tuple[Fraction, Fraction] | None:
    """Give what of a unit's duty is met, between two numbers; ``None`` where no end is known."""
    if done.low is None:
        return None
    return min(done.low, limit), limit if done.high is None else min(done.high, limit)
