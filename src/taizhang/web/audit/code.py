"""The messages about access, the log, the rows and files that it seals, and the schema."""

from __future__ import annotations

from taizhang.core.base.issue import Code, gettext_noop


class AccessCode(Code):
    """Why somebody may not do something."""

    ACCESS_001 = (
        gettext_noop("You may not do this here (%(action)s)."),
        gettext_noop("Ask the owner of the instance for a role that allows it."),
    )


class AuditCode(Code):
    """What can be wrong with the log; each is a sign that somebody changed it."""

    AUDIT_001 = (
        gettext_noop("Rows %(first)s to %(last)s of the log were changed after they were written."),
        gettext_noop("Compare with a backup made before; restore it if it verifies."),
    )
    AUDIT_002 = (
        gettext_noop("Rows %(first)s to %(last)s of the log are missing."),
        gettext_noop("Compare with a backup made before; restore it if it verifies."),
    )
    AUDIT_003 = (
        gettext_noop("Row %(last)s of the log does not follow the row before it."),
        gettext_noop("Somebody joined two logs; compare with a backup made before."),
    )
    AUDIT_004 = (
        gettext_noop("The log ends with row %(found)s, its head says row %(wanted)s."),
        gettext_noop("Its end was cut off or added to; compare with a backup made before."),
    )
    AUDIT_005 = (
        gettext_noop("The log has %(found)s rows, the head kept outside says %(wanted)s."),
        gettext_noop("It was cut off or put back to an older state; find the newer one."),
    )
    AUDIT_006 = (
        gettext_noop("Row %(wanted)s of the log is not the one that the head kept outside names."),
        gettext_noop("The log was put back and written on, or is another instance's."),
    )
    AUDIT_007 = (
        gettext_noop("'%(text)s' is not the head of a log."),
        gettext_noop("Write COUNT:DIGEST as taizhang audit head printed them."),
    )
    AUDIT_018 = (
        gettext_noop("The store holds values that cannot be read, and more may be wrong: %(why)s."),
        gettext_noop("Somebody wrote into the database itself; restore a backup that verifies."),
    )


class SealedRowsCode(Code):
    """What can be wrong with the rows that the log covers; each is a sign of a foreign hand."""

    AUDIT_008 = (
        gettext_noop("%(id)s in %(table)s is not as row %(row)s of the log recorded it."),
        gettext_noop("It was changed in the database itself; compare with a backup made before."),
    )
    AUDIT_009 = (
        gettext_noop(
            "Row %(row)s of the log wrote %(wanted)s rows; %(found)s are stored, or others."
        ),
        gettext_noop("Some were taken away or put in by hand; compare with a backup made before."),
    )
    AUDIT_010 = (
        gettext_noop("%(id)s in %(table)s names row %(row)s of the log, which did not write it."),
        gettext_noop("It was put in by hand, or the log was; compare with a backup made before."),
    )
    AUDIT_011 = (
        gettext_noop(
            "%(found)s rows of %(table)s name no row of the log; %(wanted)s are older than that."
        ),
        gettext_noop(
            "Some were put in or taken away by hand, such as %(id)s; compare with a backup."
        ),
    )
    AUDIT_012 = (
        gettext_noop("%(count)s more rows are not as the log recorded them."),
        gettext_noop("Compare with a backup made before; restore it if it verifies."),
    )
    AUDIT_013 = (
        gettext_noop("%(id)s in %(table)s was written by no row of the log."),
        gettext_noop("It was put in by hand; compare with a backup made before."),
    )
    AUDIT_014 = (
        gettext_noop("%(id)s in %(table)s, which row %(row)s of the log wrote, is not there."),
        gettext_noop("It was taken away by hand; compare with a backup made before."),
    )


class SealedFilesCode(Code):
    """What can be wrong with what is kept beside rows."""

    AUDIT_015 = (
        gettext_noop("%(count)s more files or texts are missing or do not open."),
        gettext_noop("Put back what is named, then verify once more; or restore a backup."),
    )


class SchemaCode(Code):
    """What can be foreign in the store, or lacking."""

    AUDIT_016 = (
        gettext_noop("The store holds %(what)s, which this software does not make."),
        gettext_noop(
            "It was put in by hand: see what it does, take it out again, and compare the data with "
            "a backup made before."
        ),
    )
    AUDIT_017 = (
        gettext_noop("The store lacks %(what)s, which this software makes."),
        gettext_noop("It was taken out by hand; compare with a backup made before."),
    )
