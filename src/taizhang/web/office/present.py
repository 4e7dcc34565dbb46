"""What the pages of documents show: templates, drafts, units and periods to choose, blanks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext

from taizhang.core.base.figure import Figure
from taizhang.core.base.period import Period, around, is_month, periods_of
from taizhang.core.definition.pack import DocumentTemplate, Pack
from taizhang.core.unit.tree import Tree, Unit
from taizhang.documents.template.head import title_bare
from taizhang.web.accounts.access import may, tops_reached
from taizhang.web.accounts.models import User
from taizhang.web.office.access import drafts_for
from taizhang.web.office.actions import mark
from taizhang.web.office.blanks import BlankPlace
from taizhang.web.office.models import Draft
from taizhang.web.programmes.queries import programmes_on
from taizhang.web.units.queries import history

#: A page lists so many drafts at most.
DRAFTS = 50


@dataclass(frozen=True, kw_only=True)
class TemplateRow:
    """A template with the period that it would be written for."""

    key: str
    title: str
    kind: str
    period: Period


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """A draft in the list."""

    draft: Draft
    period: Period
    unit_name: str
    versions: int


def templates_shown(day: date, period: Period) -> list[tuple[Pack, list[TemplateRow]]]:
    """Give the templates of the packs in force on ``day``, each for the period around the asked."""
    offered = []
    for pack in programmes_on(day).packs:
        rows = [_template(template, period) for template in pack.documents.values()]
        if rows:
            offered.append((pack, rows))
    return offered


def _template(template: DocumentTemplate, period: Period) -> TemplateRow:
    return TemplateRow(
        key=template.key,
        title=title_bare(template),
        kind=template.kind,
        period=around(period, template.period),
    )


def drafts_shown(user: User, unit: str, now: datetime) -> list[DraftRow]:
    """Give the last drafts of a unit and of those below it that the reader may see."""
    tree = history().tree(timezone.localdate(now))
    codes = [unit, *(below.code for below in tree.below(unit))]
    rows = drafts_for(user, now).filter(unit__in=codes).prefetch_related("versions")
    return [
        DraftRow(
            draft=row,
            period=row.period,
            unit_name=name_of(tree, row.unit),
            versions=len(row.versions.all()),
        )
        for row in rows.select_related("drafted_by")[:DRAFTS]
    ]


def name_of(tree: Tree, code: str) -> str:
    """Give a unit's name on the tree's day, its code where it does not exist then."""
    unit = tree.unit(code)
    return unit.name if unit else code


def units_offered(user: User, action: str, today: date) -> list[tuple[Unit, int]]:
    """Give the units for which the reader may do something, with their depth, in tree order."""
    tree = history().tree(today)
    units: dict[str, tuple[Unit, int]] = {}
    for top in tops_reached(user, action, tree):
        for unit, depth in _walk(tree, top, 0):
            units.setdefault(unit.code, (unit, depth))
    return list(units.values())


def _walk(tree: Tree, unit: Unit, depth: int) -> Iterator[tuple[Unit, int]]:
    yield unit, depth
    for child in tree.children(unit.code):
        yield from _walk(tree, child, depth + 1)


def periods_offered(today: date) -> list[str]:
    """Give periods of this and the last two years: years, halves, quarters, months."""
    years = range(today.year, today.year - 3, -1)
    periods = [period for year in years for period in periods_of(year)]
    return [str(period) for period in periods if period.start <= today]


def may_draft(user: User, unit: str) -> bool:
    """Say whether the reader may draft documents of a unit."""
    return may(user, "document.draft", unit)


def figure_address(figure: Figure) -> str:
    """Give the address of the page that explains a figure of a document, as of its own day."""
    query = {
        "unit": figure.unit_code,
        "key": figure.key,
        # A monthly figure is that month's; a value of a dimension is explained by the whole.
        "period": figure.bucket if is_month(figure.bucket) else figure.period,
        "as_of": figure.as_of.isoformat(),
    }
    return f"{reverse('figures:figure')}?{urlencode(query)}"


def link(figure: Figure) -> str | None:
    """Give the address that explains a figure; points of a score are explained in the annex."""
    return None if figure.unit == "分" else figure_address(figure)


def field(place: BlankPlace, typed: str, held: str) -> str:
    """Write the field of a blank, with the mark of what is stored in it."""
    label = gettext("To be written: %(prompt)s") % {"prompt": place.prompt}
    if place.short:
        return format_html(
            '<input class="blank" name="b-{}" value="{}" aria-label="{}" placeholder="{}" '
            'maxlength="300" autocomplete="off"><input type="hidden" name="w-{}" value="{}">',
            place.key,
            typed,
            label,
            place.prompt,
            place.key,
            mark(held),
        )
    return format_html(
        '<textarea class="blank" name="b-{}" aria-label="{}" placeholder="{}" maxlength="3000" '
        'rows="3">{}</textarea><input type="hidden" name="w-{}" value="{}">',
        place.key,
        label,
        place.prompt,
        typed,
        place.key,
        mark(held),
    )
