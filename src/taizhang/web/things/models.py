"""Tables of things: numbers and merges, and what the records of each thing come to, for speed.

Only ``things_number`` and ``things_merge`` hold what is nowhere else; every other row is told anew
from the records by ``taizhang facts rebuild``.  A uid is ``list/unit:name``: the list, the unit
whose record named the thing first, and the name that records give it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from taizhang.web.audit.models import SealedRow
from taizhang.web.ledger.models import ENTITY, KEY, REASON, UNIT
from taizhang.web.ledger.number import NUMBER, GivenNumber

UID = KEY + UNIT + ENTITY + 2
NAME = 200
INITIALS = 100


class Number(GivenNumber):
    """The number of a thing, from the counter of the unit whose record named it first."""

    uid = models.CharField(max_length=UID, primary_key=True)
    given_by = models.BigIntegerField(null=True)  # null: the software, when a pack was installed

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "unit", "year", "serial"), name="thing_number_once"
            ),
        )


class Merge(SealedRow):
    """A person's word that two things are one, or, with ``undoes``, that they are two after all."""

    kept = models.CharField(max_length=UID)
    gone = models.CharField(max_length=UID)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="undone"
    )
    reason = models.CharField(max_length=REASON)
    acted_at = models.DateTimeField()
    acted_by = models.BigIntegerField()  # id of the user, as in the log

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(kept=models.F("gone")), name="merge_of_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"


class Alias(models.Model):
    """A name under which records speak of a thing, and the thing that it means after merges."""

    uid = models.CharField(max_length=UID, primary_key=True)
    thing = models.CharField(max_length=UID, db_index=True)
    dataset = models.CharField(max_length=KEY)
    unit = models.CharField(max_length=UNIT)  # whose record named it first
    key = models.CharField(max_length=ENTITY)
    number = models.CharField(max_length=NUMBER, blank=True)  # its own, merged or not

    class Meta:
        indexes = (
            models.Index(fields=("dataset", "unit", "key"), name="alias_key"),
            models.Index(fields=("number",), name="alias_number"),
            models.Index(fields=("key",), name="alias_bare_key"),
        )

    def __str__(self) -> str:
        return f"{self.uid} {self.number}"


class Thing(models.Model):
    """A thing as it stands after all that is known of it."""

    uid = models.CharField(max_length=UID, primary_key=True)
    dataset = models.CharField(max_length=KEY)
    kind = models.CharField(max_length=KEY)
    number = models.CharField(max_length=NUMBER, blank=True)
    name = models.CharField(max_length=NAME)
    place = models.CharField(max_length=NAME, blank=True)
    initials = models.CharField(max_length=INITIALS, blank=True)  # of the pinyin of name and place
    unit = models.CharField(max_length=UNIT)  # that has it now
    since = models.DateField()
    ended = models.DateField(null=True)
    due = models.DateField(null=True)
    last = models.DateField()  # of its latest record

    class Meta:
        indexes = (
            # The list of a kind begins with what is due first, then by number.
            models.Index(fields=("kind", "ended", "due", "number"), name="thing_kind"),
            models.Index(fields=("unit", "kind", "ended"), name="thing_unit"),
            models.Index(fields=("due",), condition=Q(ended=None), name="thing_due"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
