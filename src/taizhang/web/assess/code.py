"""What can be wrong with decisions, assessments and appeals."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class AssessCode(Code):
    """What can be wrong with a decision, an assessment or an appeal."""

    ASSESS_001 = (
        gettext_noop("The rubric %(rubric)s has no item '%(item)s'."),
        gettext_noop("Use one of: %(known)s."),
    )
    ASSESS_002 = (
        gettext_noop("%(points)s points do not fit item '%(item)s', which is worth %(max)s."),
        gettext_noop("Decide 0 to %(max)s points, with at most four decimals."),
    )
    ASSESS_003 = (
        gettext_noop("%(errors)s errors in %(checked)s checked fields is no result of a check."),
        gettext_noop("Give how many were checked, above 0, and how many of these were wrong."),
    )
    ASSESS_004 = (
        gettext_noop("The decision on item '%(item)s' says nothing."),
        gettext_noop("Give --points with a --reason, or --errors and --checked."),
    )
    ASSESS_005 = (
        gettext_noop("The reason has %(found)s characters, more than %(most)s."),
        gettext_noop("Say it in a few sentences; put the rest on record elsewhere."),
    )
    ASSESS_006 = (
        gettext_noop("The points of item '%(item)s' come without a reason."),
        gettext_noop("Write the reason: whoever is assessed may read it and appeal."),
    )
    ASSESS_007 = (
        gettext_noop("Somebody else decided item '%(item)s' meanwhile."),
        gettext_noop("Load the page again, read their reason, then decide."),
    )
    ASSESS_008 = (
        gettext_noop("The results are published; item '%(item)s' is no longer decided this way."),
        gettext_noop("Change it by the answer to an appeal, or by a correction after sign-off."),
    )
    ASSESS_009 = (
        gettext_noop("No assessment is opened without the number of the filed plan."),
        gettext_noop(
            "Write the number under which the inspection and assessment plan is filed (督检考)."
        ),
    )
    ASSESS_010 = (
        gettext_noop("%(names)s: assessed already by this rubric for this period."),
        gettext_noop("Leave these units out: one assessment a period is all that the plan allows."),
    )
    ASSESS_011 = (
        gettext_noop("No unit is named for the assessment."),
        gettext_noop("Tick at least one unit that the rubric scores."),
    )
    ASSESS_012 = (
        gettext_noop("There is no such assessment."),
        gettext_noop("Go back to the list of assessments."),
    )
    ASSESS_013 = (
        gettext_noop("This cannot be done while the assessment is %(state)s."),
        gettext_noop("Load the page again; it shows what can be done now."),
    )
    ASSESS_014 = (
        gettext_noop("%(names)s: decided again after the scores were computed."),
        gettext_noop("Compute the scores again, look at them, then publish."),
    )
    ASSESS_015 = (
        gettext_noop("%(days)s working days are no time for appeals."),
        gettext_noop("Give 1 to 60 working days; five are usual."),
    )
    ASSESS_016 = (
        gettext_noop("The time for appeals ended on %(day)s."),
        gettext_noop("Ask the office for a correction with a reason."),
    )
    ASSESS_017 = (
        gettext_noop("An appeal without words cannot be answered."),
        gettext_noop("Say which points you ask for, and what shows that they were earned."),
    )
    ASSESS_018 = (
        gettext_noop("Item '%(item)s' was appealed already."),
        gettext_noop("Read the answer; an item is appealed once."),
    )
    ASSESS_019 = (
        gettext_noop("Whoever decided item '%(item)s' does not answer the appeal against it."),
        gettext_noop("Let another officer answer."),
    )
    ASSESS_020 = (
        gettext_noop("An appeal is answered with a reason, and a change with new points."),
        gettext_noop("Write the reason; where the points change, write the new points too."),
    )
    ASSESS_021 = (
        gettext_noop("The time for appeals runs until %(day)s, and %(names)s may still appeal."),
        gettext_noop("Sign afterwards, or when every unit has accepted its result."),
    )
    ASSESS_022 = (
        gettext_noop("%(count)s appeals have no answer yet."),
        gettext_noop("Answer each of them, then sign."),
    )
    ASSESS_023 = (
        gettext_noop("Items are not decided yet: %(items)s."),
        gettext_noop("Decide them, or state why the result is signed without them."),
    )
    ASSESS_024 = (
        gettext_noop("This needs a reason."),
        gettext_noop("Write why; it is kept with the version and shown to the unit."),
    )
    ASSESS_025 = (
        gettext_noop("The unit has accepted its result and no longer appeals."),
        gettext_noop("Ask the office for a correction with a reason."),
    )
    ASSESS_026 = (
        gettext_noop("Version %(number)s is not as it was frozen."),
        gettext_noop("Verify the audit log and restore the version from a backup."),
    )
    ASSESS_027 = (
        gettext_noop("'%(text)s' is no number."),
        gettext_noop("Write digits, with a point before decimals: 4.5."),
    )
    ASSESS_028 = (
        gettext_noop("These units are assessed for an overlapping period already: %(rounds)s."),
        gettext_noop("Leave them out, or tick that both are wanted and write the reason."),
    )
    ASSESS_029 = (
        gettext_noop("Item '%(item)s' waits for its source; nobody types its points."),
        gettext_noop("Wait until the source is there; the item stays undecided until then."),
    )
    ASSESS_030 = (
        gettext_noop("A circumstance without words explains nothing."),
        gettext_noop("Say what was so, and which points it concerns; name nobody."),
    )
    ASSESS_031 = (
        gettext_noop("The circumstance of item '%(item)s' is stated and answered once."),
        gettext_noop("Read what stands there; after publication an appeal is the way."),
    )
    ASSESS_032 = (
        gettext_noop(
            "Whoever decided item '%(item)s' or stated its circumstance does not answer it."
        ),
        gettext_noop("Let another officer or assessor answer."),
    )
