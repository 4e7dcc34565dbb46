"""Words for the actions of the log: what the log keeps is short and the same in every language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Every action that the software writes; a test holds the table to the code.
WORDS: dict[str, Promise] = {
    "account.locked": _("Account locked after wrong passwords"),
    "account.unlock": _("Account unlocked"),
    "appeal.answer": _("Appeal answered"),
    "appeal.file": _("Appeal filed"),
    "assessment.accept": _("Result accepted by its unit"),
    "assessment.correct": _("Signed assessment corrected"),
    "assessment.open": _("Assessment opened"),
    "assessment.publish": _("Scores published"),
    "assessment.score": _("Scores computed"),
    "assessment.sign": _("Assessment signed"),
    "assessment.withdraw": _("Assessment withdrawn"),
    "audit.cover": _("Tables of an older version taken into the log"),
    "baseline.store": _("Figures of an old text stored"),
    "circumstance.answer": _("Stated circumstance answered"),
    "circumstance.state": _("Circumstance stated"),
    "closing.close": _("Months closed"),
    "complaint.answer": _("Complaint answered"),
    "complaint.file": _("Complaint filed"),
    "document.draft": _("Document drafted"),
    "document.drop": _("Draft thrown away"),
    "document.fill": _("Blanks of a draft filled"),
    "document.freeze": _("Document frozen"),
    "exchange.refused": _("Sending from outside refused"),
    "facts.rebuild": _("Facts counted anew"),
    "form.mark": _("Legal marks of a form written"),
    "grant.change": _("Role given or taken"),
    "hold.confirm": _("Administrator's account confirmed"),
    "instance.begin": _("Instance made"),
    "instance.set-up": _("First three administrators made"),
    "instance.settings": _("Settings changed"),
    "pack.install": _("Pack installed"),
    "password.change": _("Own password changed"),
    "password.rehash": _("Own password kept at a higher cost"),
    "password.reset": _("Password reset"),
    "reading.begin": _("Old text taken in"),
    "reading.choose": _("Findings of an old text decided"),
    "reading.delete": _("Old text deleted"),
    "reading.type": _("Kind of an old text set"),
    "record.accept": _("Record accepted"),
    "record.accept.late": _("Record accepted into a closed month"),
    "record.accept.moved": _("Record accepted after the role had ended"),
    "record.accept.moved.late": _("Record accepted after the role had ended, into a closed month"),
    "record.attach": _("Picture attached"),
    "record.review.accepted": _("Record reviewed: accepted as it is"),
    "record.review.answered": _("Record reviewed: question answered"),
    "record.review.questioned": _("Record reviewed: questioned"),
    "record.review.returned": _("Record reviewed: returned"),
    "records.import": _("Records imported"),
    "records.import.late": _("Records imported into closed months"),
    "records.import.moved": _("Records imported after the role had ended"),
    "records.import.moved.late": _("Records imported after the role had ended, into closed months"),
    "recovery.renew": _("Recovery codes made anew"),
    "recovery.use": _("Recovery code used"),
    "score.decide": _("Item decided"),
    "sessions.end": _("Logged out everywhere"),
    "setup.open": _("Set-up address made"),
    "target.hand_down": _("Quota handed down"),
    "target.take_back": _("Quota taken back"),
    "token.make": _("Token made"),
    "token.revoke": _("Token revoked"),
    "totp.off": _("One-time codes switched off"),
    "totp.on": _("One-time codes switched on"),
    "totp.remove": _("One-time codes removed for somebody"),
    "units.import": _("Units imported"),
    "user.add": _("Person added"),
    "user.return": _("Person let in again"),
    "user.stop": _("Person stopped"),
}


def action_words(action: str) -> str:
    """Say an action in the reader's language; one of another version stays as it is."""
    words = WORDS.get(action)
    return action if words is None else str(words)
