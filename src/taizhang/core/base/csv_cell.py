"""Texts in cells of CSV files: none becomes a formula, and what was written is read back."""

from __future__ import annotations

from taizhang.core.base.invisible_sign import seen

#: A spreadsheet takes text that begins so for a formula; some read the wide signs alike.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARD = "'"


def guarded(text: str) -> str:
    """Write a text so that a spreadsheet shows it and does not reckon with it."""
    if text.startswith(FORMULA):
        text = _GUARD + text
    return seen(text)


def unguarded(text: str) -> str:
    """Read a text that :func:`guarded` wrote."""
    return text[1:] if text.startswith(_GUARD) and text[1:].startswith(FORMULA) else text
