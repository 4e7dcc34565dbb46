"""Nodes of a formula: numbers, names with filters, calls, operators, each with its column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from taizhang.core.aggregate.query import DimensionFilter


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: ``12``, ``0.9``."""

    value: Fraction
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes: a date, a unit kind, a dataset."""

    value: str
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A measure or indicator, bare or ``pack.key``, with the filters in its brackets."""

    key: str
    filters: tuple[DimensionFilter, ...] = ()
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """``-`` or ``not`` before an expression."""

    operator: str
    argument: Node
    at: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions joined by one of ``+ - * / == != < <= > >= and or``."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=1, compare=False)


Node = Number | Text | Name | Call | Unary | Binary

ARITHMETIC = frozenset("+-*/")
LOGIC = frozenset(("and", "or"))


def children(node: Node) -> tuple[Node, ...]:
    """Give the parts of a node, left to right."""
    match node:
        case Call():
            return node.arguments
        case Unary():
            return (node.argument,)
        case Binary():
            return (node.left, node.right)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Walk a node and everything in it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)
