"""What was done to an administrator's account, in words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()
_WORDS = {
    "grant.change": _("Role given"),
    "password.reset": _("New one-time password"),
    "totp.remove": _("One-time codes switched off"),
    "user.return": _("Let in again after being stopped"),
}


@register.filter
def hold_words(action: str) -> str:
    """Say an action after which an account rests."""
    return str(_WORDS[action])
