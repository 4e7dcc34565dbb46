"""A year's notice of holidays as a person writes it down, judged as a whole before it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from taizhang.core.base.issue import Code, Issue, Level, Refused, gettext_noop
from taizhang.core.base.literal import day_read
from taizhang.core.case.working_day import YearEdition, legal_edition

#: A notice names some thirty free days; a range longer than this is a slip.
LONGEST = 31
_RANGE = re.compile(r"\.\.|至|~|～")
_BETWEEN = re.compile(r"[\s,，、;；]+")


class HolidayCode(Code):
    """Why a notice of holidays was not taken in."""

    HOLIDAY_001 = (
        gettext_noop("'%(text)s' is no day and no range of days."),
        gettext_noop("Write days as 2027-02-05 or 2027-02-05..2027-02-11, one a line."),
    )
    HOLIDAY_002 = (
        gettext_noop("%(day)s does not lie in the year %(year)s of the notice."),
        gettext_noop("Write each year's days into the notice of that year."),
    )
    HOLIDAY_003 = (
        gettext_noop("%(day)s is both free and worked."),
        gettext_noop("Take it out of one of the two lists."),
    )
    HOLIDAY_004 = (
        gettext_noop("%(day)s is a working day anyway: only days of a weekend are made up."),
        gettext_noop("Compare it with the notice; it is often the date that slipped by one."),
    )
    HOLIDAY_005 = (
        gettext_noop("The notice leaves out %(days)s, which the law makes free."),
        gettext_noop("Write down all free days of the year, the legal holidays among them."),
    )
    HOLIDAY_006 = (
        gettext_noop("A notice of %(year)s cannot be known from %(day)s."),
        gettext_noop(
            "Give the day on which it was published: not after today, and not before the year "
            "that precedes it."
        ),
    )
    HOLIDAY_007 = (
        gettext_noop("A notice of %(year)s known from %(day)s is already written down."),
        gettext_noop("Give the day on which the new notice was published."),
    )
    HOLIDAY_008 = (
        gettext_noop("The notice has no name or number."),
        gettext_noop("Write what it is called and its number, so that others can find it."),
    )


def days_written(text: str, issues: list[Issue]) -> frozenset[date]:
    """Read days and ranges of days, one a line or parted by commas; what is none is told."""
    days: set[date] = set()
    for word in filter(None, _BETWEEN.split(text.strip())):
        ends = [day_read(part) for part in _RANGE.split(word)]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or first is None or last is None or not 0 <= (last - first).days < LONGEST:
            issues.append(Issue(HolidayCode.HOLIDAY_001, facts={"text": word[:40]}))
            continue
        days.update(first + timedelta(days=place) for place in range((last - first).days + 1))
    return frozenset(days)


def notice_read(
    *, year: int, known_from: date, rest: str, work: str, document: str, verified: bool, today: date
) -> YearEdition:
    """Read a notice as a person typed it.

    :param rest: free days, as :func:`days_written` reads them; weekends among them do no harm
    :param work: days of a weekend that are worked instead
    :raises Refused: HOLIDAY_001 to 004, 006 and 008, all that is wrong at once
    """
    issues: list[Issue] = []
    edition = YearEdition(
        year=year,
        known_from=known_from,
        rest=days_written(rest, issues),
        work=days_written(work, issues),
        document=document.strip(),
        verified=verified,
    )
    issues += _wrong(edition, today)
    if issues:
        raise Refused(issues)
    return edition


def _wrong(edition: YearEdition, today: date) -> Iterator[Issue]:
    year = edition.year
    for day in sorted(edition.rest | edition.work):
        if day.year != year:
            yield _issue(HolidayCode.HOLIDAY_002, day=day, year=year)
    for day in sorted(edition.rest & edition.work):
        yield _issue(HolidayCode.HOLIDAY_003, day=day)
    for day in sorted(edition.work - edition.rest):
        if day.weekday() < 5:
            yield _issue(HolidayCode.HOLIDAY_004, day=day)
    if not date(max(year - 1, 1), 1, 1) <= edition.known_from <= today:
        yield _issue(HolidayCode.HOLIDAY_006, year=year, day=edition.known_from)
    if not edition.document:
        yield Issue(HolidayCode.HOLIDAY_008)


def notice_doubts(edition: YearEdition) -> list[Issue]:
    """Give what a person should look at again, and may confirm: a legal holiday left out."""
    law = legal_edition(edition.year).rest
    left = sorted(day for day in law - edition.rest - edition.work if day.weekday() < 5)
    if not left:
        return []
    facts = {"days": "、".join(map(str, left))}
    return [Issue(HolidayCode.HOLIDAY_005, facts=facts, level=Level.WARNING)]


def _issue(code: HolidayCode, **facts: object) -> Issue:
    return Issue(code, facts={name: str(value) for name, value in facts.items()})
