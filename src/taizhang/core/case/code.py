"""The messages about sums of months from which on cases are recorded one by one."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class SumCode(Code):
    """What can be wrong with a sum whose place cases have taken."""

    SUM_001 = (
        gettext_noop(
            "From %(from)s the form “%(form)s” takes no more sums: each %(label)s is recorded when "
            "it comes up."
        ),
        gettext_noop(
            "Record each with “%(opens)s”, on its own day; sums of earlier months are still taken "
            "and corrected."
        ),
    )
