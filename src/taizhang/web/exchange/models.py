"""Tables: the addresses by which programs act for a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

NAME = 60


class Kind(models.TextChoices):
    """What an address lets a program do: a calendar that leaks cannot record."""

    PHONE = "phone", _("Phone (ODK Collect)")
    CALENDAR = "calendar", _("Calendar")


class Token(models.Model):
    """An address for one program of one person and one unit; when it was used is not kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=NAME)
    digest = models.CharField(max_length=64, unique=True)  # keyed; the secret itself is not kept
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="token_expires_after_made"
            ),
            models.CheckConstraint(condition=~Q(unit=""), name="token_has_unit"),
        ]

    def __str__(self) -> str:
        return self.name
