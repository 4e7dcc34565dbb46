"""The rule kinds of rubrics, one file each: parameters, points, sentences, checks and draft.

A kind is known because its file stands here; nothing lists the kinds by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from taizhang.core.definition.rubric import Rule
from taizhang.core.scoring.outcome import Case, Outcome
from taizhang.core.scoring.parameter import Fault, declared, read_params
from taizhang.core.scoring.rule import RULE, Decision, ScoringRule

#: Names as packs write them, where Python keeps the word for itself.
SPELLED = {"else": "otherwise"}


class Kinds(Mapping[str, type[ScoringRule]]):
    """Every kind by the name that packs write, in the order of the alphabet.

    The names are those of the files; a file is read when its kind is asked for first.
    """

    def __init__(self, folder: Iterable[str]) -> None:
        self._read: dict[str, type[ScoringRule] | None] = dict.fromkeys(
            sorted(module.name for module in iter_modules(folder))
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)

    def __contains__(self, name: object) -> bool:
        return name in self._read

    def __getitem__(self, name: str) -> type[ScoringRule]:
        """Give a kind.

        :raises ImportError: if its file holds no kind, or more than one
        """
        kind = self._read[name]
        if kind is None:
            kind = self._read[name] = _kind_in(import_module(f"{__name__}.{name}"))
        return kind


def _kind_in(module: ModuleType) -> type[ScoringRule]:
    kinds = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, ScoringRule)
        and value.__module__ == module.__name__
    ]
    if len(kinds) != 1:
        raise ImportError(f"{module.__name__} holds {len(kinds)} rule kinds instead of one")
    return kinds[0]


KINDS = Kinds(__path__)


def decision_of(kind: str) -> Decision:
    """Say what a person states for items of a kind; nothing for one that is no longer known."""
    return KINDS[kind].decision if kind in KINDS else Decision.NONE


def read_rule(rule: Rule) -> tuple[ScoringRule | None, list[Fault]]:
    """Read a rule's parameters; ``None`` and every fault when any is wrong.

    :raises KeyError: if there is no such kind; the reader of packs lets none through
    """
    given = {SPELLED.get(name, name): value for name, value in rule.params.items()}
    given.pop("kind", None)
    read, faults = read_params(KINDS[rule.kind], given)
    spelled = {python: written for written, python in SPELLED.items()}
    named = [
        replace(fault, parameter=spelled.get(fault.parameter, fault.parameter)) for fault in faults
    ]
    if read is not None:
        named += read.faults()
        inner, inner_faults = _read_inner(read, rule)
        named += inner_faults
        if inner:
            read = replace(read, **inner)
    return (None, named) if named else (read, [])


def _read_inner(outer: ScoringRule, rule: Rule) -> tuple[dict[str, Any], list[Fault]]:
    """Read the rules inside a rule, by the parameters that hold them."""
    rules: dict[str, Any] = {}
    faults: list[Fault] = []
    for parameter in declared(type(outer)):
        name, given = parameter.name, getattr(outer, parameter.name)
        if parameter.param.reader is not RULE or given is None:
            continue
        kind = str(given.get("kind"))
        if kind not in KINDS:
            faults.append(Fault(f"{name}.kind", "wrong", kind, ", ".join(KINDS)))
            continue
        read, inner_faults = read_rule(Rule(kind=kind, params=given, place=rule.place))
        faults += [replace(fault, parameter=f"{name}.{fault.parameter}") for fault in inner_faults]
        if read is not None:
            rules[name] = read
    return rules, faults


def apply(rule: Rule, case: Case) -> Outcome:
    """Score one case by a rule.

    :raises ValueError: if the rule's parameters cannot be read; a checked pack's always can
    """
    read, faults = read_rule(rule)
    if read is None:
        problems = ", ".join(f"{fault.parameter} {fault.problem}" for fault in faults)
        raise ValueError(f"{rule.kind} at {rule.place}: {problems}")
    return read.apply(case)
