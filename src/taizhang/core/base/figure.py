"""A Figure: the answer to "measure or indicator, unit, period, as of, tree"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from taizhang.core.base.rounding import number_text


class ReasonCode(StrEnum):
    """Why a figure has no value."""

    NOT_APPLICABLE = "not_applicable"
    NOT_REPORTED = "not_reported"  # nobody who owes it has recorded anything or closed a month
    ANSWER_BLANK = "answer_blank"  # a form was filled in, and left this answer open
    NEVER_COUNTED = "never_counted"  # months were closed, and a level was not counted in them
    TOO_FEW_KNOWN = "too_few_known"  # less than half of the unit-months or of the units
    NOT_LOOKED = "not_looked"  # nobody looked, so finding nothing says nothing
    SUPPRESSED = "suppressed"
    NOT_IN_FORCE = "not_in_force"
    NO_UNIT = "no_unit"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no value, with the sentence a reader sees."""

    code: ReasonCode
    sentence: str


class FlagName(StrEnum):
    """What a reader must know of a figure, in the order in which it is told."""

    TO_DATE = "to_date"
    OF = "of"
    OF_MONTHS = "of_months"
    INCOMPLETE = "incomplete"
    BLANK = "blank"
    INEXACT = "inexact"
    MOVED = "moved"
    SPLIT = "split"
    JOINED = "joined"
    LEFT = "left"
    ABOUT = "about"
    BACK = "back"
    CAPPED = "capped"
    BY_ANALOGY = "by_analogy"
    UNVERIFIED_SOURCE = "unverified_source"
    IMPLAUSIBLE = "implausible"


#: The detail of a flag in a frozen text from when open months were marked at each number.
MARKED_THEN = "*"


@dataclass(frozen=True, slots=True)
class Flag:
    """A remark on a figure; ``argument`` is the day, number or share (``78/94``) it speaks of.

    Its text, ``incomplete 78/94``, stands only where figures leave the program; what its sentence
    says beyond that, as which months a unit has not closed, is the ``detail``.
    """

    name: FlagName
    argument: str = ""
    detail: str = ""

    @classmethod
    def read(cls, text: str) -> Flag:
        """Read ``incomplete 78/94``.

        :raises ValueError: if there is no flag of that name
        """
        name, _, argument = text.partition(" ")
        return cls(FlagName(name), argument)

    def __str__(self) -> str:
        return f"{self.name} {self.argument}" if self.argument else str(self.name)


class OpenCount(NamedTuple):
    """How many units have not closed months that count, how many unit-months these are, of all."""

    units: int = 0
    months: int = 0
    of: int = 0

    @property
    def half_known(self) -> bool:
        """Say whether half of the unit-months or more are known."""
        return 2 * self.months <= self.of


NONE_OPEN = OpenCount()


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind a figure: how many, and the query (key → value) that lists them."""

    count: int | None
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value or a reason, with everything needed to defend it.

    ``value`` includes the factor (75 for 75 %) and is exact, unrounded; an inexact value is its
    low end.  ``high`` is ``None`` where no upper bound is known.
    """

    key: str
    label: str
    unit_code: str
    unit_name: str
    period: str
    as_of: date
    tree: date
    value: Fraction | None
    reason: Reason | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    done: Fraction | None = None  # of a duty: all that was done, each activity once, uncapped
    owed: Fraction | None = None  # of a duty: what the units owe together
    reached: int | None = None  # of ``of`` units so many did all they owe, or fulfil a condition
    of: int | None = None
    reach: str = ""  # the same in words: 12个村（社区）中10个达到
    verdict: bool | None = None  # of a share of one unit: whether that unit is counted
    unit: str = ""
    flags: tuple[Flag, ...] = ()
    sentence: str = ""
    method: str = ""  # what is counted and by which document, without this answer's numbers
    records: Behind = Behind(None)
    bucket: str | None = None  # the month or dimension value of a --by answer
    bucket_label: str = ""  # the dimension value as its form says it
    decimals: int = 0  # most digits shown; rounding half up happens only there
    through: str = ""  # of a ratio in a running period: the last month that it takes in
    open_months: OpenCount = NONE_OPEN
    status: str = "current"  # current, audit, survey, historic

    def flag(self, name: FlagName) -> Flag | None:
        """Give the flag of a name where the figure bears it."""
        return next((flag for flag in self.flags if flag.name is name), None)

    @property
    def inexact(self) -> bool:
        """Say whether what was stated is itself not exactly known: 500多, a blank answer.

        A month that nobody has closed is no matter of a number: it is said beside it.
        """
        incomplete = self.flag(FlagName.INCOMPLETE)
        if incomplete is None or incomplete.detail == MARKED_THEN:
            return self.low != self.high
        return any(flag.name in (FlagName.INEXACT, FlagName.BLANK) for flag in self.flags)

    def shown(self) -> str:
        """Give the value as people read it, without its unit: rounded half up, with no zeros at
        the end; "—" for none."""
        return "—" if self.value is None else number_text(self.value, self.decimals)

    def as_json(self) -> dict[str, object]:
        """Give the JSON shape of the command contract; exact numbers become JSON numbers."""
        return {
            "key": self.key,
            "label": self.label,
            "unit_code": self.unit_code,
            "unit_name": self.unit_name,
            "period": self.period,
            "bucket": self.bucket,
            "bucket_label": self.bucket_label or None,
            "as_of": self.as_of.isoformat(),
            "tree": self.tree.isoformat(),
            "value": number(self.value),
            "shown": self.shown(),
            "reason": self.reason
            and {"code": self.reason.code.value, "sentence": self.reason.sentence},
            "numerator": number(self.numerator),
            "denominator": number(self.denominator),
            "low": number(self.low),
            "high": number(self.high),
            "done": number(self.done),
            "owed": number(self.owed),
            "reached": self.reached,
            "of": self.of,
            "unit": self.unit,
            "status": self.status,
            "flags": [str(flag) for flag in self.flags],
            "sentence": self.sentence,
            "through": self.through or None,
            "open_months": {
                "units": self.open_months.units,
                "months": self.open_months.months,
                "of": self.open_months.of,
            },
            "records": {"count": self.records.count, "query": dict(self.records.query)},
        }


def number(value: Fraction | None) -> int | float | None:
    """Turn an exact value into a JSON number: whole numbers stay whole."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)
