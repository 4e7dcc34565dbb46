"""Numbers and days as a person types them.

Numbers are plain digits of ASCII and nothing that Python adds: it also reads ``1_000``, digits of
other scripts, ``1e2``, ``+5``, ``20260501`` and ``2026-W18-5``, and nobody who types one of these
means what it would give.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

#: Digits before the point at most: a text that is longer is no number of people or money.
MOST_DIGITS = 18
_WHOLE = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}")
_NUMBER = re.compile(
    rf"-?(?:[0-9]{{1,{MOST_DIGITS}}}(?:\.[0-9]{{0,{MOST_DIGITS}}})?|\.[0-9]{{1,{MOST_DIGITS}}})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def whole_read(text: str) -> int | None:
    """Read a whole number such as ``-12``; ``None`` where the text is none."""
    return int(text) if _WHOLE.fullmatch(text) else None


def number_read(text: str) -> Decimal | None:
    """Read a number such as ``12.5``; ``None`` where the text is none."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def day_read(text: str) -> date | None:
    """Read a day such as ``2026-05-01``; ``None`` where the text is none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def whole_of(text: str) -> int:
    """Read a whole number.

    :raises ValueError: when the text is none
    """
    if (number := whole_read(text)) is None:
        raise ValueError(f"{text!r} is no whole number")
    return number


def day_of(text: str) -> date:
    """Read a day.

    :raises ValueError: when the text is none
    """
    if (day := day_read(text)) is None:
        raise ValueError(f"{text!r} is no day")
    return day
