"""The messages of the rules: what the parts of a pack say wrongly about each other."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class RuleCode(Code):
    """What can be wrong between the parts of a pack."""

    RULE_001 = (
        gettext_noop("A counting rule names the form '%(name)s', which no pack has."),
        gettext_noop("Correct the name (near: %(known)s), or add forms/%(name)s.md."),
    )
    RULE_002 = (
        gettext_noop("'%(key)s' names '%(name)s', which the form %(form)s does not ask."),
        gettext_noop("Correct the name (near: %(known)s), or add the field to the form."),
    )
    RULE_003 = (
        gettext_noop("The facts are dated by '%(name)s', which is not a date."),
        gettext_noop("Name a field of type date that every record answers."),
    )
    RULE_004 = (
        gettext_noop("'each' names '%(name)s', which is not a repeat of the form %(form)s."),
        gettext_noop("Name a repeat (known: %(known)s), or leave each out."),
    )
    RULE_005 = (
        gettext_noop("The dimension '%(dimension)s' is filled by '%(name)s', no single choice."),
        gettext_noop("Use a field of type select_one; several choices or texts cannot be counted."),
    )
    RULE_006 = (
        gettext_noop("The measure %(measure)s is counted from '%(name)s', which is no number."),
        gettext_noop("Count a field of type integer, decimal, range or calculate, or write 1."),
    )
    RULE_007 = (
        gettext_noop("A counting rule makes the measure '%(name)s', which no pack has."),
        gettext_noop(
            "Correct the name (near: %(known)s), or add it under measures; another pack's measure "
            "is written pack.measure."
        ),
    )
    RULE_008 = (
        gettext_noop("The condition '%(text)s' of a counting rule depends on today()."),
        gettext_noop("Use the record's own dates: facts counted again must be the same facts."),
    )
    RULE_009 = (
        gettext_noop("'%(text)s' compares '%(name)s' with '%(value)s', which it can never be."),
        gettext_noop("Use one of its choices: %(known)s."),
    )
    RULE_010 = (
        gettext_noop("No counting rule makes the measure '%(name)s'."),
        gettext_noop("Add a counting rule for it, or take the measure out."),
    )
    RULE_011 = (
        gettext_noop("No field uses the list of choices '%(name)s'."),
        gettext_noop("Take the list out, or use it."),
    )
    RULE_012 = (
        gettext_noop("Nothing says what '%(name)s' is about."),
        gettext_noop(
            "Fill in the column about of the field, or about in the settings of the form: "
            "activity, place, service or person."
        ),
    )
    RULE_013 = (
        gettext_noop("'%(found)s' is nothing that a field can be about."),
        gettext_noop("Write activity, place, service or person."),
    )
    RULE_014 = (
        gettext_noop("'%(label)s' is asked again; the form %(owner)s owns it."),
        gettext_noop(
            "Take the field out and use %(measure)s in formulas: what the system knows is never "
            "asked twice."
        ),
    )
    RULE_015 = (
        gettext_noop(
            "The measure %(measure)s is counted in whole %(unit)s, '%(name)s' in decimals."
        ),
        gettext_noop("Make the field an integer, or give the measure a unit that has fractions."),
    )
    RULE_016 = (
        gettext_noop("A version of the norm '%(name)s' does not say from when it is in force."),
        gettext_noop("Add from: YYYY-MM-DD, the day the document took effect."),
    )
    RULE_017 = (
        gettext_noop("'%(name)s' names no source."),
        gettext_noop("Add source: where the document can be read; mark verified: false if unsure."),
    )
    RULE_018 = (
        gettext_noop("%(count)s entries are not verified: %(names)s."),
        gettext_noop("Check them against the document, then take verified: false out."),
    )
    RULE_019 = (
        gettext_noop("Two versions of the norm '%(name)s' are in force on %(day)s for %(kind)s."),
        gettext_noop("End the older one with to: on the day before the newer one begins."),
    )
    RULE_020 = (
        gettext_noop("A version of the norm '%(name)s' ends before it begins."),
        gettext_noop("Correct from: and to:."),
    )
    RULE_021 = (
        gettext_noop("The norm '%(name)s' is about '%(measure)s', which no pack has."),
        gettext_noop("Correct the name (near: %(known)s); a norm on an indicator has no measure."),
    )
    RULE_022 = (
        gettext_noop("The norm '%(name)s' is in %(unit)s, its measure in %(wanted)s."),
        gettext_noop("Give both the same unit."),
    )
    RULE_023 = (
        gettext_noop("The norm '%(name)s' binds %(kinds)s, which is no kind of this pack."),
        gettext_noop("Add mirrors: {社区: %(kinds)s} to pack.yaml, or correct the kind."),
    )
    RULE_024 = (
        gettext_noop("mirrors lets %(kind)s follow %(wanted)s, which no norm binds."),
        gettext_noop("Correct the kind, or take the line out."),
    )
    RULE_025 = (
        gettext_noop("The day '%(name)s' does not say when it is: %(found)s."),
        gettext_noop(
            "Give exactly one of on: '03-24', span: '04-15..04-21', nth: 2nd sun of 05, lunar: "
            "'09-09', solar_term: 清明, every: month (or month:25, quarter, half, year, "
            "year:03, year:03-05)."
        ),
    )
    RULE_026 = (
        gettext_noop("The task '%(name)s' is due on '%(found)s', which is no day."),
        gettext_noop("Write '11-30' for every year, or '2026-11-30' for one."),
    )
    RULE_027 = (
        gettext_noop("The task '%(name)s' names the day '%(day)s', which no calendar has."),
        gettext_noop("Correct the key (near: %(known)s), or add the day to calendar.yaml."),
    )
    RULE_028 = (
        gettext_noop("The task '%(name)s' has a quota but no measure to reach it with."),
        gettext_noop("Add measure:, so that progress is a figure and nobody types it."),
    )
    RULE_029 = (
        gettext_noop("The entity falls due by '%(name)s', which is no date."),
        gettext_noop("Save a field of type date, or a calculate that makes one, to it."),
    )
    RULE_030 = (
        gettext_noop("'%(name)s' names the entity, but may be left blank."),
        gettext_noop("Make the field required; a record without it changes no entity's state."),
    )
    RULE_031 = (
        gettext_noop("The legal marks of the form are not complete or invented: %(why)s."),
        gettext_noop(
            "Copy all four marks from the approval (form number, authority, approval number, "
            "expiry as YYYY-MM-DD), or leave all four blank: the form is then shown as an "
            "internal ledger."
        ),
    )
    RULE_032 = (
        gettext_noop("A pack that is shipped with the software fills in the legal mark %(mark)s."),
        gettext_noop("Leave it blank; the host fills in what its authority approved."),
    )
    RULE_033 = (
        gettext_noop("The pack uses '%(name)s', which is not here."),
        gettext_noop(
            "Install it first with: taizhang pack install %(name)s (or put its folder beside this)."
        ),
    )
    RULE_034 = (
        gettext_noop("The phone cannot show this form: %(why)s."),
        gettext_noop("Change the form as the message says; it comes from the XLSForm converter."),
    )
    RULE_035 = (
        gettext_noop("The template cannot be read: %(why)s."),
        gettext_noop("Mend the Jinja of that line; docs/packs/documents.md shows its words."),
    )
    RULE_036 = (
        gettext_noop("'%(name)s' is both a measure and an indicator."),
        gettext_noop("Rename one of them: a formula must know which is meant."),
    )
    RULE_037 = (
        gettext_noop("This counting rule makes the same facts as the one in line %(line)s."),
        gettext_noop("Take one of them out; the work would be counted twice."),
    )
    RULE_038 = (
        gettext_noop("The label '%(label)s' of '%(name)s' has no Chinese word."),
        gettext_noop("Write the label as the office says it."),
    )
    RULE_039 = (
        gettext_noop("'%(path)s' stands inside the repeat '%(repeat)s'."),
        gettext_noop("Add each: %(repeat)s to the counting rule."),
    )
    RULE_040 = (
        gettext_noop("No counting rule uses the form '%(name)s'."),
        gettext_noop("Count something from it, or take it out: a form without use is a burden."),
    )
    RULE_041 = (
        gettext_noop("The pack says twice what the measure '%(label)s' is: here and in %(owner)s."),
        gettext_noop("Use %(owner)s, so that one thing has one number."),
    )
    RULE_042 = (
        gettext_noop("The norm '%(name)s' asks nothing of %(kinds)s, which keep the pack."),
        gettext_noop(
            "Give these kinds a value in the version in force, or mirror another kind (mirrors in "
            "pack.yaml); leave it where nothing is asked of them."
        ),
    )
    RULE_043 = (
        gettext_noop(
            "'%(name)s' is to stand apart by '%(dimension)s', which no counting rule fills."
        ),
        gettext_noop("Give apart a dimension that every counting rule of the measure fills by."),
    )
    RULE_050 = (
        gettext_noop("'%(name)s' is a price (%(unit)s): those of days and units never add up."),
        gettext_noop("Give it kind: level, and over_units: last or max."),
    )
    RULE_051 = (
        gettext_noop("The constant '%(name)s' has no version, so that it has no value."),
        gettext_noop("Write versions: with one entry, its value: and from:."),
    )
    RULE_052 = (
        gettext_noop("A version of the constant '%(name)s' does not say from when it holds."),
        gettext_noop("Add from: YYYY-MM-DD, the day from which the number holds."),
    )
    RULE_053 = (
        gettext_noop("A version of the constant '%(name)s' ends before it begins."),
        gettext_noop("Correct from: and to:."),
    )
    RULE_054 = (
        gettext_noop("Two versions of the constant '%(name)s' hold on %(day)s."),
        gettext_noop("End the older one with to: on the day before the newer one begins."),
    )
    RULE_055 = (
        gettext_noop("'%(name)s' is both a constant and a measure or indicator."),
        gettext_noop("Rename one of them: a formula must know which is meant."),
    )
    RULE_060 = (
        gettext_noop("The template cites '%(name)s', whose days in force the pack does not say."),
        gettext_noop(
            "List it in legal_basis of pack.yaml with from (and to, where it was repealed): a "
            "paper leans on no law outside its time."
        ),
    )
    RULE_061 = (
        gettext_noop("The quota of the task '%(name)s' rests on no document: %(why)s."),
        gettext_noop(
            "Write norm(…) of a norm whose versions name document, number or web address, and "
            "first day in force, or quota: own, so that each unit's plan sets it."
        ),
    )
