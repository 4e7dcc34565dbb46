"""What can be wrong with a department's workbook and with its mapping."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class WorkbookCode(Code):
    """Workbooks of other departments, and the mappings by which they are filled."""

    WORKBOOK_001 = (
        gettext_noop("The file is no Excel workbook."),
        gettext_noop("Give the .xlsx or .xlsm file that the department sent."),
    )
    WORKBOOK_002 = (
        gettext_noop("The file is a workbook in the format %(kind)s, which cannot be filled."),
        gettext_noop(
            "Open it in WPS or Excel and save it as “Excel workbook (.xlsx)”, with macros as "
            ".xlsm; then map that file."
        ),
    )
    WORKBOOK_003 = (
        gettext_noop("The workbook is encrypted with a password."),
        gettext_noop(
            "Open it with its password, take the password off (File → Info → Protect) and save "
            "it. The protection of a sheet may stay."
        ),
    )
    WORKBOOK_004 = (
        gettext_noop("The workbook is saved as “Strict Open XML”, which cannot be filled."),
        gettext_noop("Save it as the ordinary “Excel workbook (.xlsx)”."),
    )
    WORKBOOK_005 = (
        gettext_noop("The workbook is shared: it holds a history of its changes."),
        gettext_noop("Open it, stop sharing it (Review → Share workbook) and save it."),
    )
    WORKBOOK_006 = (
        gettext_noop("A workbook %(kind)s cannot bear the name '%(name)s'."),
        gettext_noop(
            "End the name in %(kind)s; under another ending Excel refuses it, or its macros."
        ),
    )
    WORKBOOK_007 = (
        gettext_noop("The workbook has %(found)s sheets, more than %(most)s."),
        gettext_noop("Split it, or take out the sheets that nobody fills."),
    )
    WORKBOOK_008 = (
        gettext_noop(
            "The workbook is too large: %(what)s has %(found)s bytes, more than %(most)s."
        ),
        gettext_noop("Take out pictures and sheets that nobody needs, and save it again."),
    )
    WORKBOOK_009 = (
        gettext_noop("The workbook is damaged: in %(part)s %(why)s."),
        gettext_noop("Open it in WPS or Excel, let it be repaired, and save it again."),
    )
    WORKBOOK_010 = (
        gettext_noop("The workbook bears a digital signature, which filling would break."),
        gettext_noop("Ask the department for an unsigned one, or take the signature off."),
    )
    WORKBOOK_011 = (
        gettext_noop("The template changed since it was mapped: %(what)s."),
        gettext_noop(
            "Look whether the mapping still fits, then map the template anew, or write "
            "'digest: %(digest)s' into the mapping."
        ),
    )
    WORKBOOK_012 = (
        gettext_noop("The workbook has no worksheet '%(sheet)s'."),
        gettext_noop("Its sheets: %(sheets)s."),
    )
    WORKBOOK_013 = (
        gettext_noop("The mapping cannot be understood here: %(why)s."),
        gettext_noop("See docs/guide/workbooks.md for what a mapping may say."),
    )
    WORKBOOK_014 = (
        gettext_noop("%(cell)s lies inside the merged cells %(area)s, where nothing shows."),
        gettext_noop("Map %(first)s, their first cell."),
    )
    WORKBOOK_015 = (
        gettext_noop("%(cell)s is no cell to fill: %(why)s."),
        gettext_noop("Map a cell that people fill; formulas follow when the book is opened."),
    )
    WORKBOOK_016 = (
        gettext_noop("The list from %(cell)s has %(found)s lines and room for %(room)s."),
        gettext_noop(
            "Say 'grow: true' where blank rows of the same layout follow, or insert such rows "
            "into the template and map it anew."
        ),
    )
    WORKBOOK_017 = (
        gettext_noop("'%(name)s' cannot be answered: %(why)s."),
        gettext_noop("Name a measure, an indicator, a form or a list of an installed pack."),
    )
    WORKBOOK_018 = (
        gettext_noop("No unit has the code %(unit)s on %(day)s."),
        gettext_noop("Check the code against the unit list of that day."),
    )
    WORKBOOK_019 = (
        gettext_noop("The filled workbook would be written over %(what)s."),
        gettext_noop("Name another file."),
    )
    WORKBOOK_020 = (
        gettext_noop("%(cell)s is filled twice: by the mapping in line %(first)s, too."),
        gettext_noop("Take one of the two out."),
    )
    WORKBOOK_021 = (
        gettext_noop("The mapping does not say for which template it was made."),
        gettext_noop("Write 'digest: %(digest)s' into it: a changed template is refused then."),
    )
    WORKBOOK_022 = (
        gettext_noop("Reading the workbook took more than %(limit)s."),
        gettext_noop("It may be made to do so; ask the department for another copy."),
    )
