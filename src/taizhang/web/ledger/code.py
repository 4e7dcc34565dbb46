"""The messages about records, their way in, facts, closings, evidence and reviews."""

from __future__ import annotations

from taizhang.core.base.issue import Code, Marked, gettext_noop

#: What a record says of itself, as people call it who never saw a file of records.
CALLED = {
    "id": Marked(gettext_noop("number of the record (id)")),
    "form": Marked(gettext_noop("form")),
    "unit": Marked(gettext_noop("unit")),
    "with": Marked(gettext_noop("credited units (with)")),
    "confirmed": Marked(gettext_noop("units that have agreed (confirmed)")),
    "date": Marked(gettext_noop("date")),
    "answers": Marked(gettext_noop("answers")),
    "pack_version": Marked(gettext_noop("version of the pack (pack_version)")),
    "replaces": Marked(gettext_noop("number of the corrected record (replaces)")),
    "withdraws": Marked(gettext_noop("number of the withdrawn record (withdraws)")),
    "reason": Marked(gettext_noop("reason")),
    "case": Marked(gettext_noop("case")),
    "step": Marked(gettext_noop("step of the case (step)")),
    "time": Marked(gettext_noop("time of day (time)")),
    "by": Marked(gettext_noop("who did it (by)")),
    "record": Marked(gettext_noop("record")),
}
ONE_LINE = Marked(gettext_noop("one line of plain text, without blanks at its ends"))


class RecordCode(Code):
    """What can be wrong with a record."""

    RECORD_001 = (
        gettext_noop("The line is not JSON: %(why)s."),
        gettext_noop("Write one JSON object a line, in UTF-8."),
    )
    RECORD_002 = (
        gettext_noop("The %(field)s is not written as it must be: %(wanted)s."),
        gettext_noop("Write it so; in a file of records as docs/reference/records.md shows."),
    )
    RECORD_003 = (
        gettext_noop("A record has no '%(field)s'."),
        gettext_noop("Remove it, or use one of: %(known)s."),
    )
    RECORD_004 = (
        gettext_noop("The %(field)s is missing."),
        gettext_noop("Every record needs id, form, unit, date and answers."),
    )
    RECORD_005 = (
        gettext_noop("The %(field)s is longer than %(most)s characters."),
        gettext_noop("Shorten it."),
    )
    RECORD_006 = (
        gettext_noop("The record '%(id)s' was accepted before with other content."),
        gettext_noop(
            "A record never changes: send the correction under a new id that replaces '%(id)s'."
        ),
    )
    RECORD_007 = (
        gettext_noop("No pack in force on %(date)s has the form '%(form)s'."),
        gettext_noop("Use one of: %(known)s."),
    )
    RECORD_008 = (
        gettext_noop("The record speaks of %(date)s, which lies after today, %(today)s."),
        gettext_noop("Correct the date, or record it when it has happened."),
    )
    RECORD_009 = (
        gettext_noop("The unit '%(unit)s' does not exist on %(date)s."),
        gettext_noop(
            "Look at the date, and take the unit that existed on that day: after a merge the new "
            "one, before it the old one. In a file write its 12-digit code, not its name."
        ),
    )
    RECORD_010 = (
        gettext_noop("The unit '%(unit)s' is a %(kind)s; the pack %(pack)s is kept by: %(kinds)s."),
        gettext_noop("Record it for a unit that keeps the pack."),
    )
    RECORD_011 = (
        gettext_noop("The record credits the unit '%(unit)s' twice, or its own unit."),
        gettext_noop("Name each other unit once; the record's own unit counts anyway."),
    )
    RECORD_012 = (
        gettext_noop("There is no record '%(target)s' to replace or withdraw."),
        gettext_noop("Send the record that it corrects first, then this one again."),
    )
    RECORD_013 = (
        gettext_noop("The record '%(target)s' was replaced or withdrawn before."),
        gettext_noop(
            "Open the record that stands now, from the page of this one, and correct that."
        ),
    )
    RECORD_014 = (
        gettext_noop("The record '%(target)s' is a withdrawal and states nothing."),
        gettext_noop("Send the record anew under a new id."),
    )
    RECORD_015 = (
        gettext_noop("A record that replaces or withdraws another gives no reason."),
        gettext_noop("Say why, such as: head count corrected after the sign-in sheet."),
    )
    RECORD_016 = (
        gettext_noop("The record replaces one record and withdraws another at once."),
        gettext_noop("Send two records."),
    )
    RECORD_017 = (
        gettext_noop("A withdrawal has answers."),
        gettext_noop("Leave the answers away, or correct the record instead."),
    )
    RECORD_018 = (
        gettext_noop("The record '%(target)s' was made with the form '%(form)s'."),
        gettext_noop("Replace or withdraw it with the same form."),
    )
    RECORD_019 = (
        gettext_noop("You may not record for the unit '%(unit)s'."),
        gettext_noop(
            "Ask the security administrator for the role of recorder there. What you filled in "
            "before you moved is taken for 30 days; later save a backup file in the sending list "
            "and give it to the unit's lead, who can send it."
        ),
    )
    RECORD_020 = (
        gettext_noop("The id '%(id)s' stands in the file twice with different content."),
        gettext_noop("Give each record an id of its own."),
    )
    RECORD_021 = (
        gettext_noop(
            "The record was filled in with version %(version)s of the pack %(pack)s and is counted "
            "by version %(ruling)s, in force on its date; what was not asked gives no number."
        ),
        gettext_noop("Nothing needs to be done; use the form of today for the next record."),
    )
    RECORD_022 = (
        gettext_noop("There is no record '%(id)s' that you may see."),
        gettext_noop("Check the id."),
    )
    RECORD_023 = (
        gettext_noop("'%(id)s' cannot be the id of a record, which stands in the log for ever."),
        gettext_noop(
            "Give a UUID, or plain letters, digits and the signs . _ : / - after the first; no "
            "names, telephone or identity numbers."
        ),
    )
    RECORD_024 = (
        gettext_noop(
            "The form '%(form)s' of version %(version)s of its pack was never installed here."
        ),
        gettext_noop(
            "Name the version with which the record was filled in, one of: %(known)s; without "
            "'pack_version' the one in force on its date is taken."
        ),
    )
    RECORD_025 = (
        gettext_noop(
            "On %(date)s the form “%(form)s” was not yet, or no longer, in force: the record is "
            "kept and counts for no number."
        ),
        gettext_noop("Look whether the date is right; else nothing needs to be done."),
    )
    RECORD_026 = (
        gettext_noop(
            "%(count)s records are of days long past or before the ledger began, the earliest, "
            "'%(id)s', of %(date)s."
        ),
        gettext_noop("If a year is a slip, correct these records; else nothing needs to be done."),
    )
    RECORD_031 = (
        gettext_noop(
            "The reason of a correction or withdrawal holds the character %(sign)s, which nobody "
            "can see."
        ),
        gettext_noop("Take the character out, or type the reason anew."),
    )


