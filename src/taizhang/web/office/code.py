"""What can be wrong with drafts, old texts and their reviews."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class OfficeCode(Code):
    """What can be wrong with a draft, a frozen document or the review of an old text."""

    OFFICE_001 = (
        gettext_noop("There is no such document."),
        gettext_noop("Go back to the list of documents."),
    )
    OFFICE_002 = (
        gettext_noop("What stands in '%(prompt)s' has %(found)s characters, more than %(most)s."),
        gettext_noop("Shorten it; put the rest into an annex."),
    )
    OFFICE_003 = (
        gettext_noop("Somebody else saved the draft meanwhile."),
        gettext_noop("Load the page again, look at their words, then write yours."),
    )
    OFFICE_004 = (
        gettext_noop("Blanks are not filled: %(prompts)s."),
        gettext_noop("Fill them, or tick that they are to be left open in the frozen document."),
    )
    OFFICE_005 = (
        gettext_noop("Version %(number)s is not as it was frozen."),
        gettext_noop("Verify the audit log and restore the version from a backup."),
    )
    OFFICE_006 = (
        gettext_noop("There is no such old text."),
        gettext_noop("Go back to the list of old texts."),
    )
    OFFICE_007 = (
        gettext_noop("No file was sent."),
        gettext_noop("Choose a file: .txt, .docx, .html, .xlsx, or .pdf with text."),
    )
    OFFICE_008 = (
        gettext_noop("The file '%(name)s' has %(size)s bytes, more than %(most)s."),
        gettext_noop("Split it, or leave out its pictures."),
    )
    OFFICE_009 = (
        gettext_noop("'%(measure)s' is no measure of an installed pack."),
        gettext_noop("Choose one of the list, or leave it empty."),
    )
    OFFICE_010 = (
        gettext_noop("The figure '%(what)s' is historic and is compared to nothing."),
        gettext_noop("Leave its measure empty."),
    )
    OFFICE_011 = (
        gettext_noop("The sealed text cannot be opened: key or content do not fit."),
        gettext_noop("Put the instance's keys back, or restore the database from a backup."),
    )
    OFFICE_014 = (
        gettext_noop("The old text %(id)s of %(unit)s does not open."),
        gettext_noop(
            "It was changed, or evidence.key is not the one it was sealed with: put back the key "
            "folder, or restore a backup."
        ),
    )
    OFFICE_012 = (
        gettext_noop("The draft cannot be thrown away: it has frozen versions."),
        gettext_noop("Leave it; frozen documents stay on record."),
    )
    OFFICE_013 = (
        gettext_noop("The old text has no finding %(finding)s."),
        gettext_noop("Load the page again."),
    )
    OFFICE_015 = (
        gettext_noop("There is no such form of another office."),
        gettext_noop("Go back to the list of forms."),
    )
    OFFICE_016 = (
        gettext_noop("The form has no name."),
        gettext_noop("Write what the department calls it."),
    )
    OFFICE_017 = (
        gettext_noop("Somebody else changed the mapping meanwhile."),
        gettext_noop("Load the page again, look at what they chose, then choose."),
    )
    OFFICE_018 = (
        gettext_noop("The form of another office %(id)s of %(unit)s does not open."),
        gettext_noop(
            "It was changed, or evidence.key is not the one it was sealed with: put back the key "
            "folder, or restore a backup."
        ),
    )
