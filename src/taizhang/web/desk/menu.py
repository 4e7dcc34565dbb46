"""The menu: every room of the house in the order in which it is offered, and who may open it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from taizhang.web.accounts.navigation import MenuEntry

#: In this order; a telephone shows the first four that are open in its bar, the rest under "More".
ENTRIES = (
    MenuEntry("desk:home", _("Desk"), "home", "figure.read"),
    MenuEntry("ledger:record", _("Record work"), "plus", "record.accept"),
    MenuEntry("ledger:records", _("Records"), "list", "record.read"),
    MenuEntry("plans:plan", _("Plan"), "check", "plan.read", of_units=True),
    MenuEntry("figures:programme", _("Figures"), "chart", "figure.read", of_units=True),
    MenuEntry("cases:list", _("Cases"), "inbox", "record.read"),
    MenuEntry("things:list", _("Things"), "box", "record.read"),
    MenuEntry("assess:list", _("Assessment"), "scale", "score.read", of_units=True),
    MenuEntry("office:list", _("Documents"), "page", "document.read", of_units=True),
    MenuEntry("office:outside", _("Forms of others"), "list", "document.read", of_units=True),
    MenuEntry("plans:calendar", _("Calendar"), "calendar", "plan.read", of_units=True),
    MenuEntry("office:reading", _("Old texts"), "inbox", "reading.use", of_units=True),
    MenuEntry("plans:burden", _("Burden"), "clock", "burden.read", of_units=True),
    MenuEntry("host:packs", _("Packs"), "box", "pack.read"),
    MenuEntry("host:units", _("Units"), "tree", "units.import"),
    MenuEntry("accounts:people", _("People"), "people", "user.read"),
    MenuEntry("accounts:waiting", _("Confirmations"), "check", "hold.confirm"),
    MenuEntry("host:settings", _("Settings"), "gear", "instance.settings"),
    MenuEntry("host:audit", _("Audit log"), "shield", "audit.read"),
    MenuEntry("host:complaints", _("Complaints"), "speech", "complaint.answer"),
)
