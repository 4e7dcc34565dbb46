"""Tables of the host: complaints about burden, with their answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Complaint(models.Model):
    """What somebody who works with the ledger finds burdensome, and what the host answers."""

    about = models.CharField(max_length=300, blank=True)  # address of the page it is about
    text = models.TextField()
    unit = models.CharField(max_length=32, blank=True)  # home of who complains; '' for none
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Whoever answers does not see the name.
    unnamed = models.BooleanField(default=False)
    filed_at = models.DateTimeField()
    due_date = models.DateField()  # the last day for the answer
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "host_complaint"
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="")
                | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="host_complaint_answered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.filed_at:%Y-%m-%d}"


class Staged(models.Model):
    """Files that somebody uploaded to look at what they would do; gone after a day."""

    kind = models.CharField(max_length=16)  # units, pack
    files = models.BinaryField()  # a seal, then one ZIP
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "host_staged"

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
