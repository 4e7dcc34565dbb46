"""What can be wrong with a text that is read, and what is doubtful in it."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class ReadingCode(Code):
    """Why a file cannot be read as a text."""

    READING_001 = (
        gettext_noop("The file has %(size)s MB; a text may have %(limit)s MB."),
        gettext_noop("Cut it into parts, or save its text alone."),
    )
    READING_002 = (
        gettext_noop("The file is no text in a Chinese encoding and of no known format."),
        gettext_noop("Give .txt, .docx, .html, .xlsx or .pdf; save other formats as one of these."),
    )
    READING_003 = (
        gettext_noop("The packed file unpacks to more than %(limit)s MB."),
        gettext_noop("Open it in its own program and save it anew, without pictures."),
    )
    READING_004 = (
        gettext_noop("The file is damaged and cannot be opened: %(why)s."),
        gettext_noop("Open it in its own program and save it anew."),
    )
    READING_005 = (
        gettext_noop("The file declares XML entities, which a text has no need of."),
        gettext_noop(
            "Open it in its own program and save it anew; do not open it if it is strange."
        ),
    )
    READING_006 = (
        gettext_noop("Reading the file took more than %(seconds)s seconds or %(memory)s MB."),
        gettext_noop("Save its text alone and read that."),
    )
    READING_007 = (
        gettext_noop("The file holds no text; a scanned page is a picture."),
        gettext_noop("Run a text recognition over it first, then read the result."),
    )
    READING_008 = (
        gettext_noop("A line of the file has more than %(limit)s characters."),
        gettext_noop("Break it into paragraphs, or check that it is a text at all."),
    )
    READING_009 = (
        gettext_noop("The file is a .doc, .xls or .wps of the old kind."),
        gettext_noop("Open it in its own program and save it as .docx or .xlsx."),
    )
    READING_010 = (
        gettext_noop("A stretch of more than %(limit)s characters has no punctuation."),
        gettext_noop("Check that the file is a text; break long tables and codes into lines."),
    )


class DoubtCode(Code):
    """What is doubtful in a text that was read; nothing is mended silently."""

    DOUBT_001 = (
        gettext_noop("%(what)s is written as %(text)s; a rate of this kind is counted in ‰."),
        gettext_noop("Read it as ‰ after a look at the source."),
    )
    DOUBT_002 = (
        gettext_noop("%(what)s is %(text)s, more than the whole."),
        gettext_noop("Check the number; a rate stays at or below 100%%, a growth says so."),
    )
    DOUBT_003 = (
        gettext_noop(
            "%(what)s is counted in 人 (%(text)s), yet people who come twice count twice."
        ),
        gettext_noop("Decide whether it is 人 or 人次; the two never add."),
    )
    DOUBT_004 = (
        gettext_noop(
            "%(total)s is said to be the sum, and its parts add up to %(sum)s: %(parts)s."
        ),
        gettext_noop("Check the total and its parts in the source."),
    )
    DOUBT_005 = (
        gettext_noop("%(law)s is no longer in force: %(since)s."),
        gettext_noop("Cite %(now)s where the text is used again."),
    )
    DOUBT_006 = (
        gettext_noop("Characters are masked or lost: %(text)s."),
        gettext_noop("Look them up in the original; the gap is never filled."),
    )
    DOUBT_007 = (
        gettext_noop("A number is announced and not given: %(text)s."),
        gettext_noop("Look it up in the original; it counts as missing."),
    )
    DOUBT_008 = (
        gettext_noop("%(label)s stands without %(before)s before it."),
        gettext_noop("Check whether a part of the text is lost."),
    )
    DOUBT_009 = (
        gettext_noop("%(title)s is announced and nothing follows."),
        gettext_noop("Look for the missing part in the original."),
    )
    DOUBT_010 = (
        gettext_noop("The heading %(label)s runs on into its text: %(text)s."),
        gettext_noop("Part them where the heading ends."),
    )
    DOUBT_011 = (
        gettext_noop("The break before %(label)s was lost; it was put back."),
        gettext_noop("Check that the part begins there."),
    )
    DOUBT_012 = (
        gettext_noop("The title says %(said)s, yet by its content this is %(found)s."),
        gettext_noop("Nothing to do, unless the type is wrong; then give --as."),
    )
    DOUBT_013 = (
        gettext_noop("%(text)s may be a slip of the text recognition for %(guess)s."),
        gettext_noop("Check it in the original; the text was left as it is."),
    )
    DOUBT_014 = (
        gettext_noop("%(sign)s is opened and not closed."),
        gettext_noop("Check whether characters behind it are lost."),
    )
    DOUBT_015 = (
        gettext_noop("The date %(text)s has no year."),
        gettext_noop("Look the year up in the original%(hint)s."),
    )
    DOUBT_016 = (
        gettext_noop("%(what)s is given twice and differently: %(texts)s."),
        gettext_noop("Decide which one holds."),
    )
    DOUBT_017 = (
        gettext_noop("%(text)s is said twice in a row."),
        gettext_noop("Strike one of them."),
    )
