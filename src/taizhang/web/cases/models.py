"""Tables of cases: numbers given, and what the records of each case come to, kept for speed.

Only ``cases_number`` and ``cases_edition`` hold what is nowhere else; every other row is told anew
from the records by ``taizhang facts rebuild``.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from taizhang.web.ledger.models import KEY, STEP, UID, UNIT, Record
from taizhang.web.ledger.number import NUMBER, GivenNumber


class Number(GivenNumber):
    """The number of a case, from the counter of the unit that opened it."""

    uid = models.CharField(max_length=UID, primary_key=True)  # of the case
    provisional = models.CharField(max_length=NUMBER)  # under which a phone knew it before
    given_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "unit", "year", "serial"), name="number_once"),
        )
        indexes = (
            models.Index(fields=("number",), name="number_number"),
            models.Index(fields=("provisional",), name="number_provisional"),
        )


class Edition(models.Model):
    """The holidays of a year as known from a day on; days are ISO dates joined by spaces."""

    year = models.PositiveSmallIntegerField()
    known_from = models.DateField()
    rest = models.TextField()
    work = models.TextField(blank=True, default="")
    document = models.CharField(max_length=200, blank=True, default="")
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "known_from"), name="edition_once"),)

    def __str__(self) -> str:
        return f"{self.year} ({self.known_from})"


class Member(models.Model):
    """A record that belongs to a case, and the step that it is."""

    record = models.OneToOneField(Record, on_delete=models.PROTECT, primary_key=True)
    uid = models.CharField(max_length=UID, db_index=True)
    kind = models.CharField(max_length=KEY)
    step = models.CharField(max_length=STEP, blank=True)

    def __str__(self) -> str:
        return f"{self.uid} {self.step}"


class Case(models.Model):
    """Where a case stands after all that is known of it."""

    uid = models.CharField(max_length=UID, primary_key=True)
    kind = models.CharField(max_length=KEY)
    version = models.CharField(max_length=32)
    number = models.CharField(max_length=NUMBER, blank=True)
    title = models.CharField(max_length=200, blank=True)  # what it is about, from its opening
    opener = models.CharField(max_length=UNIT)
    opened = models.DateField()
    state = models.CharField(max_length=64)
    owner = models.CharField(max_length=UNIT)
    owner_since = models.DateField()
    ended = models.DateField(null=True)
    ended_aside = models.BooleanField(default=False)  # withdrawn or void
    before_start = models.BooleanField(default=False)
    due = models.DateField(null=True)
    reminder = models.DateField(null=True)
    standing = models.BooleanField(default=False)
    accepted = models.BooleanField(default=True)
    returned = models.BooleanField(default=False)  # its owner got it back, and did nothing since
    helpers = models.TextField(blank=True)  # codes joined by spaces
    idle = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=("owner", "ended", "due"), name="case_owner"),
            models.Index(fields=("kind", "ended", "due"), name="case_kind"),
            models.Index(fields=("opener", "ended", "due"), name="case_opener"),
            # The list of what is open begins with the longest due.
            models.Index(fields=("due", "uid"), condition=Q(ended=None), name="case_open"),
            models.Index(fields=("number",), name="case_number"),
        )

    def __str__(self) -> str:
        return self.number or self.uid


class Run(models.Model):
    """One run of a clock of a case: who owed a step, from when, until when."""

    pk = models.CompositePrimaryKey("uid", "ordinal")
    uid = models.CharField(max_length=UID)
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=KEY)
    clock = models.CharField(max_length=STEP)
    unit = models.CharField(max_length=UNIT)
    start = models.DateField()
    limit = models.DateField()
    due = models.DateField(null=True)  # null while it stands: it moves with every day
    standing = models.BooleanField(default=False)
    answered = models.DateField(null=True)
    was_due = models.DateField(null=True)
    counts = models.BooleanField(default=True)  # the case did not end aside

    class Meta:
        indexes = (
            models.Index(fields=("kind", "clock", "unit", "due"), name="run_due"),
            models.Index(fields=("unit",), condition=Q(answered=None), name="run_unit"),
        )

    def __str__(self) -> str:
        return f"{self.uid} {self.clock}"


class Party(models.Model):
    """A unit or body that has or had to do with a case: it, and those above, may see it."""

    pk = models.CompositePrimaryKey("unit", "uid")
    unit = models.CharField(max_length=UNIT)
    uid = models.CharField(max_length=UID, db_index=True)

    def __str__(self) -> str:
        return f"{self.unit} {self.uid}"
