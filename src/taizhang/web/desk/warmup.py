"""What a fresh server process reads before its first reader comes: packs, tree, the first plans."""

from __future__ import annotations

import threading
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from taizhang.web.base.cache import AnswerCache
from taizhang.web.base.moment import one_moment
from taizhang.web.ledger.open_book import open_book
from taizhang.web.plans.schedule import plans_due


def warm(now: datetime) -> None:
    """Compute what the start pages of the uppermost units need, as their readers would.

    Packs and formulas read for one unit serve all others.
    """
    with translation.override(settings.LANGUAGE_CODE), one_moment():
        book = open_book(language=settings.LANGUAGE_CODE, now=now)
        keep = AnswerCache(book.today)
        for unit in book.history.tree(book.today).tops:
            keep("plans", unit.code, book.language, compute=partial(plans_due, book, unit))


def warm_beside() -> None:
    """Warm up in a thread of its own: a page that is asked for at once is not kept waiting."""

    def work() -> None:
        try:
            warm(timezone.now())
        finally:
            connection.close()

    threading.Thread(target=work, name="warm", daemon=True).start()
