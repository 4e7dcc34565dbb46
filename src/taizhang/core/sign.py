"""Signs that a name cannot hold: nobody sees them, and papers, tables and stores trip over them."""

from __future__ import annotations

import unicodedata

#: Controls and line breaks, marks of no width and of writing direction, halves of signs, line and
#: paragraph ends.  Signs for private use stay: GB 18030 writes rare characters of names with them.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


#: What parts words: a space takes its place.
_BREAKS = frozenset("\t\n\r\x85\u2028\u2029")


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
