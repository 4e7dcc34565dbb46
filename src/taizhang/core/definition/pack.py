"""The frozen Pack: what the loader makes of a folder and everything else reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from taizhang.core.base.issue import NOWHERE, Place
from taizhang.core.counting.measure import CountingRule, Measure
from taizhang.core.definition.calendar import DayRule
from taizhang.core.definition.case import CaseKind
from taizhang.core.definition.constant import Constant
from taizhang.core.definition.norm import Norm
from taizhang.core.definition.rubric import Rubric
from taizhang.core.definition.task import PlanTemplate
from taizhang.core.definition.thing import ThingKind
from taizhang.core.form import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A definition: numerator ÷ denominator × factor, or one formula; ``key`` is qualified.

    ``unit`` is ``percent`` (factor 100), ``permille`` (1000), ``per100`` (sex ratio), ``ratio``
    (1), or a plain unit (次, 人 …) for a ``formula`` that is no ratio.
    """

    key: str
    label: str
    unit: str
    numerator: str | None = None
    denominator: str | None = None
    formula: str | None = None
    cap: int | None = None
    implausible_above: int | None = None  # a larger value is shown with a doubt
    scope: str = ""  # 户籍, 常住, 实有
    decimals: int | None = None  # most digits shown; without, a rate one, a count what it needs
    status: str = "current"  # current, audit, survey, historic
    source: str = ""
    verified: bool = True
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTemplate:
    """A Markdown + Jinja template with a YAML head (title, kind, to, from …)."""

    key: str
    title: str
    kind: str  # 计划, 总结, 自查报告, 通报, 请示, 函, 公示
    period: str  # year, half, …
    body: str
    head: Mapping[str, object] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTest:
    """One test of a pack: units, records, closings in; figures, points, sentences expected out."""

    name: str
    content: Mapping[str, object]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One programme.  Keys of measures, forms, indicators and norms are qualified by ``key``."""

    key: str
    version: str
    label: str
    unit_kinds: tuple[str, ...]  # kinds that it binds: they owe, close months and are scored
    records: tuple[str, ...] = ()  # kinds of units and bodies that may send, besides those bound
    legal_basis: tuple[Mapping[str, object], ...] = ()
    uses: tuple[str, ...] = ()
    mirrors: Mapping[str, str] = field(default_factory=dict)  # unit kind → kind whose norm it takes
    forms: Mapping[str, Form] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    counting: tuple[CountingRule, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    norms: Mapping[str, Norm] = field(default_factory=dict)
    constants: Mapping[str, Constant] = field(default_factory=dict)
    plan: PlanTemplate | None = None
    calendar: tuple[DayRule, ...] = ()
    rubric: Rubric | None = None
    cases: Mapping[str, CaseKind] = field(default_factory=dict)
    things: Mapping[str, ThingKind] = field(default_factory=dict)
    documents: Mapping[str, DocumentTemplate] = field(default_factory=dict)
    tests: tuple[PackTest, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)  # the source, as installed
    digest: str = ""  # sha256 over the source files

    def may_send(self, kind: str) -> bool:
        """Say whether a unit or body of this kind may send records of the pack."""
        return kind in self.unit_kinds or kind in self.records
