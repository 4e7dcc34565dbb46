"""The messages about a rubric that was read from an old text: what its rules leave open."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class SchemeCode(Code):
    """What is wrong or open in the scoring rules of an old text."""

    SCHEME_001 = (
        gettext_noop(
            "Item %(item)s is worth %(heading)s points by its heading and %(clause)s by its clause."
        ),
        gettext_noop("Decide which one holds; the draft takes the one that makes the sums right."),
    )
    SCHEME_002 = (
        gettext_noop("Items %(items)s have no points in their headings; their clauses give them."),
        gettext_noop("Write the points into the headings, so that the sums can be seen."),
    )
    SCHEME_003 = (
        gettext_noop("The items of %(section)s add up to %(found)s, not to %(max)s."),
        gettext_noop("Change the points of an item, or the section's points to %(found)s."),
    )
    SCHEME_004 = (
        gettext_noop(
            "The items of %(section)s add up to %(found)s, not to %(max)s; grouped as %(group)s "
            "they do."
        ),
        gettext_noop(
            "Take the points of the clause: the heading's %(heading)s belong to items %(items)s "
            "together."
        ),
    )
    SCHEME_005 = (
        gettext_noop("The sections add up to %(found)s, not to the total of %(total)s."),
        gettext_noop("Change the points of a section, or the total to %(found)s."),
    )
    SCHEME_006 = (
        gettext_noop("Item %(item)s asks %(requirements)s and gives no points for it."),
        gettext_noop("Attach points to it with a rule, or keep it as 要求（不计分）."),
    )
    SCHEME_007 = (
        gettext_noop("Item %(item)s does not say what %(low)s to %(high)s%(unit)s earns."),
        gettext_noop("Choose: nothing, a share by proportion, or steps; the draft leaves it open."),
    )
    SCHEME_008 = (
        gettext_noop("Item %(item)s gives points for '%(condition)s' and names no amount."),
        gettext_noop("Set the target when the plan is made, such as a number or a norm."),
    )
    SCHEME_009 = (
        gettext_noop("Item %(item)s does not say what is earned otherwise."),
        gettext_noop("Add what not reaching it earns; the draft takes 0."),
    )
    SCHEME_010 = (
        gettext_noop("Item %(item)s does not say what an incomplete file earns."),
        gettext_noop("Say it; until then the partial case is left to the assessor."),
    )
    SCHEME_011 = (
        gettext_noop(
            "Item %(item)s deducts %(points)s for what is missing and does not say whether for "
            "each or once."
        ),
        gettext_noop("Choose per: part or per: once; the draft deducts for each, never below 0."),
    )
    SCHEME_012 = (
        gettext_noop("Item %(item)s is scored by '%(condition)s', which its text never mentions."),
        gettext_noop("Score what the item asks for, or move the clause to where it belongs."),
    )
    SCHEME_013 = (
        gettext_noop(
            "Item %(item)s loses all %(points)s points when one of %(count)s bounds fails."
        ),
        gettext_noop("Give each its share (split: equal)."),
    )
    SCHEME_014 = (
        gettext_noop("%(figure)s has more than one target: %(targets)s."),
        gettext_noop("Use one target, or name the two sets of data apart."),
    )
    SCHEME_015 = (
        gettext_noop(
            "%(section)s demands none at all ('%(words)s'), while item %(item)s is content with "
            "%(bound)s."
        ),
        gettext_noop("Keep the bound that is scored, and drop the other sentence."),
    )
    SCHEME_016 = (
        gettext_noop("Item %(item)s has %(points)s points and no words on how they are earned."),
        gettext_noop(
            "Choose a rule. For a sample: %(points)s × max(0, 1 − e ÷ zero_at), e the error rate."
        ),
    )
    SCHEME_017 = (
        gettext_noop("The sample of item %(item)s is a range, %(size)s, whatever the unit's size."),
        gettext_noop(
            "Draw the size from the frame: 60 of 300 give ±%(error)s percentage points at 50 %%."
        ),
    )
    SCHEME_018 = (
        gettext_noop("Item %(item)s alone carries %(share)s %% of all points."),
        gettext_noop("Spread the points; one check should not decide an assessment."),
    )
    SCHEME_019 = (
        gettext_noop("'%(word)s' is no word here; perhaps '%(guess)s'."),
        gettext_noop("Look it up in the original; it was left as it is."),
    )
    SCHEME_020 = (
        gettext_noop("The punctuation is broken at '%(text)s'."),
        gettext_noop("Look it up in the original; two lists may have run together."),
    )
    SCHEME_021 = (
        gettext_noop("'%(text)s' says nothing that can be checked; characters may be lost."),
        gettext_noop("Look it up in the original."),
    )
    SCHEME_022 = (
        gettext_noop("The list of item %(item)s stands inside one paragraph: %(labels)s."),
        gettext_noop("Give each point of the list its own line and, if it earns, its own points."),
    )
    SCHEME_023 = (
        gettext_noop("The name %(name)s has lost characters."),
        gettext_noop("Look the name up in the original."),
    )
    SCHEME_024 = (
        gettext_noop("Item %(item)s adds points without an end."),
        gettext_noop("Set a cap (cap:), the most that can be added."),
    )
    SCHEME_025 = (
        gettext_noop("Item %(item)s deducts per step below a target that it does not name."),
        gettext_noop("Set the target; the draft measures from 100 %%."),
    )
    SCHEME_026 = (
        gettext_noop("The rules of item %(item)s can give %(clause)s of its %(heading)s points."),
        gettext_noop("Find the clause that is missing, or lower the item to %(clause)s."),
    )
    SCHEME_027 = (
        gettext_noop("No total is stated; the sections add up to %(found)s."),
        gettext_noop("State the total."),
    )
