"""Days and periods given as options: wrong ones are wrong usage."""

from __future__ import annotations

import argparse
from datetime import date

from taizhang.cli.language import _
from taizhang.core.base.period import Period, PeriodError, parse_day, parse_period


def day(value: str) -> date:
    """Read a day, for ``type=``.

    :raises Refused: PERIOD_001
    """
    try:
        return parse_day(value)
    except PeriodError as error:
        raise error.refused from error
    except ValueError as error:
        message = _("'%(value)s' is not a day like 2026-03-01") % {"value": value}
        raise argparse.ArgumentTypeError(message) from error


def period(value: str) -> Period:
    """Read a period, for ``type=``.

    :raises Refused: PERIOD_001, PERIOD_002
    """
    try:
        return parse_period(value)
    except PeriodError as error:
        raise error.refused from error
    except ValueError as error:
        message = _("'%(value)s' is not a period like 2026, 2026H1, 2026Q3 or 2026-05")
        raise argparse.ArgumentTypeError(message % {"value": value}) from error
