"""The messages about asking for a plan."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class PlanCode(Code):
    """Why a plan cannot be given at all."""

    SCORE_005 = (
        gettext_noop("No installed pack '%(name)s' has a plan."),
        gettext_noop("Use one of: %(known)s."),
    )
