"""What the start page says: what is due, what waits, what to record, what was counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db.models import Count

from taizhang.core.book import Book
from taizhang.core.calendar import Day, days_in
from taizhang.core.form import Form
from taizhang.core.pack.model import Pack
from taizhang.core.period import Month, Period, year_of
from taizhang.core.progress import State, TaskProgress, plan_of, progress
from taizhang.core.unit import Tree, Unit
from taizhang.web.accounts.access import reach
from taizhang.web.accounts.models import Grant, User
from taizhang.web.desk.due import AHEAD
from taizhang.web.ledger.access import credited_for, records_for
from taizhang.web.ledger.closings import is_due
from taizhang.web.ledger.models import Fact, Record, Review
from taizhang.web.ledger.reviewing import OPEN, Waiting, reviews_latest
from taizhang.web.ledger.words import month_words, number_words
from taizhang.web.programmes.admission import voluntary_tasks
from taizhang.web.programmes.queries import programmes_on

#: The start page looks so many days back for what is not done yet.
BACK = timedelta(days=31)
#: A theme week is a day to act on, a theme season is not.
LONGEST = timedelta(days=10)
SHOWN = 6


def grants_of(user: User) -> tuple[tuple[str, str], ...]:
    """Give a person's roles and the units they hold them for, which decide what is offered."""
    return tuple(Grant.objects.filter(user=user).order_by("pk").values_list("role", "unit"))


def units_of(user: User, tree: Tree) -> tuple[Unit, ...]:
    """Give the units for which a person holds roles of work, in code order."""
    held = sorted(reach(user, "record.read"))
    return tuple(unit for unit in map(tree.unit, held) if unit is not None)


def kept_packs(book: Book, unit: Unit) -> tuple[Pack, ...]:
    """Give the packs that a unit or one below it keeps."""
    tree = book.history.tree(book.today)
    kinds = {one.kind for one in tree.below(unit.code)}
    return tuple(pack for pack in book.programmes.packs if kinds & set(pack.unit_kinds))


def near_days(packs: Iterable[Pack], today: date) -> list[Day]:
    """Give the theme days that are on or come soon, each once though several packs name it."""
    ahead = Period(Month(today.year, today.month), Month(today.year, today.month).plus(1))
    rules = [rule for pack in packs for rule in pack.calendar]
    found = [
        day
        for day in days_in(rules, ahead)
        if day.end >= today and day.start <= today + AHEAD and day.end - day.start <= LONGEST
    ]
    return list({(day.start, day.label): day for day in found}.values())


@dataclass(frozen=True, slots=True)
class Late:
    """A task of a plan, with its pack, that is behind or falls due."""

    pack: Pack
    task: TaskProgress
    day: date | None = None  # by which a dated task is due

    @property
    def share(self) -> int:
        """Give what was done of the quota, as whole percent up to 100."""
        return done_share(self.task)


def done_share(task: TaskProgress) -> int:
    """Give what was done of a quota, as whole percent from 0 to 100."""
    value = task.figure.value if task.figure is not None else None
    if value is None or not task.quota:
        return 0
    return max(0, min(100, int(Fraction(value) * 100 / task.quota)))


@dataclass(frozen=True, slots=True)
class Plans:
    """Tasks that need somebody: behind their schedule, or dated and near."""

    behind: tuple[Late, ...]
    near: tuple[Late, ...]


