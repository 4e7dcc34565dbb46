"""What the start page says: what is due, what waits, what to record, what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.db.models import Count

from taizhang.core.base.period import Month, Period
from taizhang.core.book import Book
from taizhang.core.definition.calendar import Day, days_in
from taizhang.core.definition.pack import Pack
from taizhang.core.form import Form
from taizhang.core.unit.body import Body
from taizhang.core.unit.tree import Tree, Unit
from taizhang.web.accounts.access import reach
from taizhang.web.accounts.models import Grant, User
from taizhang.web.base.wording import number_words
from taizhang.web.ledger.access import credited_for, records_for
from taizhang.web.ledger.models import Fact, Record, Review
from taizhang.web.ledger.phone.form_payload import forms_offered
from taizhang.web.ledger.phone.prefill import often
from taizhang.web.ledger.record.review import OPEN, OpenReview, reviews_latest
from taizhang.web.plans.schedule import AHEAD, BACK, kept_packs
from taizhang.web.units.queries import bodies

#: A theme week is a day to act on, a theme season is not.
LONGEST = timedelta(days=10)
SHOWN = 6


def grants_of(user: User) -> tuple[tuple[str, str], ...]:
    """Give a person's roles and the units they hold them for, which decide what is offered."""
    return tuple(Grant.objects.filter(user=user).order_by("pk").values_list("role", "unit"))


def units_of(user: User, tree: Tree) -> tuple[Unit | Body, ...]:
    """Give the units and bodies for which a person holds roles of work, in code order."""
    held, beside = sorted(reach(user, "record.read")), bodies()
    rows = (tree.unit(code) or beside.body_on(code, tree.day) for code in held)
    return tuple(row for row in rows if row is not None)


def near_days(packs: Iterable[Pack], today: date) -> list[Day]:
    """Give the theme days that are on or come soon, each once though several packs name it."""
    ahead = Period(Month(today.year, today.month), Month(today.year, today.month).plus(1))
    rules = [rule for pack in packs for rule in pack.calendar]
    days = [
        day
        for day in days_in(rules, ahead)
        if day.end >= today and day.start <= today + AHEAD and day.end - day.start <= LONGEST
    ]
    return list({(day.start, day.label): day for day in days}.values())


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
    # Reached from a case alone, or replaced by cases.
    left_out = book.programmes.step_forms | book.programmes.ended_forms(book.today)
    forms = {key: form for key, form in book.programmes.forms.items() if key not in left_out}
    often = [forms[key] for key, _ in counted if key in forms]
    offered = (form for pack in kept_packs(book, unit) for form in pack.forms.values())
    often += [form for form in offered if form.key in forms and form not in often]
    return tuple(often[:most])


def forms_of_body(body: Body, today: date, most: int) -> tuple[Form, ...]:
    """Give the forms that a body may send, those it recorded most in the last year first."""
    if not body.may_record:
        return ()
    counted = often(body.code, today)
    forms = [offer.form for offer in forms_offered(body, today)]
    return tuple(sorted(forms, key=lambda form: -counted.get(form.key, 0))[:most])


@dataclass(frozen=True, slots=True)
class MeasureTotal:
    """What one's own records of a month came to, in one measure."""

    label: str
    value: str
    key: str


def counted_mine(book: Book, user: User) -> tuple[int, tuple[MeasureTotal, ...]]:
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
    counted_measures = [
        MeasureTotal(
            measures[key].label, f"{number_words(Fraction(low, 10_000))} {measures[key].unit}", key
        )
        for key, low in sums.most_common()
        if key in measures and low
    ]
    return mine.count(), tuple(counted_measures)


def credited_count(user: User, now: datetime) -> int:
    """Count the records of the last month by which other units credit those of the user."""
    records = credited_for(user, now).filter(retired_at=None, accepted_at__gte=now - BACK)
    return records.count()


def waiting_for(user: User, now: datetime, reviewer: bool) -> tuple[Sequence[OpenReview], int]:
    """Give what waits: for a reviewer the answers that came, for a unit the open questions."""
    kinds = (Review.Kind.ANSWERED,) if reviewer else OPEN
    return reviews_latest(user, now, kinds, SHOWN)


def recent_months(today: date) -> Period:
    """Give this month and the one before: whole months, which the list of records can show."""
    return Period(Month.of(today).plus(-1), Month.of(today))


def unreviewed_count(user: User, now: datetime, within: Period) -> int:
    """Count the records of some months that nobody has looked at."""
    records = records_for(user, now).filter(
        date__gte=within.start, date__lte=within.end, retired_at=None, withdraws=None
    )
    return records.filter(reviews=None).count()
