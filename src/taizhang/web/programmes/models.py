"""Tables: packs as they were installed, quotas as they were handed down."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

#: ``in_force_from`` of a version that rules from the beginning (a null would escape uniqueness).
ALWAYS = date.min
#: Lengths of the legal marks of a form.
NUMBER, AUTHORITY, APPROVAL = 100, 200, 200


class InstalledPack(models.Model):
    """One version of a pack, with the source it was installed from; never changed."""

    key = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    label = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # sha256 over the source files, in hex
    source = models.BinaryField()  # the source files as one ZIP
    in_force_from = models.DateField()
    installed_at = models.DateTimeField()
    installed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("key", "version"), name="pack_version_once"),
            models.UniqueConstraint(fields=("key", "in_force_from"), name="pack_one_in_force"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Quota(models.Model):
    """What a unit was told to reach of a measure over whole months, in ten-thousandths."""

    measure = models.CharField(max_length=130)  # qualified key
    unit = models.CharField(max_length=32)
    first_month = models.PositiveIntegerField()  # yyyymm
    last_month = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    handed_at = models.DateTimeField()
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("measure", "unit", "first_month", "last_month"), name="quota_once"
            ),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="quota_months_in_order"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="quota_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.unit} {self.first_month}..{self.last_month}"


class FormMark(models.Model):
    """The four legal marks of a form as the host was given them; the pack's own stand without."""

    form = models.CharField(max_length=130, unique=True)  # qualified key
    number = models.CharField(max_length=NUMBER, blank=True, default="")  # 表号
    authority = models.CharField(max_length=AUTHORITY, blank=True, default="")  # 制定机关
    approval = models.CharField(max_length=APPROVAL, blank=True, default="")  # 批准/备案文号
    expires_on = models.DateField(null=True)  # 有效期至
    # Whether others than the unit's own people are asked; null: as the pack lets it be seen.
    asks_others = models.BooleanField(null=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.form} {self.number}".strip()
