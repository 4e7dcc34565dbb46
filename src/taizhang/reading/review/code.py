"""What can be wrong with the decisions of a review."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class ReviewCode(Code):
    """Why a decision on a finding was not applied."""

    REVIEW_001 = (
        gettext_noop("No finding of the text is called %(id)s."),
        gettext_noop("Read the text again; it may have changed since the decision."),
    )
    REVIEW_002 = (
        gettext_noop("A finding of the kind %(kind)s has no field %(field)s."),
        gettext_noop("Correct only these: %(fields)s."),
    )
    REVIEW_003 = (
        gettext_noop("The field %(field)s cannot be '%(value)s'."),
        gettext_noop("Give %(wanted)s."),
    )
