"""Patterns of ``regex()``: which are taken (alike on every phone, fixed at both ends); RE2.

Phones (Java) and pages (JavaScript) try a pattern by going back, which can take for ever: patterns
that make them do so are refused.  Here RE2 runs them, whose time grows with the text alone, so that
a pattern that gets by the refusal still cannot hold the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import re2

from taizhang.core.base.issue import Marked, gettext_noop

NOT_QUOTED = Marked(gettext_noop("it is not a quoted text"))
NOT_ANCHORED = Marked(gettext_noop("it is not anchored"))
TOO_SLOW = Marked(gettext_noop("it could take very long"))
NO_PATTERN = Marked(gettext_noop("it is no regular expression"))
LOOKS_AROUND = Marked(gettext_noop("it looks around or refers back to a group"))
PHONES_DIFFER = Marked(gettext_noop("not every phone reads it alike"))

#: Longest pattern, longest text it is compared with, and steps of the compiled pattern.
LONGEST, LONGEST_TEXT, LARGEST = 200, 1_000, 4_000
#: Repeats without an upper bound, and repeats of any kind, that one pattern may have.
MOST_ENDLESS, MOST_REPEATS = 3, 12
DEEPEST = 10
#: Memory of one compiled pattern, in bytes.
MEMORY = 1 << 20

_BOUNDS = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")
_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[dDwWsSnrtf]|[^A-Za-z0-9])", re.DOTALL)
_CLASS = re.compile(r"\[\^?\]?(\\.|[^\]\\])*\]", re.DOTALL)


class Unfit(ValueError):
    """Raised with the reason why a pattern is refused."""


def fault(pattern: str | None) -> str:
    """Say why a ``regex()`` pattern is refused, ``""`` when it is not."""
    if pattern is None:
        return NOT_QUOTED
    if not (pattern.startswith("^") and pattern.endswith("$")):
        return NOT_ANCHORED
    try:
        if len(pattern) > LONGEST:
            raise Unfit(TOO_SLOW)
        _Scan(pattern).whole()
        if _compiled(pattern).programsize > LARGEST:
            raise Unfit(TOO_SLOW)
    except Unfit as unfit:
        return Marked(unfit.args[0])
    except re2.error:
        return NO_PATTERN
    return ""


def steps(pattern: str) -> int:
    """Give the size of a compiled pattern, by which the work of comparing with it grows."""
    return int(_compiled(pattern).programsize)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Give a function that says whether a whole text of at most 1,000 characters matches."""
    compiled = _compiled(pattern)

    def matches(text: str) -> bool:
        try:
            return len(text) <= LONGEST_TEXT and compiled.fullmatch(text) is not None
        except UnicodeEncodeError:  # half a character, which no pattern can mean
            return False

    return matches


def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False  # it would write to standard error
    options.max_mem = MEMORY
    return re2.compile(_CODE.sub(r"\\x{\1}", pattern), options)


class _Scan:
    """One walk over a pattern that refuses what could explode or is read in two ways."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.endless = 0
        self.repeats = 0

    def whole(self) -> None:
        """Walk the pattern.

        :raises Unfit: with the reason why it is refused
        """
        _, last = self._group(0, top=True)
        if self.at < len(self.pattern):
            raise Unfit(NO_PATTERN)  # a bracket too many
        if last != "$":
            raise Unfit(NOT_ANCHORED)  # an escaped dollar is a sign of the text
        if self.endless > MOST_ENDLESS or self.repeats > MOST_REPEATS:
            raise Unfit(TOO_SLOW)

    def _group(self, depth: int, *, top: bool) -> tuple[bool, str]:
        """Give whether a group can match in several ways, and what stood last in it."""
        if depth > DEEPEST:
            raise Unfit(TOO_SLOW)
        varies, last, firsts = False, "", [""]
        while self.at < len(self.pattern) and self.pattern[self.at] != ")":
            last = self.pattern[self.at]
            if last == "|":
                if top:
                    raise Unfit(NOT_ANCHORED)  # ^a|b$ anchors each choice on one side only
                firsts.append("")
                self.at += 1
                continue
            last, inner = self._atom(depth)
            varies |= self._repeated(last, inner)
            firsts[-1] = firsts[-1] or last
        alike = len(firsts) > 1 and (
            len(set(firsts)) < len(firsts) or not all(map(_is_plain, firsts))
        )
        return varies or alike, last

    def _atom(self, depth: int) -> tuple[str, bool]:
        """Take one sign, class or group; give it, and whether it can match in several ways."""
        sign = self.pattern[self.at]
        if sign == "(":
            return "(", self._bracketed(depth)
        if sign in "*+?{":
            raise Unfit(NO_PATTERN)  # nothing that it could repeat
        reader = {"[": _CLASS, "\\": _ESCAPE}.get(sign)
        if reader is None:
            self.at += 1
            return sign, False
        part = reader.match(self.pattern, self.at)
        if part is None:
            after = self.pattern[self.at + 1 : self.at + 2]
            if sign == "[":
                raise Unfit(NO_PATTERN)
            raise Unfit(LOOKS_AROUND if after.isdigit() or after == "k" else PHONES_DIFFER)
        self.at = part.end()
        if sign == "[":
            _check_class(part[0])
        return part[0], False

    def _bracketed(self, depth: int) -> bool:
        if self.pattern.startswith("(?", self.at):
            if not self.pattern.startswith("(?:", self.at):
                looks = re.match(r"\(\?<?[=!]", self.pattern[self.at :])
                raise Unfit(LOOKS_AROUND if looks else PHONES_DIFFER)
            self.at += 2
        self.at += 1
        varies, _ = self._group(depth + 1, top=False)
        if self.at >= len(self.pattern):
            raise Unfit(NO_PATTERN)
        self.at += 1
        return varies

    def _repeated(self, atom: str, inner: bool) -> bool:
        """Take the repeat behind an atom; give whether the whole can match in several ways."""
        sign = self.pattern[self.at : self.at + 1]
        if not sign or sign not in "*+?{":
            return inner
        low, high = self._bounds(sign)
        if self.pattern[self.at : self.at + 1] == "?":  # as few as possible: the same whole texts
            self.at += 1
        if self.pattern[self.at : self.at + 1] in tuple("*+?{"):
            raise Unfit(PHONES_DIFFER)
        if atom in ("^", "$"):
            raise Unfit(NO_PATTERN)
        if atom == "(" and inner and high != 1:
            raise Unfit(TOO_SLOW)
        self.repeats += low != high
        self.endless += high is None
        return inner or low != high

    def _bounds(self, sign: str) -> tuple[int, int | None]:
        if sign != "{":
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        match = _BOUNDS.match(self.pattern, self.at)
        if match is None:
            raise Unfit(NO_PATTERN)
        self.at = match.end()
        low = int(match[1])
        if not match[2]:
            return low, low
        return low, int(match[3]) if match[3] else None


def _is_plain(first: str) -> bool:
    """Say whether a choice begins with one certain character."""
    return len(first) == 1 and first not in "(.^$"


def _check_class(text: str) -> None:
    inside = text[1:-1].removeprefix("^")
    bare = re.sub(r"\\.", "", inside, flags=re.DOTALL)
    if "[" in bare or "&&" in bare or bare.startswith("]"):
        raise Unfit(PHONES_DIFFER)
    for escape in re.finditer(r"\\.", inside, flags=re.DOTALL):
        if _ESCAPE.match(inside, escape.start()) is None:
            raise Unfit(PHONES_DIFFER)
