"""What a page about a unit is asked: by whom, of which unit and period, as of when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404
from django.utils.translation import get_language, gettext

from taizhang.core.base.period import Period, year_of
from taizhang.core.book import Book
from taizhang.core.unit.body import BODY_SIGN
from taizhang.core.unit.tree import Tree, Unit
from taizhang.web.accounts.access import all_within, reach, within
from taizhang.web.accounts.models import User
from taizhang.web.accounts.permission import Request, day_read, period_read, unit_asked
from taizhang.web.base.cache import AnswerCache
from taizhang.web.base.wording import period_words
from taizhang.web.figures import queries
from taizhang.web.ledger.open_book import open_book
from taizhang.web.units.queries import bodies


@dataclass(frozen=True, slots=True)
class RequestParams:
    """What one request asks."""

    user: User
    now: datetime
    book: Book
    period: Period
    tree: Tree
    keep: AnswerCache

    @property
    def plain(self) -> bool:
        """Say whether it is the ledger of now on its own tree, as most pages ask."""
        return self.book.as_of == self.book.today and self.book.tree is None

    def unit(self, code: str) -> Unit:
        """Give a unit of the tree.

        :raises Http404: if it does not exist on the tree's day
        """
        unit = self.tree.unit(code)
        if unit is None:
            message = gettext("There is no unit %(code)s on %(day)s.")
            raise Http404(message % {"code": code, "day": self.tree.day})
        return unit

    def about(self, code: str) -> RequestParams:
        """Give the params with the book that this person may see of a unit.

        Outside one's own units small numbers are kept back; on the tree of another day also of a
        unit whose parts have since moved to somebody else's.
        """
        units = [code]
        if self.tree.day != self.book.today:
            units += [part.code for part in self.tree.below(code)]
        inside = all_within(reach(self.user, "figure.read"), units, self.now)
        return self if inside else replace(self, book=replace(self.book, public=True))


def request_params(request: Request) -> RequestParams:
    """Read period, day of knowledge and tree of a request; this year, now and the period's end.

    :raises Http404: for what is no period or no day
    :raises Refused: PERIOD_001, PERIOD_002
    """
    book = open_book(
        as_of=day_read(request.GET.get("as_of")),
        tree=day_read(request.GET.get("tree")),
        language=get_language() or "zh-hans",
        now=request.now,
    )
    text = request.POST.get("period") or request.GET.get("period")
    period = period_read(text) if text else year_of(book.today.year)
    tree = queries.tree_of(book, period)
    keep = AnswerCache(book.today, book.as_of, book.tree)
    return RequestParams(request.user, request.now, book, period, tree, keep)


def unit_of(request: Request, params: RequestParams) -> Unit | None:
    """Give the unit a page is about; ``None`` where the instance has no unit yet.

    :raises Http404: if the unit does not exist on the tree's day
    """
    code = unit_asked(request)
    if BODY_SIGN in code:  # a body has no figures: those of the unit beside it are shown
        code = bodies().seat(code, params.book.today)
    return params.unit(code) if code else None


def unit_context(params: RequestParams, unit: Unit) -> dict[str, object]:
    """Give what every page about a unit shows around its content."""
    book = params.book
    above = queries.trail(params.tree, unit.code)
    inside = reach(params.user, "plan.read")
    return {
        "unit": unit,
        "trail": above,
        # Of a unit above one's own there are figures only, no plan and no burden.
        "open_above": [unit.code for unit in above if within(inside, unit.code, params.now)],
        "period": params.period,
        "period_words": period_words(params.period),
        "as_of": book.as_of,
        "tree": params.tree,
        "plain": params.plain,
    }
