"""Issue codes of parcels: what can be wrong with an export, its signature or a key."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class SendingCode(Code):
    """What can be wrong with an export, its signature or a key."""

    SENDING_001 = (
        gettext_noop("The key cannot be read: %(why)s."),
        gettext_noop("Name a file that taizhang facts key made."),
    )
    SENDING_002 = (
        gettext_noop("There is a file already."),
        gettext_noop("Name a new file; a key is never written over."),
    )
    SENDING_003 = (
        gettext_noop("The folder holds no signed export."),
        gettext_noop("Name a folder that taizhang facts export wrote, or several joined in one."),
    )
    SENDING_004 = (
        gettext_noop("The list of files of district %(district)s cannot be read: %(why)s."),
        gettext_noop("Have the district send its export again."),
    )
    SENDING_005 = (
        gettext_noop("No key of district %(district)s is known."),
        gettext_noop("Ask the district for its public key, by another way, as '%(file)s'."),
    )
    SENDING_006 = (
        gettext_noop("The signature does not fit the list of files of district %(district)s."),
        gettext_noop("The list or the key is not the district's; have it send both again."),
    )
    SENDING_007 = (
        gettext_noop("The list of district %(district)s names '%(path)s', which is not its own."),
        gettext_noop("Have the district send its export again; nothing of it is read."),
    )
    SENDING_008 = (
        gettext_noop("A file that district %(district)s signed is missing."),
        gettext_noop("Copy the export again, all files of it."),
    )
    SENDING_009 = (
        gettext_noop("The file is not the one that district %(district)s signed."),
        gettext_noop("Copy the export again; if it stays so, have the district send it again."),
    )
    SENDING_010 = (
        gettext_noop("No district signed this file."),
        gettext_noop("Take it out of the folder, or add the list that names it."),
    )
