"""The messages about things."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class ThingsCode(Code):
    """Why something about a thing was not taken in, or what became of things."""

    THINGS_001 = (
        gettext_noop(
            "'%(label)s' (%(name)s) names '%(found)s', and %(unit)s has no thing of that number."
        ),
        gettext_noop(
            "Numbers of '%(kinds)s' are given by the ledger: pick the thing from its list, or "
            "begin a new one there; in a file leave a name of its own, such as N-0000000001."
        ),
    )
    THINGS_002 = (
        gettext_noop("There is no thing '%(thing)s' that you may see."),
        gettext_noop("Look for it in the list of things by its name, place or number."),
    )
    THINGS_003 = (
        gettext_noop("'%(gone)s' cannot be the same thing as '%(kept)s': %(why)s."),
        gettext_noop("Choose another thing of the same list."),
    )
    THINGS_004 = (
        gettext_noop("Say why the two are one thing, or why they are not."),
        gettext_noop("A few words are enough; whoever looks at the thing later reads them."),
    )
    THINGS_005 = (
        gettext_noop("These two were not merged, or have been parted already."),
        gettext_noop("Look at the page of the thing, which tells what was merged into it."),
    )
    THINGS_006 = (
        gettext_noop("What is stored of %(things)s things is not what their records come to."),
        gettext_noop(
            "They are replaced now. If no units were changed for past days, look for who wrote "
            "into the database."
        ),
    )
    THINGS_007 = (
        gettext_noop("%(count)s things of %(former)s are with %(owner)s now."),
        gettext_noop("Tell the unit that it has them."),
    )
    THINGS_008 = (
        gettext_noop("No pack in force has a kind of thing '%(kind)s'."),
        gettext_noop("Use one of: %(known)s."),
    )
    THINGS_009 = (
        gettext_noop("There is no unit or body '%(unit)s' that you may see."),
        gettext_noop("Check the code; 'taizhang units list' names them."),
    )
