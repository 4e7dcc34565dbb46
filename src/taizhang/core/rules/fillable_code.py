"""The messages about what a phone could never finish."""

from __future__ import annotations

from taizhang.core.issue import Code, gettext_noop


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
