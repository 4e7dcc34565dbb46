"""Numbers that the software gives to cases and things, by patterns: ``WT-{year}-{serial:3}``."""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

_PART = re.compile(r"\{(year|serial)(?::([1-9]))?\}")
#: The id that a phone gives to what begins there: Crockford's base 32, meant for no reader.
_GIVEN = re.compile(r"N-[0-9A-HJKMNP-TV-Z]{10}")
_PLAIN = re.compile(r"[\w()（）〔〕-]*")


def is_given_id(text: str) -> bool:
    """Say whether an id was given by a phone, so that nobody knows it as a number."""
    return _GIVEN.fullmatch(text) is not None


class NumberPattern(NamedTuple):
    """A pattern of numbers; serials are counted by opening unit, and by year where it has one."""

    text: str

    @property
    def sound(self) -> bool:
        """Say whether it has exactly one serial and nothing but plain signs around."""
        names = [match[1] for match in _PART.finditer(self.text)]
        plain = _PLAIN.fullmatch(_PART.sub("", self.text)) is not None
        return plain and names.count("serial") == 1 and names.count("year") <= 1

    @property
    def by_year(self) -> bool:
        """Say whether serials begin anew with every year."""
        return "{year}" in self.text

    def counter(self, year: int) -> int:
        """Give the year whose counter a number is taken from, 0 where one counter serves all."""
        return year if self.by_year else 0

    def number(self, year: int, serial: int) -> str:
        """Give the number; a serial that outgrows its width is written whole."""

        def part(match: re.Match[str]) -> str:
            value = year if match[1] == "year" else serial
            return f"{value:0{int(match[2] or 1)}d}"

        return _PART.sub(part, self.text)

    def provisional(self, year: int, uid: str) -> str:
        """Give the number under which a case is known until the ledger has taken it in.

        A phone without connection works it out from the record's own id, so that it can be found
        under it for ever.
        """
        digest = hashlib.sha256(uid.encode()).hexdigest()[:6].upper()

        def part(match: re.Match[str]) -> str:
            return str(year) if match[1] == "year" else f"临{digest}"

        return _PART.sub(part, self.text)
