"""What can be wrong with what the host is asked to do."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class HostCode(Code):
    """What can be wrong with setting up, settings, uploads and complaints."""

    HOST_001 = (
        gettext_noop("This set-up address is not the one that the server printed last."),
        gettext_noop("Copy the whole address from the window in which taizhang serve runs."),
    )
    HOST_002 = (
        gettext_noop("This instance is set up: somebody can log in already."),
        gettext_noop("Log in, or ask the security administrator for a new password."),
    )
    HOST_003 = (
        gettext_noop("'%(days)s' is no whole number of days."),
        gettext_noop("Write a whole number, such as 10, or leave the field empty."),
    )
    HOST_004 = (
        gettext_noop("The file '%(file)s' cannot be opened as a pack: %(why)s."),
        gettext_noop("Upload one ZIP file of the pack's folder, of at most 20 MB."),
    )
    HOST_005 = (
        gettext_noop("No file was chosen."),
        gettext_noop("Choose a file first."),
    )
    HOST_006 = (
        gettext_noop("There is nothing to read in the complaint or its answer."),
        gettext_noop("Write 1 to 4,000 characters."),
    )
    HOST_007 = (
        gettext_noop("The complaint was answered on %(day)s."),
        gettext_noop("An answer stays as it was given; the person can complain again."),
    )
    HOST_008 = (
        gettext_noop("'%(text)s' is not a day."),
        gettext_noop("Write the day as 2026-07-01."),
    )
    HOST_009 = (
        gettext_noop("The file '%(file)s' is too large: %(why)s bytes."),
        gettext_noop("A file of units has one line for each; split it, or see what it really is."),
    )
