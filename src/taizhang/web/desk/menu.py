"""The menu: every room of the house in the order in which it is offered, and who may open it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.web.accounts.nav import Entry

#: In this order; a telephone shows the first four that are open in its bar, the rest under "More".
ENTRIES = (
    Entry("desk:home", _("Desk"), "home", "figure.read"),
    Entry("ledger:record", _("Record work"), "plus", "record.accept"),
    Entry("ledger:records", _("Records"), "list", "record.read"),
    Entry("plans:plan", _("Plan"), "check", "plan.read"),
    Entry("figures:programme", _("Figures"), "chart", "figure.read"),
    Entry("assess:list", _("Assessment"), "scale", "score.read"),
    Entry("office:list", _("Documents"), "page", "document.read"),
    Entry("plans:calendar", _("Calendar"), "calendar", "plan.read"),
    Entry("office:reading", _("Old texts"), "inbox", "reading.use"),
    Entry("plans:burden", _("Burden"), "clock", "burden.read"),
    Entry("host:packs", _("Packs"), "box", "pack.read"),
    Entry("host:units", _("Units"), "tree", "units.import"),
    Entry("accounts:people", _("People"), "people", "user.read"),
    Entry("accounts:waiting", _("Confirmations"), "check", "hold.confirm"),
    Entry("host:settings", _("Settings"), "gear", "instance.settings"),
    Entry("host:audit", _("Audit log"), "shield", "audit.read"),
    Entry("host:complaints", _("Complaints"), "speech", "complaint.answer"),
)
