"""What the navigation offers: an entry for each room of the house that the person may enter."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from taizhang.web.accounts.access import ALLOWED, SEPARATED
from taizhang.web.accounts.holds import holds_of
from taizhang.web.accounts.models import Grant, User


@dataclass(frozen=True, slots=True)
class Entry:
    """One room: name of its address, label, icon, and the action that opens it."""

    name: str
    label: Promise
    icon: str
    action: str


#: In this order; a telephone shows the first four that are open in its bar, the rest under "More".
ENTRIES = (
    Entry("desk:home", _("Desk"), "home", "figure.read"),
    Entry("ledger:record", _("Record work"), "plus", "record.accept"),
    Entry("ledger:records", _("Records"), "list", "record.read"),
    Entry("desk:plan", _("Plan"), "check", "plan.read"),
    Entry("desk:figures", _("Figures"), "chart", "figure.read"),
    Entry("assess:list", _("Assessment"), "scale", "score.read"),
    Entry("office:list", _("Documents"), "page", "document.read"),
    Entry("desk:calendar", _("Calendar"), "calendar", "plan.read"),
    Entry("office:reading", _("Old texts"), "inbox", "reading.use"),
    Entry("desk:burden", _("Burden"), "clock", "burden.read"),
    Entry("host:packs", _("Packs"), "box", "pack.read"),
    Entry("host:units", _("Units"), "tree", "units.import"),
    Entry("accounts:people", _("People"), "people", "user.read"),
    Entry("accounts:waiting", _("Confirmations"), "check", "hold.confirm"),
    Entry("host:settings", _("Settings"), "gear", "instance.settings"),
    Entry("host:audit", _("Audit log"), "shield", "audit.read"),
    Entry("host:complaints", _("Complaints"), "speech", "complaint.answer"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it stands in the page."""

    address: str
    label: Promise
    icon: str
    current: bool


def navigation(request: HttpRequest) -> list[Shown]:
    """Give the entries that the signed-in person may open; none for anybody else."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    roles = set(Grant.objects.filter(user=user).values_list("role", flat=True))
    if roles & SEPARATED and holds_of(user):
        roles -= SEPARATED  # the account rests: none of their rooms is open
    allowed = frozenset[str]().union(*(ALLOWED[role] for role in roles))
    entries = [entry for entry in ENTRIES if {entry.action, "*"} & allowed]
    addresses = [reverse(entry.name) for entry in entries]
    # A room inside another is where one stands, not the other as well.
    here = max(
        (address for address in addresses if _is_here(request.path, address)), default="", key=len
    )
    return [
        Shown(address, entry.label, entry.icon, address == here)
        for entry, address in zip(entries, addresses, strict=True)
    ]


def _is_here(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))
