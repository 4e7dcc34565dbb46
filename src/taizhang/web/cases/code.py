"""The messages about cases and their steps."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class StepCode(Code):
    """Why a step of a case was not taken in, or what became of cases."""

    STEP_001 = (
        gettext_noop("There is no case '%(case)s' that you may see."),
        gettext_noop(
            "Open the case from the list of cases and send the step from its page; a number typed "
            "by hand names no case, its id does."
        ),
    )
    STEP_002 = (
        gettext_noop("The case '%(number)s' (%(label)s) knows no step '%(step)s'."),
        gettext_noop("Name one of: %(known)s."),
    )
    STEP_003 = (
        gettext_noop("The step '%(step)s' is recorded with the form '%(wanted)s', not '%(form)s'."),
        gettext_noop("Send it from the page of the case, which offers the right form."),
    )
    STEP_004 = (
        gettext_noop("The form '%(form)s' records a step of a case, and the record names no case."),
        gettext_noop("Open the case and send the step from its page; in a file write 'case'."),
    )
    STEP_005 = (
        gettext_noop(
            "Later steps of the case '%(number)s' would lose their effect: %(steps)s. Only a unit "
            "above its owner may change this step."
        ),
        gettext_noop("Ask the unit above, or go on with a step that puts it right."),
    )
    STEP_006 = (
        gettext_noop("The form '%(form)s' serves several steps, and the record says none."),
        gettext_noop("Name one of: %(known)s."),
    )
    CASES_001 = (
        gettext_noop("What is stored of %(cases)s cases is not what their records come to."),
        gettext_noop(
            "They are replaced now. If no units were changed for past days, look for who wrote "
            "into the database."
        ),
    )
    CASES_002 = (
        gettext_noop("%(count)s open cases of %(former)s went to %(owner)s."),
        gettext_noop("Tell the unit that it has them now."),
    )
    CASES_003 = (
        gettext_noop(
            "%(count)s open cases of %(former)s are with the unit above, %(owner)s, until it "
            "assigns them."
        ),
        gettext_noop("Open the list of cases of that unit and assign each one."),
    )
    CASES_004 = (
        gettext_noop(
            "The new version has no %(sort)s '%(name)s' of '%(kind)s', and open cases need it."
        ),
        gettext_noop("Keep it, or say under moves: what stands for it now."),
    )
    CASES_005 = (
        gettext_noop("No pack in force has a kind of case '%(kind)s'."),
        gettext_noop("Use one of: %(known)s."),
    )
    CASES_006 = (
        gettext_noop("There is no unit or body '%(unit)s' that you may see."),
        gettext_noop("Check the code; 'taizhang units list' names them."),
    )
    CASES_007 = (
        gettext_noop("No case has the state '%(state)s'."),
        gettext_noop("Use one of: %(known)s, or all."),
    )
