"""Tables: the decisions of assessors."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Decision(models.Model):
    """What an assessor decided for one item, unit and period; never changed, the latest stands.

    ``points`` are stored in ten-thousandths.  ``errors`` of ``checked`` fields is what a sample
    found, where the rubric turns it into points.
    """

    rubric = models.CharField(max_length=64)
    item = models.CharField(max_length=64)
    unit = models.CharField(max_length=32)
    first_month = models.PositiveIntegerField()  # yyyymm
    last_month = models.PositiveIntegerField()
    points = models.BigIntegerField(null=True)
    errors = models.PositiveIntegerField(null=True)
    checked = models.PositiveIntegerField(null=True)
    reason = models.TextField(blank=True)  # about the unit's work, never about a person
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("rubric", "first_month", "last_month", "unit"), name="decision_of_period"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(points__isnull=False) | Q(checked__isnull=False),
                name="decision_says_something",
            ),
            models.CheckConstraint(
                condition=Q(errors__isnull=True, checked__isnull=True)
                | Q(errors__lte=F("checked"), checked__gt=0),
                name="decision_errors_among_checked",
            ),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="decision_months_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rubric} {self.item} {self.unit} {self.first_month}..{self.last_month}"
