"""One made-up case as a run of records: who opens it, who does each step, and when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from taizhang.core.base.period import Month
from taizhang.demo.activity.habits import Line
from taizhang.demo.people import DISTRICT, clerk, recorder, reviewer
from taizhang.demo.profile import Profile

#: From here on the kinds that take the place of monthly sums are kept case by case.
SWITCH = Month(2026, 1)
#: The last day of which the demonstration tells; what would come later has not happened yet.
LAST_DAY = date(2026, 10, 31)
#: A community that was merged: whose steps its cases go on with, and since when.
FORMER, HEIR, MERGED_ON = "360602001007", "360602001006", date(2026, 3, 1)
HEALTH, JUSTICE = "B01", "B02"  # bodies beside each street
OFFICE, CLEANING = f"{DISTRICT}-B01", f"{DISTRICT}-B02"  # bodies beside the district
_NAMESPACE = uuid.UUID("5b1f0c52-4f0b-5d0e-8a35-7a2c9e14d0b7")


@dataclass(slots=True)
class Tale:
    """A case while it is written: its day, its owner and its lines so far."""

    kind: str  # pack.kind
    who: Profile
    street: str
    random: Random
    name: str  # tells it from all others of its kind and community
    day: date = date.min
    owner: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def home(self) -> str:
        """Give the community that opened it, or the one that it was merged into."""
        is_gone = self.who.code == FORMER and self.day >= MERGED_ON
        return HEIR if is_gone else self.who.code

    def body(self, number: str) -> str:
        """Give the body of the street with this number."""
        return f"{self.street}-{number}"

    @property
    def asks(self) -> str:
        """Give who asks afterwards: the street, or the community where another settled it."""
        return self.street if self.owner == self.who.code else self.who.code

    def opens(self, form: str, on: str, day: date, **answers: object) -> None:
        """Open it with a form whose first date is ``on``."""
        self.day, self.owner = day, self.who.code
        self._write(form, self.who.code, {on: day.isoformat(), **answers})

    def step(self, key: str, after: tuple[int, int], unit: str = "", **answers: object) -> None:
        """Do a step of the small form some days later, at ``unit`` or at its owner."""
        small = f"{self.kind.partition('.')[2]}_step"
        self._done(small, "done_on", after, unit, {"step": key, **answers})

    def form(
        self,
        form: str,
        on: str,
        after: tuple[int, int],
        unit: str = "",
        *,
        key: str = "",
        **answers: object,
    ) -> None:
        """Do a step with a form of its own, some days (least, most) later.

        :param key: which step it is, where its form serves several
        """
        self._done(form, on, after, unit, answers)
        if key and self.day <= LAST_DAY:
            self.lines[-1]["step"] = key

    def hand(self, to: str, after: tuple[int, int]) -> None:
        """Let the one to whom it was handed sign for it."""
        self.owner = to
        self.step("accept", after)

    def _done(
        self, form: str, on: str, after: tuple[int, int], unit: str, answers: dict[str, object]
    ) -> None:
        self.day += timedelta(days=self.random.randint(*after))
        unit = unit or self.owner
        actor = self.home if unit == self.who.code else unit
        self._write(form, actor, {on: self.day.isoformat(), **answers})

    def _write(self, form: str, unit: str, answers: dict[str, object]) -> None:
        if self.day > LAST_DAY:
            return
        pack = self.kind.partition(".")[0]
        line: Line = {
            "id": self._id(len(self.lines)),
            "form": f"{pack}.{form}",
            "unit": unit,
            "date": self.day.isoformat(),
            "time": f"{9 + len(self.lines) // 2:02d}:{len(self.lines) % 2 * 3}0",
            "by": doer(unit),
            "answers": answers,
        }
        if self.lines:
            line["case"] = self.lines[0]["id"]
        self.lines.append(line)

    def _id(self, place: int) -> str:
        return str(uuid.uuid5(_NAMESPACE, f"{self.kind}/{self.who.code}/{self.name}/{place}"))


def doer(unit: str) -> str:
    """Name the account that acts for a unit or a body."""
    if "-" in unit:
        return clerk(unit)
    if unit == DISTRICT:
        return "officer"
    return reviewer(unit) if unit.endswith("000") else recorder(unit)
