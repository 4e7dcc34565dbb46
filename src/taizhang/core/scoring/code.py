"""The messages about asking for a score."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class ScoreCode(Code):
    """Why a score cannot be given at all."""

    SCORE_001 = (
        gettext_noop("No installed pack has a rubric '%(name)s'."),
        gettext_noop("Use one of: %(known)s."),
    )
    SCORE_003 = (
        gettext_noop("The rubric %(rubric)s scores %(kinds)s; %(unit)s %(name)s is a %(kind)s."),
        gettext_noop("Ask for one of these units, or with --all for all of them below %(unit)s."),
    )
    SCORE_004 = (
        gettext_noop("Below %(unit)s %(name)s there is no unit that the rubric %(rubric)s scores."),
        gettext_noop("The rubric scores %(kinds)s; ask for a unit that has such units below it."),
    )
