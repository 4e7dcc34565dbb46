"""The messages about what a phone could never finish."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class FillableCode(Code):
    """Why a form that phones would show could not be filled in, sent and stored."""

    FILLABLE_001 = (
        gettext_noop("The question '%(name)s' (%(type)s) cannot be answered here: %(why)s."),
        gettext_noop("%(instead)s"),
    )
    FILLABLE_002 = (
        gettext_noop("The appearance '%(appearance)s' of '%(name)s' cannot work here: %(why)s."),
        gettext_noop("%(instead)s"),
    )
    FILLABLE_003 = (
        gettext_noop("'%(name)s' picks from '%(file)s', a list that no form keeps."),
        gettext_noop(
            "Name the dataset of a form's sheet entities and the ending .csv (known: %(known)s)."
        ),
    )
    FILLABLE_004 = (
        gettext_noop("The column '%(column)s' of the sheet choices names files."),
        gettext_noop("Take the column out: a pack brings no files to the phone."),
    )
    FILLABLE_005 = (
        gettext_noop("The form and what phones would fill in differ in: %(names)s."),
        gettext_noop(
            "Take out the type, appearance or parameter by which the converter adds or drops them."
        ),
    )
    FILLABLE_006 = (
        gettext_noop("The XLSForm converter says: %(why)s."),
        gettext_noop("A hint only: the form can be filled in as it is."),
    )
    FILLABLE_007 = (
        gettext_noop("'%(name)s' has '%(text)s', which the ledger cannot keep."),
        gettext_noop(
            "Give a plain number with at most four decimals (none for integer); a list from a file "
            "is picked by its column name."
        ),
    )
    FILLABLE_008 = (
        gettext_noop("The default '%(text)s' of '%(name)s' is no answer of a %(type)s."),
        gettext_noop(
            "Take the default out, or write it as the answer is kept: names of choices from the "
            "column name with a blank between them, 2026-05-06, 14:30, 2026-05-06T14:30, a number "
            "within the range, OK for acknowledge; a thing of a list is picked on the phone."
        ),
    )
    FILLABLE_009 = (
        gettext_noop("The note '%(name)s' is required, and a note takes no answer."),
        gettext_noop("Leave required blank, or ask a question of another type."),
    )
    FILLABLE_010 = (
        gettext_noop(
            "'%(name)s' is required, but nobody can type into it and nothing gives it an answer."
        ),
        gettext_noop(
            "Leave required or read_only blank, or give the answer by a default or a calculation."
        ),
    )
    FILLABLE_011 = (
        gettext_noop(
            "The range '%(name)s' holds no number: from %(start)s to %(end)s by %(step)s."
        ),
        gettext_noop(
            "Let start be the smaller number and step more than 0; blank ones are start=1 end=10 "
            "step=1."
        ),
    )
    FILLABLE_012 = (
        gettext_noop("The picture '%(name)s' has the %(column)s '%(text)s'."),
        gettext_noop("Take it out: a picture is taken on the phone and comes with its file."),
    )
