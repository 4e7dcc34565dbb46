"""Signs that nobody sees: what a name cannot hold, and what a text that people write loses.

Papers, tables and stores trip over them.  Python's ``isprintable`` goes by its tables: it knows no
character newer than them and none of the private area, with which names of people and places are
written.
"""

from __future__ import annotations

import re
import unicodedata

#: Controls and line breaks, marks of no width and of writing direction, halves of signs, line and
#: paragraph ends.  Signs for private use stay: GB 18030 writes rare characters of names with them.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


#: What parts words: a space takes its place.
_BREAKS = frozenset("\t\n\r\x85\u2028\u2029")
_BREAK = re.compile(r"[^\S\n]*[\n\r\t\v\f\x85\u2028\u2029]+\s*")
#: What no text holds: control characters, turns of direction, half characters, no characters at
#: all.  Signs of no width stay in a text, where they join what is written and pictures of faces.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def unseen(text: str) -> tuple[str, ...]:
    """Give the signs of a text that nobody sees, each once, as code points (``U+200B``)."""
    return tuple(dict.fromkeys(f"U+{ord(sign):04X}" for sign in text if _is_unseen(sign)))


def seen(text: str) -> str:
    """Give a text without the signs that nobody sees; a line break or tab becomes a space."""
    if text.isprintable():
        return text
    return "".join(
        sign if not _is_unseen(sign) else " " if sign in _BREAKS else "" for sign in text
    )


def _is_unseen(sign: str) -> bool:
    # The last two code points of a plane are no characters, and XML refuses them.
    return unicodedata.category(sign) in _UNSEEN or ord(sign) & 0xFFFE == 0xFFFE


#: Signs that are written with other signs, or fill a place, and show nothing alone.
_SHOWS_NOTHING = re.compile(
    r"[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]*"
)


def is_blank(text: str) -> bool:
    """Say whether a text shows nothing at all."""
    return _SHOWS_NOTHING.fullmatch(text) is not None


def control(text: str) -> str:
    """Name the first sign that no text holds, as ``U+0007``; ``""`` where there is none."""
    match = _CONTROL.search(text)
    return f"U+{ord(match[0]):04X}" if match else ""


def line_of(text: str) -> str:
    """Give what somebody typed as one line, a break of lines as a blank; ``""`` if none is seen."""
    return "" if is_blank(text) else _BREAK.sub(" ", text).strip()


def words_of(text: str) -> str:
    """Give what somebody typed in lines, without the signs that no text holds."""
    words = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return "" if is_blank(words) else words