class ClosingCode(Code):
    """What can be wrong with closing a month."""

    CLOSING_001 = (
        gettext_noop("The month %(month)s has not ended."),
        gettext_noop("Close it on its last day or later."),
    )
    CLOSING_002 = (
        gettext_noop("No pack '%(pack)s' is in force in %(month)s."),
        gettext_noop("Use one of: %(known)s."),
    )
    CLOSING_003 = (
        gettext_noop("The unit '%(unit)s' does not exist or does not keep the pack %(pack)s."),
        gettext_noop("Name a unit of one of the kinds: %(kinds)s."),
    )


class FactsCode(Code):
    """What can be wrong with the stored facts."""

    FACTS_001 = (
        gettext_noop(
            "The stored facts differ from what the records state: %(facts)s facts and %(cells)s "
            "cells of the month cube were stored that are not so, first in record '%(id)s'."
        ),
        gettext_noop(
            "They are replaced now. If no pack was put in force for past days, look for who wrote "
            "into the database."
        ),
    )
    FACTS_002 = (
        gettext_noop("The month cube lacks a cell of the record that is replaced or withdrawn."),
        gettext_noop("Tell the system administrator; 'taizhang facts rebuild' puts it right."),
    )
    FACTS_003 = (
        gettext_noop(
            "What is stored about things differs from what the records state: %(states)s states "
            "and the present state of %(things)s things were not so."
        ),
        gettext_noop(
            "They are replaced now. If no units were merged or recoded for past days, look for who "
            "wrote into the database."
        ),
    )
    FACTS_004 = (
        gettext_noop(
            "What is stored of facts, of the month cube or of things is not what the records state."
        ),
        gettext_noop(
            "Run: taizhang facts rebuild. It says where and puts it right. If no pack was put in "
            "force and no unit merged for past days, look for who wrote into the database."
        ),
    )
    FACTS_005 = (
        gettext_noop(
            "What is stored about the credit of units differs from what they answered, %(credits)s "
            "times."
        ),
        gettext_noop("It is put right now. Look for who wrote into the database."),
    )


