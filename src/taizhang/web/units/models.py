"""Tables of the tree through time.

"Always" is stored as 0001-01-01 and 9999-12-31, so that every comparison of days is plain.
"""

from __future__ import annotations

from datetime import date

from django.db import models

from taizhang.core.unit.tree import ChangeKind, UnitLevel


class Unit(models.Model):
    """One unit in one stretch of time."""

    code = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    level = models.CharField(
        max_length=16, choices=[(level.value, level.value) for level in UnitLevel]
    )
    kind = models.CharField(max_length=32)
    parent = models.CharField(max_length=32, blank=True)  # '' at the top
    valid_from = models.DateField(default=date.min)
    valid_to = models.DateField(default=date.max)

    class Meta:
        db_table = "units_unit"
        ordering = ("code", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=("code", "valid_from"), name="units_unit_key"),
            models.CheckConstraint(
                condition=models.Q(valid_from__lte=models.F("valid_to")), name="units_unit_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Body(models.Model):
    """One body beside the tree (health centre, bureau, school) in one stretch of time."""

    code = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=32)
    parent = models.CharField(max_length=32)  # the unit that it stands beside
    may_record = models.BooleanField(default=False)
    may_own = models.BooleanField(default=False)
    valid_from = models.DateField(default=date.min)
    valid_to = models.DateField(default=date.max)

    class Meta:
        db_table = "units_body"
        ordering = ("code", "valid_from")
        constraints = [
            models.UniqueConstraint(fields=("code", "valid_from"), name="units_body_key"),
            models.CheckConstraint(
                condition=models.Q(valid_from__lte=models.F("valid_to")), name="units_body_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Correction(models.Model):
    """A name that was corrected: what the row of a unit said before, who corrected it and when."""

    code = models.CharField(max_length=32)
    valid_from = models.DateField()
    former = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    corrected_at = models.DateTimeField()
    corrected_by = models.BigIntegerField(null=True)  # id of the user, as in the log

    class Meta:
        db_table = "units_correction"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.code} {self.former} → {self.name}"


class Change(models.Model):
    """A merge, split, rename or recode on a day; codes are separated by one space."""

    date = models.DateField()
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in ChangeKind]
    )
    sources = models.TextField()
    targets = models.TextField()

    class Meta:
        db_table = "units_change"
        ordering = ("date", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("date", "kind", "sources", "targets"), name="units_change_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind} {self.sources} → {self.targets}"


class Closure(models.Model):
    """``code`` rolls up to ``ancestor`` from ``valid_from`` to ``valid_to``, ``depth`` levels up.

    Every code ever known has a row to each of its ancestors, and to itself or its successor, on
    every day.  Written only from :meth:`taizhang.core.unit.tree.History.closure`.
    """

    ancestor = models.CharField(max_length=32)
    code = models.CharField(max_length=32)
    depth = models.SmallIntegerField()
    way = models.CharField(max_length=16)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        db_table = "units_closure"
        constraints = [
            models.UniqueConstraint(
                fields=("ancestor", "code", "valid_from"), name="units_closure_key"
            )
        ]
        indexes = [
            models.Index(fields=("code", "valid_from", "valid_to"), name="units_closure_code")
        ]

    def __str__(self) -> str:
        return f"{self.ancestor} ← {self.code}"
