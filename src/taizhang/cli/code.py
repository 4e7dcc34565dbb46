"""Issue codes of the command line: files, names and folders that its options give."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class FigureAskCode(Code):
    """What can be wrong with a question for figures."""

    FIGUREASK_001 = (
        gettext_noop("No unit has ever had the code '%(code)s'."),
        gettext_noop("Nearest to it: %(nearest)s. See taizhang units list."),
    )


class FileCode(Code):
    """What can be wrong with a file that a command is given."""

    FILE_001 = (
        gettext_noop("The file cannot be read: %(why)s."),
        gettext_noop("Check its path and who may read it."),
    )
    FILE_002 = (
        gettext_noop("The file cannot be written: %(why)s."),
        gettext_noop("Name a folder that exists and that you may write to."),
    )


class PackNewCode(Code):
    """What can be wrong with a pack to be made."""

    PACKNEW_001 = (
        gettext_noop("'%(key)s' cannot be the key of a pack."),
        gettext_noop("Use lower-case letters, digits and _ starting with a letter."),
    )
    PACKNEW_002 = (
        gettext_noop("'%(path)s' is there already."),
        gettext_noop("Choose another key, or another folder with --into."),
    )


class ReadCode(Code):
    """What can be wrong with where drafts are to be written."""

    READ_001 = (
        gettext_noop("There is a folder of this name already."),
        gettext_noop("Give -o another folder; a draft is never written over."),
    )


class ExportCode(Code):
    """What can stand against an export or a roll-up."""

    EXPORT_001 = (
        gettext_noop("The units have %(count)s roots: %(codes)s."),
        gettext_noop("Name the sending district with --district."),
    )
    EXPORT_002 = (
        gettext_noop("The folder '%(folder)s' is not empty."),
        gettext_noop("Name a new folder; an export is never mixed with an older one."),
    )
    EXPORT_003 = (
        gettext_noop("Spark cannot be used here: %(why)s."),
        gettext_noop("Install the extra taizhang[spark] and Java 17, or leave --spark out."),
    )


class UnitAskCode(Code):
    """What can be wrong with a unit named on the command line."""

    UNITASK_001 = (
        gettext_noop("No unit has ever had the code '%(code)s'."),
        gettext_noop("List the codes with taizhang units list."),
    )
