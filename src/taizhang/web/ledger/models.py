"""Tables of the ledger: what was recorded, and what it states.

``ledger_fact``, ``ledger_cube`` and ``ledger_closing`` are read by the engines of figures with
plain SQL: their names and columns are part of the contract (docs/reference/architecture.md).
Units are kept by code without a foreign key: a code lives through several dated rows.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.web.audit.models import SealedRow

UNIT = 32  # length of a unit code, grids included
KEY = 130  # length of a qualified key
DIMS = 400  # length of canonical dimensions
ENTITY = 100  # length of the name of an entity or of a person token
UID = 100
REASON = 500
STEP = 64
DOER = 150  # as a user name


class Record(SealedRow):
    """One submission of a form by one unit on a date; answers, unit and date never change."""

    uid = models.CharField(max_length=UID, unique=True)  # as the sender named it
    form = models.CharField(max_length=KEY)
    pack_version = models.CharField(max_length=32)  # whose form and rules took it in
    unit = models.CharField(max_length=UNIT)
    date = models.DateField()
    with_units = models.TextField(blank=True, default="")  # credited units, joined by spaces
    answers = models.TextField()  # clean answers as canonical JSON
    digest = models.CharField(max_length=64)  # sha256 of the submission as it was sent
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    withdraws = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="withdrawn_by"
    )
    reason = models.CharField(max_length=REASON, blank=True, default="")
    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    retired_at = models.DateTimeField(null=True)  # when a later record replaced or withdrew it
    # Of a record of a case, as it was sent; what is read from them lies above the ledger.
    case_uid = models.CharField(max_length=UID, blank=True, default="")
    step = models.CharField(max_length=STEP, blank=True, default="")
    hour = models.TimeField(null=True)  # time of day
    doer = models.CharField(max_length=DOER, blank=True, default="")  # name of the account

    class Meta:
        indexes = (
            models.Index(fields=("unit", "date"), name="record_unit_date"),
            models.Index(fields=("form", "date"), name="record_form_date"),
            # The list of all records begins with the newest, and their years with the oldest.
            models.Index(fields=("date",), name="record_date"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(replaces=None) | Q(withdraws=None), name="record_one_purpose"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None, withdraws=None) | ~Q(reason=""),
                name="record_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(retired_at__gte=F("accepted_at")),
                name="record_retired_after_accepted",
            ),
        )

    def __str__(self) -> str:
        return self.uid

    @property
    def credited(self) -> tuple[str, ...]:
        """Give the codes of the units it credits besides its own."""
        return tuple(self.with_units.split())


class Fact(models.Model):
    """What a record states of one measure for one unit; counted again at will."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, db_index=False)
    ordinal = models.PositiveIntegerField()
    measure = models.CharField(max_length=KEY)
    unit = models.CharField(max_length=UNIT)
    date = models.DateField()
    month = models.PositiveIntegerField()  # yyyymm
    low = models.BigIntegerField(null=True)  # ten-thousandths
    high = models.BigIntegerField(null=True)
    kind = models.PositiveSmallIntegerField()  # core.quantity.Kind
    dims = models.CharField(max_length=DIMS, blank=True, default="")
    entity = models.CharField(max_length=ENTITY, null=True)  # noqa: DJ001 - absent, not empty
    person = models.CharField(max_length=ENTITY, null=True)  # noqa: DJ001 - absent, not empty
    joint = models.BooleanField(default=False)
    accepted_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("measure", "unit", "date"), name="fact_measure_unit_date"),
            models.Index(fields=("measure", "month"), condition=Q(joint=True), name="fact_joint"),
            models.Index(
                fields=("retired_at",), condition=~Q(retired_at=None), name="fact_retired"
            ),
        )
        constraints = (
            # Also the index by record.
            models.UniqueConstraint(fields=("record", "ordinal", "unit"), name="fact_once"),
            models.CheckConstraint(condition=Q(kind__lte=5), name="fact_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=5, low=None, high=None) | (~Q(kind=5) & ~Q(low=None)),
                name="fact_missing_has_no_bounds",
            ),
            models.CheckConstraint(
                condition=Q(high=None) | Q(high__gte=F("low")), name="fact_bounds_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.unit} {self.date}"


class CreditAnswer(SealedRow):
    """What a unit that a record credits says to it; an input to every rebuild, never changed."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT)
    unit = models.CharField(max_length=UNIT)
    is_confirmed = models.BooleanField()
    reason = models.CharField(max_length=REASON, blank=True, default="")
    # The record before its correction, whose answer stands on; null where somebody answered.
    kept_from = models.ForeignKey(
        Record, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(is_confirmed=True) | ~Q(reason=""), name="credit_refused_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.unit}"


class Credit(models.Model):
    """How it stands with a unit that a record credits; follows from the answers, made anew at will.

    Only records that credit another unit have rows here.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, db_index=False)
    unit = models.CharField(max_length=UNIT)
    state = models.CharField(max_length=16)  # core.counting.credit.CreditState

    class Meta:
        indexes = (models.Index(fields=("unit", "state"), name="credit_unit_state"),)
        constraints = (
            # Also the index by record.
            models.UniqueConstraint(fields=("record", "unit"), name="credit_once"),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.unit} {self.state}"


class CreditStart(models.Model):
    """Since when credited units are asked: what was accepted before counts there without.

    One row, made when an instance of an older version is brought up to date; none in a new one.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="credit_start_one"),)

    def __str__(self) -> str:
        return f"{self.since}"


class Cube(models.Model):
    """Sums of the live facts that are not joint, for one unit, month, measure and dimensions."""

    pk = models.CompositePrimaryKey("measure", "unit", "month", "dims")
    measure = models.CharField(max_length=KEY)
    unit = models.CharField(max_length=UNIT)
    month = models.PositiveIntegerField()
    dims = models.CharField(max_length=DIMS, blank=True, default="")
    low = models.BigIntegerField()  # sum of the known lower bounds, ten-thousandths
    high = models.BigIntegerField()  # sum of the known upper bounds
    facts = models.PositiveIntegerField()
    open_high = models.PositiveIntegerField()  # facts without upper bound, missing ones included
    about = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    records = models.PositiveIntegerField()  # records whose first fact of the measure is here

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(facts__gte=1), name="cube_cell_holds_facts"),
            models.CheckConstraint(
                condition=Q(facts__gte=F("open_high"), open_high__gte=F("missing")),
                name="cube_counts_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure} {self.unit} {self.month} {self.dims}"


class Entity(models.Model):
    """A board, rack, case, agreement … that several records concern.

    People number their boards 1, 2, 3 in every community, so a key holds inside the unit whose
    record named it first; a successor of that unit goes on with the same entity.
    """

    dataset = models.CharField(max_length=KEY)
    unit = models.CharField(max_length=UNIT)
    key = models.CharField(max_length=ENTITY)
    latest = models.ForeignKey(
        "EntityState", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )  # null when every record of it was withdrawn
    due = models.DateField(null=True)  # of the latest state

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("dataset", "unit", "key"), name="entity_once"),
            models.CheckConstraint(
                condition=Q(due=None) | ~Q(latest=None), name="entity_due_needs_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dataset} {self.unit} {self.key}"


class EntityState(models.Model):
    """What one record says about one entity."""

    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, db_index=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT)
    unit = models.CharField(max_length=UNIT)
    date = models.DateField()
    label = models.CharField(max_length=200, blank=True, default="")
    properties = models.TextField()  # canonical JSON
    due = models.DateField(null=True)
    accepted_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # Also the index by entity.
            models.UniqueConstraint(fields=("entity", "record"), name="entity_state_once"),
        )

    def __str__(self) -> str:
        return f"{self.entity_id} {self.date}"


class Evidence(SealedRow):
    """A file attached to a record; its content lies encrypted in the media folder."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)  # sha256 of the stored (stripped) content
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    attached_at = models.DateTimeField()
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("record", "digest"), name="evidence_once"),)

    def __str__(self) -> str:
        return self.name


class Closing(SealedRow):
    """A unit's word that a month is complete for a pack, the zero report included."""

    pack = models.CharField(max_length=64)
    unit = models.CharField(max_length=UNIT)
    month = models.PositiveIntegerField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("pack", "unit", "month"), name="closing_once"),
        )

    def __str__(self) -> str:
        return f"{self.pack} {self.unit} {self.month}"


class Review(models.Model):
    """What a reviewer says of a record, or its unit in answer; it changes nothing that counts."""

    class Kind(models.TextChoices):
        """What was said."""

        ACCEPTED = "accepted", _("Accepted as it is")
        QUESTIONED = "questioned", _("Questioned")
        RETURNED = "returned", _("Returned")
        ANSWERED = "answered", _("Answered")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    note = models.CharField(max_length=REASON, blank=True, default="")
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind__in=("questioned", "returned")) | ~Q(note=""),
                name="review_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"
