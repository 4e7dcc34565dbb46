"""Numbers, days and words as a person types them.

Numbers are plain digits of ASCII and nothing that Python adds:
it also reads ``1_000``, digits of other scripts, ``1e2``, ``+5``, ``20260501`` and ``2026-W18-5``,
and nobody who types one of these means what it would give.

Words are whatever can be seen.  Python's ``isprintable`` goes by its tables: it knows no character
newer than them and none of the private area, which names of people and places are written with.
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
    if (found := whole_read(text)) is None:
        raise ValueError(f"{text!r} is no whole number")
    return found


def day_of(text: str) -> date:
    """Read a day.

    :raises ValueError: when the text is none
    """
    if (found := day_read(text)) is None:
        raise ValueError(f"{text!r} is no day")
    return found


#: Breaks of lines and tabs, which a line has as one blank.
_BREAKS = re.compile(r"[^\S\n]*[\n\r\t\v\f\x85\u2028\u2029]+\s*")
#: What nobody sees: control characters, turns of direction, half characters, no characters at all.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def unseen(text: str) -> str:
    """Name the first character that nobody can see, as ``U+0007``; ``""`` where there is none."""
    found = _UNSEEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def line_of(text: str) -> str:
    """Give what somebody typed as one line: every break of lines is a blank."""
    return _BREAKS.sub(" ", text).strip()


def words_of(text: str) -> str:
    """Give what somebody typed in lines, without the characters that nobody can see."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
