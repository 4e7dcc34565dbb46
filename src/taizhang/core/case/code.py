"""The messages about sums of months from which on cases are recorded one by one."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class SumCode(Code):
    """What can be wrong with a sum whose place cases have taken."""

    SUM_001 = (
        gettext_noop(
            "From %(from)s the form “%(form)s” is filled in no more: “%(label)s” is recorded one "
            "by one."
        ),
        gettext_noop(
            "Record each with “%(opens)s”, on its own day; what belongs before that day is still "
            "taken and corrected."
        ),
    )
