"""Ids of records: what a sender may choose, as it stands in logs, addresses and file names."""

from __future__ import annotations

import re

#: Characters of the id of a record at most.
MOST_ID = 100
_ID = re.compile(rf"[0-9A-Za-z][0-9A-Za-z._:/-]{{0,{MOST_ID - 1}}}")
#: Parts between slashes that a browser or a proxy folds away: none, ``.`` and ``..``.
_FOLDED = frozenset({"", ".", ".."})
#: A mobile telephone's number or an identity number, standing by itself.
_OF_A_PERSON = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d{9}|\d{17}[\dXx])(?![0-9A-Za-z])")


def id_usable(text: str) -> bool:
    """Say whether a text can be the id of a record, which its sender chooses.

    Ids stand in the log of every write, in addresses and in file names, and for ever: a UUID, with
    or without ``uuid:`` before it, or a number of one's own in plain letters, digits and the signs
    ``. _ : / -``.  Words of Chinese, blanks, telephone and identity numbers have no place in them,
    and between slashes stands something that an address keeps as it is (not ``a/../b``, ``a//b``).
    """
    if _ID.fullmatch(text) is None or _OF_A_PERSON.search(text) is not None:
        return False
    return _FOLDED.isdisjoint(text.split("/"))
