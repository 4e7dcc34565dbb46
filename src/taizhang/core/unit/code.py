"""The messages about units, their changes and the files they come from."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class TreeCode(Code):
    """What can be wrong with the unit that a question is about."""

    SCORE_002 = (
        gettext_noop("There is no unit %(unit)s on %(day)s."),
        gettext_noop("Check the code, or ask with --tree for a day on which the unit existed."),
    )


class UnitCode(Code):
    """What can be wrong with units and changes taken together."""

    UNIT_001 = (
        gettext_noop("The parent %(parent)s of %(code)s is no known unit."),
        gettext_noop("Add a row for the parent, or correct the code."),
    )
    UNIT_002 = (
        gettext_noop("%(code)s is a %(level)s below the %(above)s %(parent)s."),
        gettext_noop("Name a parent of a higher level."),
    )
    UNIT_003 = (
        gettext_noop("%(code)s exists on %(day)s, when its parent %(parent)s does not."),
        gettext_noop(
            "End the row the day before and add one with the parent that follows, or correct the "
            "days of the parent."
        ),
    )
    UNIT_004 = (
        gettext_noop("The units %(codes)s are each other's parents."),
        gettext_noop("Correct the parent of one of them."),
    )
    UNIT_005 = (
        gettext_noop("Two rows of %(code)s both exist on %(day)s."),
        gettext_noop("Give the earlier row its last day in valid_to."),
    )
    UNIT_006 = (
        gettext_noop("%(code)s has the same name '%(name)s' as its neighbour %(other)s."),
        gettext_noop("Check that they are two units."),
    )
    UNIT_007 = (
        gettext_noop("The kind '%(kind)s' of %(code)s is unusual."),
        gettext_noop("Check the spelling; packs bind units by their kind."),
    )
    UNIT_008 = (
        gettext_noop("%(code)s ends on %(day)s, and no change says what became of it."),
        gettext_noop("Add a merge, split or recode of the following day to the changes file."),
    )
    UNIT_009 = (
        gettext_noop("%(code)s got its last day %(day)s from the %(kind)s of the day after."),
        gettext_noop("Nothing needs to be done; write it in valid_to to have it in the file."),
    )
    UNIT_010 = (
        gettext_noop("The stored row of %(code)s says otherwise: %(differences)s."),
        gettext_noop(
            "Of a stored row only the name can be corrected: correct the row in the file, or add "
            "one with another valid_from."
        ),
    )
    UNIT_011 = (
        gettext_noop(
            "%(code)s was the code of %(former)s until %(day)s and cannot be given out again to "
            "%(name)s: records, closings, quotas and rights hang on the code and would pass to "
            "another unit."
        ),
        gettext_noop(
            "Give the new unit a code never used before. If it is the same unit that comes back, "
            "keep its name, or add a change that leads from its later code back to this one."
        ),
    )
    UNIT_012 = (
        gettext_noop(
            "%(code)s is called %(name)s from %(day)s, and no change says so: it is taken for the "
            "same unit as %(former)s."
        ),
        gettext_noop(
            "Add a rename of that day to the changes file. If it is another unit, give it a code "
            "of its own."
        ),
    )
    UNIT_013 = (
        gettext_noop("The name of %(code)s is corrected from '%(former)s' to '%(name)s'."),
        gettext_noop(
            "Nothing needs to be done. If it was renamed on a day, import a row with that day as "
            "valid_from and a rename instead."
        ),
    )
    CHANGE_001 = (
        gettext_noop("The %(kind)s names %(code)s, which is no known unit."),
        gettext_noop("Add a row for it to the units file, or correct the code."),
    )
    CHANGE_002 = (
        gettext_noop("%(code)s does not exist on %(day)s, the day before the %(kind)s."),
        gettext_noop("Correct the date of the change or the days of the unit."),
    )
    CHANGE_003 = (
        gettext_noop("%(code)s does not exist on %(day)s, the day of the %(kind)s."),
        gettext_noop("Give its row this day as valid_from, or correct the date of the change."),
    )
    CHANGE_004 = (
        gettext_noop("%(code)s goes on after the %(kind)s, until %(day)s."),
        gettext_noop("End its row the day before, or name it among the units after the change."),
    )
    CHANGE_005 = (
        gettext_noop("%(code)s existed before the %(kind)s that makes it."),
        gettext_noop(
            "Give its row the day of the change as valid_from, or name it among the units before."
        ),
    )
    CHANGE_006 = (
        gettext_noop("%(code)s has no row that begins with the rename on %(day)s."),
        gettext_noop("Add a row with the new name and this day as valid_from."),
    )
    CHANGE_007 = (
        gettext_noop("%(code)s leaves by two changes on %(day)s."),
        gettext_noop("Write them as one change, or give them different days."),
    )
    CHANGE_008 = (
        gettext_noop("%(code)s comes from two changes on %(day)s."),
        gettext_noop("Write them as one change, or give them different days."),
    )


class BodyCode(Code):
    """What can be wrong with bodies taken together and with the tree."""

    BODY_001 = (
        gettext_noop("%(code)s stands beside %(parent)s, which is no known unit."),
        gettext_noop("Add the unit, or correct the column parent."),
    )
    BODY_002 = (
        gettext_noop("Two rows of %(code)s both exist on %(day)s."),
        gettext_noop("Give the earlier row its last day in valid_to."),
    )
    BODY_003 = (
        gettext_noop("%(code)s exists on %(day)s, when the unit beside it, %(parent)s, does not."),
        gettext_noop("End the row the day before and add one that names the unit that follows."),
    )
    BODY_004 = (
        gettext_noop("%(code)s is %(kind)s and may not own a case."),
        gettext_noop(
            "Write no in may_own: the unit that deals with a firm owns the case, never the firm."
        ),
    )
    BODY_005 = (
        gettext_noop("%(code)s may neither record nor own."),
        gettext_noop("Write yes in may_record or may_own, or leave the body out."),
    )
    BODY_006 = (
        gettext_noop("The kind '%(kind)s' of %(code)s is unusual."),
        gettext_noop("Check the spelling; packs name bodies by their kind."),
    )
    BODY_007 = (
        gettext_noop("The stored row of %(code)s says otherwise: %(differences)s."),
        gettext_noop("Correct the row in the file, or add one with another valid_from."),
    )
    BODY_008 = (
        gettext_noop("There is no body '%(code)s'."),
        gettext_noop("Choose one of the list of bodies."),
    )


class UnitFileCode(Code):
    """What can be wrong with a row, or the whole, of a units or changes file."""

    UNITFILE_001 = (
        gettext_noop("The text is neither UTF-8 nor GB18030."),
        gettext_noop("Save the file as CSV UTF-8."),
    )
    UNITFILE_002 = (
        gettext_noop("The column '%(column)s' is missing in the first row."),
        gettext_noop("Name the columns %(columns)s in the first row."),
    )
    UNITFILE_003 = (
        gettext_noop("There is no row below the column names."),
        gettext_noop("Write one row for each unit or change."),
    )
    UNITFILE_004 = (
        gettext_noop("The row has %(found)s cells and the first row %(wanted)s."),
        gettext_noop("Put a text that holds a comma between double quotes."),
    )
    UNITFILE_005 = (
        gettext_noop("The %(column)s is empty."),
        gettext_noop("Fill it in."),
    )
    UNITFILE_006 = (
        gettext_noop("'%(value)s' is not the code of a unit."),
        gettext_noop(
            "Write 12 digits, the first from 1 to 8 as in the statistical codes or 9 for units "
            "made up for a trial; a grid is a community's 12 digits (the last three not 000) with "
            "-G01. A code like 3.60602E+11 was made a number by Excel or WPS, and its last digits "
            "are lost: take it from the source again, with the columns code and parent formatted "
            "as text before it is pasted."
        ),
    )
    UNITFILE_007 = (
        gettext_noop("'%(value)s' is not a level."),
        gettext_noop("Write one of %(levels)s."),
    )
    UNITFILE_008 = (
        gettext_noop("The code '%(value)s' has the form of a %(shape)s, the level is %(level)s."),
        gettext_noop(
            "Correct the code or the level. A city without districts stands once, as the city; "
            "take the row out that repeats it as its own district and put its streets under the "
            "city."
        ),
    )
    UNITFILE_009 = (
        gettext_noop("'%(value)s' is not a date."),
        gettext_noop(
            "Write year, month and day like 2026-03-01. A day like 2026/3/1 was rewritten by Excel "
            "or WPS: give the column the cell format yyyy-mm-dd and save as CSV again."
        ),
    )
    UNITFILE_010 = (
        gettext_noop("The last day %(last)s is before the first day %(first)s."),
        gettext_noop("Correct valid_from or valid_to."),
    )
    UNITFILE_011 = (
        gettext_noop("'%(value)s' is not a change."),
        gettext_noop("Write one of %(kinds)s."),
    )
    UNITFILE_012 = (
        gettext_noop("A %(kind)s cannot lead from %(sources)s units to %(targets)s."),
        gettext_noop(
            "A merge has two or more before and one after, a split one before and two or more "
            "after, a recode one and another one, a rename the same one on both sides."
        ),
    )
    UNITFILE_013 = (
        gettext_noop("The first row of %(code)s from %(first)s is repeated with other content."),
        gettext_noop("Keep one of the two rows."),
    )
    UNITFILE_014 = (
        gettext_noop("The file is not CSV: %(why)s."),
        gettext_noop("Save the table as CSV UTF-8, with a comma between cells."),
    )
    UNITFILE_015 = (
        gettext_noop("The %(column)s of %(code)s holds signs that nobody sees: %(signs)s."),
        gettext_noop("Type it anew in one line instead of pasting it."),
    )
    UNITFILE_016 = (
        gettext_noop("'%(value)s' is no code of a body."),
        gettext_noop(
            "Write the 12 digits of the unit beside which it stands, then -B and a number, such as "
            "900101001000-B01."
        ),
    )
    UNITFILE_017 = (
        gettext_noop("'%(value)s' in %(column)s is neither yes nor no."),
        gettext_noop("Write yes or no."),
    )
