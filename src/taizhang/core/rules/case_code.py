"""The messages about kinds of cases and of things."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class CaseCode(Code):
    """What can be wrong with a kind of case."""

    CASE_001 = (
        gettext_noop("The case '%(kind)s' is opened by the form '%(name)s', which no pack has."),
        gettext_noop("Correct the name (near: %(known)s), or add forms/%(name)s.md."),
    )
    CASE_002 = (
        gettext_noop("The step '%(step)s' is done with the form '%(name)s', which no pack has."),
        gettext_noop(
            "Correct the name (near: %(known)s), or leave form: out; the software then makes a "
            "small one."
        ),
    )
    CASE_003 = (
        gettext_noop("'%(where)s' names the state '%(name)s', which the case '%(kind)s' lacks."),
        gettext_noop("Correct the name (near: %(known)s), or add it under states."),
    )
    CASE_004 = (
        gettext_noop("No step leads to the state '%(state)s' of the case '%(kind)s'."),
        gettext_noop("Add a step with to: %(state)s, or take the state out."),
    )
    CASE_005 = (
        gettext_noop("From the state '%(state)s' the case '%(kind)s' can never end."),
        gettext_noop(
            "Add a step that leads on from it, and mark the last state with ends: yes: a case "
            "without an end stays with its owner for ever."
        ),
    )
    CASE_006 = (
        gettext_noop("'%(found)s' is no pattern of numbers."),
        gettext_noop(
            "Write plain signs with {serial:3} once and {year} at most once, such as "
            '"WT-{year}-{serial:3}".'
        ),
    )
    CASE_007 = (
        gettext_noop("The step '%(step)s' names '%(name)s', which nobody is."),
        gettext_noop(
            "Write one of %(known)s, or a kind of unit or body; a case always goes to a named "
            "owner."
        ),
    )
    CASE_008 = (
        gettext_noop("'%(where)s' names the step '%(name)s', which the case '%(kind)s' lacks."),
        gettext_noop("Correct the name (near: %(known)s), or add it under steps."),
    )
    CASE_009 = (
        gettext_noop("The limit '%(found)s' of the step '%(step)s' is none."),
        gettext_noop(
            "Write 1 day, 15 days, 15 working days (not hours), or a date field or calculate of "
            "the form of '%(start)s' (near: %(known)s); a form may work the day out from an answer."
        ),
    )
    CASE_010 = (
        gettext_noop("'%(name)s' cannot be counted of cases."),
        gettext_noop("Write opened, finished or days."),
    )
    CASE_011 = (
        gettext_noop("The step '%(step)s' returns the case, which nobody has handed over before."),
        gettext_noop("Let it start from a state to which a step with hands_over leads."),
    )
    CASE_012 = (
        gettext_noop("The step '%(step)s' returns the case without a closed list of reasons."),
        gettext_noop("Add reason: [not_ours, needs_facts, settled_above]."),
    )
    CASE_013 = (
        gettext_noop("The step '%(step)s' drafts the document '%(name)s', which no pack has."),
        gettext_noop("Correct the name (near: %(known)s), or add documents/%(name)s.md.j2."),
    )
    CASE_014 = (
        gettext_noop("The case '%(kind)s' adopts '%(name)s', which no form writes so."),
        gettext_noop("Correct the dataset or the property (near: %(known)s)."),
    )
    CASE_015 = (
        gettext_noop("moves: leads from '%(name)s' to '%(target)s', which does not stand here."),
        gettext_noop("Name a state or step of this version (near: %(known)s)."),
    )
    CASE_016 = (
        gettext_noop("The measure '%(name)s' cannot go on by the case '%(kind)s': %(why)s."),
        gettext_noop(
            "Name a measure of this pack under continues:, and give before_start: the first day of "
            "the month in which the cases take its place."
        ),
    )
    CASE_017 = (
        gettext_noop("The form %(form)s of the step '%(step)s' does not ask '%(name)s'."),
        gettext_noop("Add the field, or leave form: out; the software then makes a small one."),
    )
    CASE_018 = (
        gettext_noop("The number of petitions is never counted for a score: '%(kind)s'."),
        gettext_noop("Take counts: out; due() and in_time() tell whether answers came in time."),
    )
    CASE_019 = (
        gettext_noop("'%(name)s' is a word of the software in '%(kind)s'."),
        gettext_noop("Choose another key; every case can be noted, voided and withdrawn anyway."),
    )
    CASE_020 = (
        gettext_noop("The case '%(kind)s' cannot take the place of the form '%(name)s': %(why)s."),
        gettext_noop(
            "Name a form of this pack that is no form of a case under replaces:, and give "
            "before_start: the first day of the month from which cases are recorded in its place."
        ),
    )
    CASE_021 = (
        gettext_noop("'%(where)s' reads '%(name)s', which the form %(form)s does not ask."),
        gettext_noop("Correct the name (near: %(known)s), or add the question to the form."),
    )
    CASE_022 = (
        gettext_noop(
            "'%(where)s' leaves out '%(name)s', which the case '%(kind)s' does not count."
        ),
        gettext_noop("Correct the name (near: %(known)s): unless names measures of the same kind."),
    )
    CASE_023 = (
        gettext_noop("'%(name)s' of the case '%(kind)s' has no words; its key would be shown."),
        gettext_noop(
            "A step: add label:. A reason: write reason: {%(name)s: …}. These have words already: "
            "%(known)s."
        ),
    )


class ThingCode(Code):
    """What can be wrong with a kind of thing."""

    THING_001 = (
        gettext_noop("The thing '%(kind)s' is kept in the list '%(name)s', which no form writes."),
        gettext_noop("Correct the dataset (near: %(known)s)."),
    )
    THING_002 = (
        gettext_noop("The thing '%(kind)s' names '%(name)s', which no form of its list saves."),
        gettext_noop("Correct the property (near: %(known)s), or save it with save_to."),
    )
    THING_003 = (
        gettext_noop("'%(name)s' cannot be counted of things."),
        gettext_noop("Write new, standing, ended or overdue."),
    )
    THING_004 = (
        gettext_noop("The form %(form)s writes the thing '%(kind)s', which is not shared with it."),
        gettext_noop("Add shared: [%(name)s]."),
    )
    THING_005 = (
        gettext_noop(
            "'%(kind)s' can have no thing: '%(name)s' takes all of the list '%(list)s' that it "
            "would take."
        ),
        gettext_noop("Say under where which answer tells the two apart."),
    )
    THING_006 = (
        gettext_noop(
            "The thing '%(kind)s' waits for %(property)s = '%(value)s', which no form of its list "
            "offers."
        ),
        gettext_noop("Correct the value (near: %(known)s)."),
    )