def plans_due(book: Book, unit: Unit) -> Plans:
    """Read the plans of the year for a unit: what is behind, what is due by a day.

    A task that only a survey fills which may be refused is never behind.
    """
    period = year_of(book.today.year)
    voluntary = voluntary_tasks(book.programmes, book.today)
    behind: list[Late] = []
    near: list[Late] = []
    packs = {pack.key for pack in kept_packs(book, unit)}
    for pack in plan_of(book.programmes, None):
        if pack.key not in packs:
            continue
        for task in progress(book, pack, unit.code, period):
            if (pack.key, task.task.key) in voluntary:
                continue
            if task.state is State.BEHIND:
                behind.append(Late(pack, task))
            elif task.quota is None and task.figure is None:
                days = [end for _, end in task.dates]
                near += [
                    Late(pack, task, day)
                    for day in days
                    if book.today - BACK <= day <= book.today + AHEAD
                ]
    behind.sort(key=lambda one: one.share)
    near.sort(key=lambda one: one.day or date.max)
    return Plans(tuple(behind), tuple(near))


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A month that is over and not closed: of one unit, or of how many of those below."""

    month: Month
    packs: tuple[Pack, ...]  # open ones, of the unit itself
    units: tuple[Unit, ...]  # those with an open pack, in the order of their codes

    @property
    def words(self) -> str:
        """Write the month."""
        return month_words(self.month)


def months_open(book: Book, unit: Unit) -> tuple[OpenMonth, ...]:
    """Give the months of this year, and last December, that units have still to close.

    Months before the ledger, or the pack, began are asked of nobody.
    """
    months = months_over(book.today)
    keeping: dict[Month, list[tuple[Pack, list[str]]]] = {}
    codes: dict[str, set[str]] = defaultdict(set)  # of each pack, in any of the months
    for month in months:
        tree = book.history.tree(month.end)
        keeping[month] = [
            (pack, [one.code for one in tree.members(unit.code, pack.unit_kinds)])
            for pack in programmes_on(month.end).packs
            if is_due(pack.key, month, book.due_from)
        ]
        for pack, members in keeping[month]:
            codes[pack.key].update(members)
    span = Period(months[-1], months[0])
    closed = {
        key: book.closings.closed(key, sorted(units), span, book.today)
        for key, units in codes.items()
    }
    found = []
    for month, packs in keeping.items():
        missing: dict[str, list[Pack]] = defaultdict(list)
        for pack, members in packs:
            for code in members:
                if month.number not in closed[pack.key].get(code, ()):
                    missing[code].append(pack)
        if missing:
            known = book.history.tree(month.end).units
            units = tuple(known[code] for code in sorted(missing))
            found.append(OpenMonth(month, tuple(missing.get(unit.code, ())), units))
    return tuple(found)


def months_over(today: date) -> tuple[Month, ...]:
    """Give last December and the months of this year that are over, the latest first."""
    months = [Month(today.year - 1, 12), *year_of(today.year).months()]
    return tuple(month for month in reversed(months) if month.end < today)


def forms_often(book: Book, unit: Unit, most: int) -> tuple[Form, ...]:
    """Give the forms that a unit recorded most in the last year, else the first of its packs."""
    tree = book.history.tree(book.today)
    codes = [unit.code, *tree.homes(unit.code)]
    since = book.today - timedelta(days=366)
    counted = (
        Record.objects.filter(unit__in=codes, date__gte=since, retired_at=None)
        .values_list("form")
        .annotate(number=Count("pk"))
        .order_by("-number", "form")
    )
    forms = book.programmes.forms
    found = [forms[key] for key, _ in counted if key in forms]
    offered = (form for pack in kept_packs(book, unit) for form in pack.forms.values())
    found += [form for form in offered if form not in found]
    return tuple(found[:most])


@dataclass(frozen=True, slots=True)
class Counted:
    """What one's own records of a month came to, in one measure."""

    label: str
    value: str
    key: str


def counted_mine(book: Book, user: User) -> tuple[int, tuple[Counted, ...]]:
    """Give how many records of this month a person made that stand, and what they counted for.

    Only exactly known values are added; the page leads to the records themselves.
    """
    month = Month(book.today.year, book.today.month)
    mine = Record.objects.filter(
        accepted_by=user,
        date__gte=month.start,
        date__lte=month.end,
        retired_at=None,
        withdraws=None,
    )
    rows = Fact.objects.filter(record__in=mine, retired_at=None).values_list(
        "record_id", "ordinal", "measure", "low"
    )
    sums: Counter[str] = Counter()
    for _, _, measure, low in {row[:2]: row for row in rows}.values():
        sums[measure] += low or 0
    measures = book.programmes.measures
    found = [
        Counted(
            measures[key].label, f"{number_words(Fraction(low, 10_000))} {measures[key].unit}", key
        )
        for key, low in sums.most_common()
        if key in measures and low
    ]
    return mine.count(), tuple(found)


def credited_count(user: User, now: datetime) -> int:
    """Count the records of the last month by which other units credit those of the user."""
    found = credited_for(user, now).filter(retired_at=None, accepted_at__gte=now - BACK)
    return found.count()


def waiting_for(user: User, now: datetime, reviewer: bool) -> tuple[Sequence[Waiting], int]:
    """Give what waits: for a reviewer the answers that came, for a unit the open questions."""
    kinds = (Review.Kind.ANSWERED,) if reviewer else OPEN
    return reviews_latest(user, now, kinds, SHOWN)


def recent_months(today: date) -> Period:
    """Give this month and the one before: whole months, which the list of records can show."""
    return Period(Month.of(today).plus(-1), Month.of(today))


def unreviewed_count(user: User, now: datetime, within: Period) -> int:
    """Count the records of some months that nobody has looked at."""
    found = records_for(user, now).filter(
        date__gte=within.start, date__lte=within.end, retired_at=None, withdraws=None
    )
    return found.filter(reviews=None).count()
