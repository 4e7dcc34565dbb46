"""The messages about installing packs, quotas and the legal marks of forms."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class ProgrammeCode(Code):
    """What can be wrong with installing a pack or handing down a quota."""

    PROGRAMME_001 = (
        gettext_noop("Version %(version)s of the pack %(pack)s is installed with other content."),
        gettext_noop("Give the changed pack a new version in pack.yaml; a version never changes."),
    )
    PROGRAMME_002 = (
        gettext_noop(
            "Version %(other)s of the pack %(pack)s is in force from the same day, %(day)s."
        ),
        gettext_noop("Name another day from which the new version is in force."),
    )
    PROGRAMME_003 = (
        gettext_noop("No installed pack has the measure or indicator '%(measure)s'."),
        gettext_noop("Write the measure as pack.measure, as in: health_education.lectures"),
    )
    PROGRAMME_004 = (
        gettext_noop("The quota %(amount)s is negative, too large or finer than 1/10,000."),
        gettext_noop("Give an amount from 0 to 100,000,000,000 with at most four decimals."),
    )
    PROGRAMME_005 = (
        gettext_noop(
            "'%(measure)s' is filled only by a survey that whoever is asked may refuse: its form "
            "%(form)s lacks its legal marks or is past its expiry."
        ),
        gettext_noop(
            "Nothing can be required of it. Have the survey approved, then write its marks down "
            "on the page of the forms."
        ),
    )
    PROGRAMME_006 = (
        gettext_noop("No installed pack has the form '%(form)s'."),
        gettext_noop("Choose one of the forms on the page of the forms."),
    )
    PROGRAMME_007 = (
        gettext_noop("'%(mark)s' has %(length)s characters; it may have %(most)s."),
        gettext_noop("Shorten it."),
    )
    PROGRAMME_008 = (
        gettext_noop("'%(text)s' is not a number."),
        gettext_noop("Write a number such as 12 or 12.5, or leave the field empty."),
    )