class CreditCode(Code):
    """Why a unit's answer about its credit was not taken."""

    CREDIT_001 = (
        gettext_noop("The record '%(id)s' credits no unit '%(unit)s' for which you may answer."),
        gettext_noop(
            "Look at the record's page: only who may record for a unit named there answers for it."
        ),
    )
    CREDIT_002 = (
        gettext_noop("The record '%(id)s' no longer stands: it was corrected or withdrawn."),
        gettext_noop("Answer the record that stands now; the page of this one names it."),
    )
    CREDIT_003 = (
        gettext_noop("No reason is given why the record shall not count for the unit."),
        gettext_noop("Say it in a sentence of at most %(most)s characters, such as: not with us."),
    )
    CREDIT_004 = (
        gettext_noop(
            "The unit '%(unit)s' took its confirmation of the record '%(id)s' back; it stays so."
        ),
        gettext_noop(
            "Ask the unit that wrote it to correct the record; then it can be confirmed anew."
        ),
    )


class EvidenceCode(Code):
    """What can be wrong with an attached file."""

    EVIDENCE_001 = (
        gettext_noop("The file '%(name)s' is none of the kinds that can be attached."),
        gettext_noop("Attach a photo (JPEG, PNG, WebP)."),
    )
    EVIDENCE_002 = (
        gettext_noop("The file '%(name)s' has %(size)s bytes; %(most)s are allowed."),
        gettext_noop("Make the file smaller."),
    )
    EVIDENCE_003 = (
        gettext_noop("The picture '%(name)s' cannot be read: %(why)s."),
        gettext_noop("Take or save it again."),
    )
    EVIDENCE_004 = (
        gettext_noop("The stored file %(digest)s is missing or was changed."),
        gettext_noop("Restore the media folder from a backup."),
    )
    EVIDENCE_005 = (
        gettext_noop("The picture %(digest)s… of record '%(uid)s' is missing."),
        gettext_noop("Take the file from an archive made before and put it back at this place."),
    )
    EVIDENCE_006 = (
        gettext_noop("The picture %(digest)s… of record '%(uid)s' does not open."),
        gettext_noop(
            "Its file was changed, or evidence.key is not the one it was sealed with: take the one "
            "or the other from a copy made before."
        ),
    )
    EVIDENCE_007 = (
        gettext_noop("This file in the media folder is none that the ledger keeps."),
        gettext_noop("It was put there by hand, or changed: look what it is, and take it away."),
    )
    EVIDENCE_008 = (
        gettext_noop("This picture belongs to no record: its write was broken off."),
        gettext_noop("It may be deleted; the record's sender sends it once more."),
    )
    EVIDENCE_009 = (
        gettext_noop("Pictures can neither be kept nor shown: this server lacks their key."),
        gettext_noop("Tell the keeper of the server, who runs taizhang audit verify."),
    )


class SentCode(Code):
    """What can be said about a filled-in form that was sent, besides its faults."""

    SENT_013 = (
        gettext_noop("The file '%(name)s' is not named by the filled-in form and was not kept."),
        gettext_noop("Nothing needs to be done; a picture that was taken out is not sent again."),
    )
    SENT_014 = (
        gettext_noop(
            "The form was filled in by its version %(version)s; today version %(ruling)s is in "
            "force."
        ),
        gettext_noop("Fetch the forms anew before the next record."),
    )
    SENT_015 = (
        gettext_noop(
            "The record is of %(date)s, %(days)s days before today, and counts in %(month)s."
        ),
        gettext_noop("If the date is a slip, or the phone's clock was wrong, correct the record."),
    )
    SENT_016 = (
        gettext_noop(
            "The record is of %(date)s and counts in %(month)s; the ledger begins with %(start)s."
        ),
        gettext_noop("If the date is a slip, or the phone's clock was wrong, correct the record."),
    )


class OpinionCode(Code):
    """Why a review was not written."""

    OPINION_001 = (
        gettext_noop("A question or a return says nothing."),
        gettext_noop("Write what is asked or what has to be put right, in a sentence."),
    )
    OPINION_002 = (
        gettext_noop("The record '%(id)s' no longer stands: it was corrected or withdrawn."),
        gettext_noop("Review the record that stands now; the page of this one names it."),
    )
    OPINION_003 = (
        gettext_noop("The note has %(length)s characters; it may have %(most)s."),
        gettext_noop("Shorten it."),
    )
    OPINION_004 = (
        gettext_noop("Nobody waits for an answer about the record '%(id)s'."),
        gettext_noop("Nothing needs to be done."),
    )
