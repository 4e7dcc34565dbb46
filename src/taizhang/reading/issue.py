"""What can be wrong with a text that is read, and what is doubtful in it."""

from __future__ import annotations

from taizhang.core.issue import Code, gettext_noop


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
