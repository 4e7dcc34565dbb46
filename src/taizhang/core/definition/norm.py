"""Norms: what documents require, by date, region and unit kind, and what of a year is due when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from taizhang.core.base.figure import ReasonCode
from taizhang.core.base.issue import NOWHERE, Place
from taizhang.core.base.period import Month, Period
from taizhang.core.unit.tree import Tree, Unit

#: How a year's amount falls due over its months (see :func:`share`), or :data:`LIMIT`.
Spread = str | tuple[int, ...]
#: The spread of a norm that is no amount to be done: a density, a rate.  It holds whole at every
#: time and for every unit alike, so it is neither shared out over months nor added over units.
LIMIT = "limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class NormVersion:
    """What one document requires per year of each kind of unit.

    ``spread``: ``"even"`` (a twelfth each month), ``"at_end"`` (due in December), a tuple of
    month numbers among which the year's amount is split evenly, or :data:`LIMIT`.
    """

    document: str
    number: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    region: str = ""  # unit-code prefix it binds; "" = everywhere
    values: Mapping[str, Fraction] = field(default_factory=dict)  # unit kind → amount per year
    spread: str | tuple[int, ...] = "even"
    source: str = ""
    verified: bool = True
    place: Place = NOWHERE

    def in_force(self, day: date) -> bool:
        """Say whether the document is in force on ``day``."""
        return (self.in_force_from or date.min) <= day <= (self.in_force_to or date.max)

    @property
    def title(self) -> str:
        """Give document and number as people cite them."""
        return f"{self.document}（{self.number}）" if self.number else self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A requirement for one measure or indicator through its versions; ``key`` is qualified."""

    key: str
    label: str
    measure: str | None  # qualified measure key, or None for a norm on an indicator's value
    unit: str
    versions: tuple[NormVersion, ...]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class NormPart:
    """What one version asked of one unit in the period's months."""

    unit_code: str
    kind: str  # the kind whose value was taken: the unit's own, or the one it mirrors
    by_analogy: bool
    document: str
    amount: Fraction
    by_month: tuple[tuple[int, Fraction], ...] = ()  # what falls due in each month (yyyymm)


@dataclass(frozen=True, slots=True, kw_only=True)
class NormAnswer:
    """A quota with where it comes from; ``value`` is ``None`` exactly when ``reason`` is set."""

    value: Fraction | None
    reason: ReasonCode | None = None
    by_analogy: bool = False
    unverified: bool = False
    documents: tuple[str, ...] = ()
    parts: tuple[NormPart, ...] = ()
    limit: bool = False  # a :data:`LIMIT`: it holds for every unit and is never added up


@cache
def share(spread: Spread, month: int) -> Fraction:
    """Give the part of a year's amount that falls due in calendar month ``month`` (1–12).

    :raises ValueError: if ``spread`` is none of ``even``, ``at_end`` and a tuple of months
    """
    if spread == "even":
        return Fraction(1, 12)
    if spread == "at_end":
        return Fraction(int(month == 12))
    if isinstance(spread, tuple) and spread:
        return Fraction(spread.count(month), len(spread))
    raise ValueError(f"{spread!r} is no spread")


def norm_quota(
    norm: Norm,
    mirrors: Mapping[str, str],
    tree: Tree,
    unit_code: str,
    period: Period,
    kinds: Iterable[str],
) -> NormAnswer:
    """Give what the norm asks of a unit in a period: the sum over the bound units it stands for.

    Bound are the units of ``kinds`` whose facts roll up to ``unit_code`` under ``tree``, each in
    the months in which it existed (on the month's last day), so that quota and facts always
    speak of the same units: after a merge in July both halves of the year count, each with the
    units of its time.  The version in force on a month's last day gives that month's share; where
    several are, the longest region prefix that has a value for the kind wins, then the newest.

    A limit (a norm with a version of that spread) is what the last month's version says; bound
    units with different limits have none in common, which is ``not_applicable``.
    """
    if not tree.homes(unit_code):  # a split unit still bears what was asked of it in its time
        return NormAnswer(value=None, reason=ReasonCode.NO_UNIT)
    bound = frozenset(kinds)
    amounts: dict[tuple[str, str], _Part] = {}
    limit = any(version.spread == LIMIT for version in norm.versions)
    asking = _asking(norm, mirrors, period)
    found_unit = found_version = False
    for code in sorted(tree.homes(unit_code)):
        for unit in tree.lives(code):
            if unit.kind not in bound:
                continue
            asked = asking.of(unit)
            found_unit = found_unit or asked.existed
            found_version = found_version or asked.in_force
            for part in asked.parts:
                key = (code, "" if limit else part.version.title)
                before = amounts.get(key)
                if before is not None and not limit:  # a later limit takes the earlier's place
                    part = part.joined(before)
                amounts[key] = part
    if not amounts:
        no_version = found_unit and not found_version
        reason = ReasonCode.NOT_IN_FORCE if no_version else ReasonCode.NOT_APPLICABLE
        return NormAnswer(value=None, reason=reason)
    return _limit(_answer(amounts)) if limit else _answer(amounts)


