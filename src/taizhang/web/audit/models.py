"""Tables of the log: its rows, its one head, and the states of rows that may change."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One write: who did what to which objects when, and the chain.

    Holds ids and keyed digests, never a value that people typed.
    """

    sequence = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without a gap
    # Text, not a moment: the hash covers exactly these characters on every database.
    at = models.CharField(max_length=32)
    actor = models.BigIntegerField(null=True)  # id of the user; null: the software itself
    action = models.CharField(max_length=64)
    objects_text = models.TextField(db_column="objects")  # JSON list of ids
    count = models.IntegerField()  # how many contents the digest covers
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    linked = models.BooleanField(default=False)  # each stored row that it covers names it
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_entry"

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class Head(models.Model):
    """The end of the chain; whoever appends locks this one row first."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    count = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_head"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_head_one")]

    def __str__(self) -> str:
        return f"{self.count}:{self.digest}"


#: Length of a seal: half of the keyed digest in hexadecimal, enough to tell which row was changed.
SEAL = 32


class SealedRow(models.Model):
    """A table whose rows the log covers one by one; rows of an older version name no row of it."""

    logged = models.BigIntegerField(null=True)  # sequence of the row of the log
    seal = models.CharField(max_length=SEAL, null=True)  # noqa: DJ001 - absent, not empty

    class Meta:
        abstract = True


class State(models.Model):
    """How a write left one row of a table whose rows may change; never changed itself."""

    pk = models.CompositePrimaryKey("sequence", "ordinal")
    sequence = models.BigIntegerField()  # of the row of the log
    ordinal = models.IntegerField()
    table = models.CharField(max_length=64)
    key = models.CharField(max_length=64)  # of the row in its table
    state = models.CharField(max_length=64, blank=True)  # keyed digest; '' when the row was gone

    class Meta:
        db_table = "audit_state"

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
