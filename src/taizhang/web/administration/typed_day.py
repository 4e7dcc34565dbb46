"""A day as somebody typed it into a page of the host."""

from __future__ import annotations

from datetime import date

from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import PeriodError, parse_day
from taizhang.web.administration.code import HostCode


def day_typed(text: str) -> date:
    """Read a day.

    :raises Refused: PERIOD_001, HOST_008
    """
    try:
        return parse_day(text)
    except PeriodError as error:
        raise error.refused from error
    except ValueError as error:
        raise Refused([Issue(HostCode.HOST_008, facts={"text": text})]) from error
