"""What the navigation offers: an entry for each room of the house that the person may enter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from taizhang.core.unit.body import BODY_SIGN
from taizhang.web.accounts.access import ALLOWED, SEPARATED
from taizhang.web.accounts.models import Grant, User
from taizhang.web.accounts.person.holds import holds_of


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One room: name of its address, label, icon, and the action that opens it.

    ``of_units``: it shows what only units of the tree have (plans, figures, scores); whoever works
    at bodies alone is not offered it.
    """

    name: str
    label: Promise
    icon: str
    action: str
    of_units: bool = False


_entries: list[MenuEntry] = []


def entries_register(entries: Iterable[MenuEntry]) -> None:
    """Say what the menu offers, in this order; the uppermost app does, which knows all rooms."""
    _entries[:] = entries


def room_of(path: str) -> str:
    """Name the room that a page belongs to; '' where it belongs to none."""
    named = [(reverse(entry.name), entry.label) for entry in _entries]
    fitting = [(len(address), str(label)) for address, label in named if _is_here(path, address)]
    return max(fitting)[1] if fitting else ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry as it stands in the page."""

    address: str
    label: Promise
    icon: str
    current: bool


def navigation(request: HttpRequest) -> list[MenuItem]:
    """Give the entries that the signed-in person may open; none for anybody else."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return []
    held = list(Grant.objects.filter(user=user).values_list("role", "unit"))
    roles = {role for role, _ in held}
    at_units = any(BODY_SIGN not in unit for _, unit in held)
    if roles & SEPARATED and holds_of(user):
        roles -= SEPARATED  # the account rests: none of their rooms is open
    allowed = frozenset[str]().union(*(ALLOWED[role] for role in roles))
    entries = [
        entry
        for entry in _entries
        if {entry.action, "*"} & allowed and (at_units or not entry.of_units)
    ]
    addresses = [reverse(entry.name) for entry in entries]
    # A room inside another is where one stands, not the other as well.
    here = max(
        (address for address in addresses if _is_here(request.path, address)), default="", key=len
    )
    return [
        MenuItem(address, entry.label, entry.icon, address == here)
        for entry, address in zip(entries, addresses, strict=True)
    ]


def _is_here(path: str, address: str) -> bool:
    return path == address or (address != "/" and path.startswith(address))