def asked_in(norm: Norm, mirrors: Mapping[str, str], unit: Unit, month: Month) -> NormPart | None:
    """Give what a norm asks of one unit alone in one month; ``None`` where it asks nothing."""
    for part in _Asking(norm, mirrors, Period(month, month)).of(unit).parts:
        title = part.version.title
        return NormPart(
            unit_code=unit.code,
            kind=part.kind,
            by_analogy=part.by_analogy,
            document=title,
            amount=part.amount,
        )
    return None


class _Part(NamedTuple):
    """What one version asks of a unit; ``kind`` is the one whose value was taken."""

    version: NormVersion
    kind: str
    by_analogy: bool
    amount: Fraction
    by_month: tuple[tuple[int, Fraction], ...] = ()

    def joined(self, before: _Part) -> _Part:
        """Add what the same version asked before."""
        months = before.by_month + self.by_month
        return self._replace(amount=before.amount + self.amount, by_month=months)


class _Asked(NamedTuple):
    """What a norm asks of one row of a unit in the months at whose end it existed."""

    existed: bool
    in_force: bool
    parts: tuple[_Part, ...]


class _Asking:
    """Finds what a norm asks in a period, once for all units of which it asks the same."""

    def __init__(self, norm: Norm, mirrors: Mapping[str, str], period: Period) -> None:
        self._mirrors = mirrors
        self._limit = any(version.spread == LIMIT for version in norm.versions)
        self._ruling = {month: _ruling(norm, month) for month in period.months()}
        self._regions = tuple({version.region for version in norm.versions})
        self._found: dict[tuple[object, ...], _Asked] = {}

    def of(self, unit: Unit) -> _Asked:
        """Give what is asked of a row of a unit."""
        here = tuple(map(unit.code.startswith, self._regions))
        key = (unit.kind, unit.valid_from, unit.valid_to, here)
        if key not in self._found:
            self._found[key] = self._ask(unit)
        return self._found[key]

    def _ask(self, unit: Unit) -> _Asked:
        existed = any_in_force = False
        parts: dict[str, _Part] = {}
        for month, ruling in self._ruling.items():
            if not unit.exists_on(month.end):
                continue
            existed = True
            chosen, in_force = _version(ruling, self._mirrors, unit)
            any_in_force = any_in_force or in_force
            if chosen is None:
                continue
            version, kind, by_analogy = chosen
            if self._limit:  # a later month's version takes the place of an earlier one's
                parts = {"": _Part(version, kind, by_analogy, version.values[kind])}
                continue
            amount = version.values[kind] * share(version.spread, month.month)
            part = _Part(version, kind, by_analogy, amount, ((month.number, amount),))
            before = parts.get(version.title)
            parts[version.title] = part if before is None else part.joined(before)
        return _Asked(existed, any_in_force, tuple(parts.values()))


_MOST_ASKED = 256
#: What a norm asks in a period, with the norm and mirrors whose identities are the key.
_asked: dict[tuple[int, int, Period], tuple[Norm, Mapping[str, str], _Asking]] = {}


def _asking(norm: Norm, mirrors: Mapping[str, str], period: Period) -> _Asking:
    """Share what was worked out: a duty is asked of each unit alone, thousands in a province."""
    key = (id(norm), id(mirrors), period)
    known = _asked.get(key)
    if known is None:
        if len(_asked) >= _MOST_ASKED:
            _asked.clear()
        known = _asked[key] = (norm, mirrors, _Asking(norm, mirrors, period))
    return known[2]


def _ruling(norm: Norm, month: Month) -> tuple[NormVersion, ...]:
    """Give the versions in force at a month's end, the longest region first, then the newest."""
    in_force = [version for version in norm.versions if version.in_force(month.end)]
    in_force.sort(
        key=lambda version: (len(version.region), version.in_force_from or date.min), reverse=True
    )
    return tuple(in_force)


def _version(
    ruling: Iterable[NormVersion], mirrors: Mapping[str, str], unit: Unit
) -> tuple[tuple[NormVersion, str, bool] | None, bool]:
    """Choose (version, kind looked up, by analogy), and say whether any version was in force."""
    in_force = [version for version in ruling if unit.code.startswith(version.region)]
    for version in in_force:
        if unit.kind in version.values:
            return (version, unit.kind, False), True
        mirrored = mirrors.get(unit.kind)
        if mirrored is not None and mirrored in version.values:
            return (version, mirrored, True), True
    return None, bool(in_force)


def _answer(
    amounts: Mapping[tuple[str, str], _Part],
) -> NormAnswer:
    """Add the parts up."""
    parts = tuple(
        NormPart(
            unit_code=code,
            kind=part.kind,
            by_analogy=part.by_analogy,
            document=part.version.title,
            amount=part.amount,
            by_month=part.by_month,
        )
        for (code, _), part in amounts.items()
    )
    return NormAnswer(
        value=sum((part.amount for part in parts), Fraction(0)),
        by_analogy=any(part.by_analogy for part in parts),
        unverified=any(not part.version.verified for part in amounts.values()),
        documents=tuple(dict.fromkeys(part.document for part in parts)),
        parts=parts,
    )


def _limit(added: NormAnswer) -> NormAnswer:
    """Give the one limit of all parts instead of their sum."""
    values = {part.amount for part in added.parts}
    if len(values) > 1:
        return NormAnswer(value=None, reason=ReasonCode.NOT_APPLICABLE)
    return replace(added, value=values.pop(), limit=True)
