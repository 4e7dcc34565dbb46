"""Tables: drafts of documents and their frozen versions; reviews of old texts and baselines."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.core.base.period import Period


class Draft(models.Model):
    """A document of a unit for a period, written anew from the ledger each time it is shown.

    ``template`` and ``pack_version`` say what it is written from; ``filled`` holds what people
    wrote into its blanks, by the blank's key.
    """

    template = models.CharField(max_length=130)  # pack.key
    pack_version = models.CharField(max_length=32)  # when drafted
    unit = models.CharField(max_length=32)
    title = models.CharField(max_length=300)
    first_month = models.PositiveIntegerField()
    last_month = models.PositiveIntegerField()
    as_of = models.DateField(null=True)  # null: what the ledger knows when it is shown
    filled = models.JSONField(default=dict)
    edition = models.PositiveIntegerField(default=0)  # counts the changes of filled
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True)  # thrown away before anything was frozen

    class Meta:
        indexes = (models.Index(fields=("unit", "-changed_at"), name="draft_of_unit"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="draft_months_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.template} {self.unit} {self.first_month}..{self.last_month}"

    @property
    def period(self) -> Period:
        """Give the period that the document is about."""
        return Period.from_numbers(self.first_month, self.last_month)


class DocumentVersion(models.Model):
    """A frozen document: its whole tree as canonical text with its SHA-256; never changed."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    as_of = models.DateField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    blanks = models.PositiveSmallIntegerField()  # left unfilled
    note = models.TextField(blank=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("draft", "number"), name="document_numbered_once"),
        )

    def __str__(self) -> str:
        return f"{self.draft_id}.{self.number}"


class Review(models.Model):
    """The review of an old text.  The text may name people: it is kept sealed, and only here."""

    unit = models.CharField(max_length=32)
    name = models.CharField(max_length=200)  # of the file
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    content = models.BinaryField()  # sealed with the instance's key
    kind = models.CharField(max_length=10, blank=True)  # what the reviewer says the text is
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (models.Index(fields=("unit", "-uploaded_at"), name="review_of_unit"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.unit}"


class Choice(models.Model):
    """What a reviewer decided on one finding; goes with the text."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="choices")
    finding = models.CharField(max_length=32)
    action = models.CharField(
        max_length=8,
        choices=(
            ("accept", _("accepted")),
            ("correct", _("corrected")),
            ("reject", _("rejected")),
        ),
    )
    fields = models.JSONField(default=dict)
    measure = models.CharField(max_length=130, blank=True)  # the measure that a figure speaks of
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("review", "finding"), name="choice_once_a_finding"),
            models.CheckConstraint(
                condition=Q(action__in=("accept", "correct", "reject")),
                name="choice_action_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.review_id} {self.finding} {self.action}"


class Baseline(models.Model):
    """A figure of an old text that a person accepted: shown beside figures, never counted.

    ``low`` and ``high`` are in ten-thousandths.  It keeps no words of the text but what was
    counted; where it stood is told by the digest of the file and the line.
    """

    unit = models.CharField(max_length=32)
    what = models.CharField(max_length=300)
    measure = models.CharField(max_length=130, blank=True)
    kind = models.CharField(max_length=8)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    counted_in = models.CharField(max_length=32, blank=True)  # 次, 人次, % …
    period = models.CharField(max_length=20, blank=True)
    as_of = models.DateField(null=True)
    every = models.CharField(max_length=20, blank=True)
    status = models.CharField(
        max_length=8, choices=(("current", _("current")), ("historic", _("historic")))
    )
    source = models.CharField(max_length=64)  # SHA-256 of the file
    line = models.PositiveIntegerField()
    finding = models.CharField(max_length=32)
    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)  # replaced by a later review, or taken back

    class Meta:
        indexes = (models.Index(fields=("unit", "measure"), name="baseline_of_measure"),)
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "source", "finding"),
                condition=Q(withdrawn_at__isnull=True),
                name="baseline_once_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("current", "historic")), name="baseline_status_is_known"
            ),
            # Figures of mechanisms that the law has ended are compared to nothing.
            models.CheckConstraint(
                condition=Q(status="current") | Q(measure=""), name="baseline_historic_is_unmapped"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=("exact", "at_least", "at_most", "between", "about", "missing")
                ),
                name="baseline_kind_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.what}"


class OutsideForm(models.Model):
    """A form of another office 外部报表: who asks for it, by what right, its template, its mapping.

    The template is a file from outside and may name people: it is kept sealed, as old texts are.
    Without one the form only stands in the catalogue.
    """

    unit = models.CharField(max_length=32)  # that keeps it; it and all below it fill it
    title = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=300, blank=True)  # legal basis
    approval = models.CharField(max_length=100, blank=True)  # number of approval or filing
    duty = models.CharField(max_length=200, blank=True)  # item of the list of duties 履职清单
    expires_on = models.DateField(null=True)
    name = models.CharField(max_length=200, blank=True)  # of the file
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file
    content = models.BinaryField(default=bytes)  # sealed
    mapping = models.TextField(blank=True)  # YAML
    edition = models.PositiveIntegerField(default=0)  # counts the changes
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("unit", "-kept_at"), name="outside_form_of_unit"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.unit}"


class FilledForm(models.Model):
    """A form of another office as it was filled: the whole book, its sources; never changed."""

    form = models.ForeignKey(OutsideForm, on_delete=models.PROTECT, related_name="filled")
    number = models.PositiveIntegerField()
    unit = models.CharField(max_length=32)
    first_month = models.PositiveIntegerField()
    last_month = models.PositiveIntegerField()
    as_of = models.DateField()
    content = models.BinaryField()  # sealed
    digest = models.CharField(max_length=64)  # SHA-256 of the filled book
    sources = models.TextField()  # JSON: a row a cell
    cells = models.PositiveIntegerField()  # filled from the ledger
    left = models.PositiveIntegerField()  # to a person
    filled_at = models.DateTimeField()
    filled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (models.Index(fields=("unit", "first_month"), name="filled_form_of_unit"),)
        constraints = (
            models.UniqueConstraint(fields=("form", "number"), name="filled_form_numbered_once"),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="filled_form_months_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.form_id}.{self.number}"

    @property
    def period(self) -> Period:
        """Give the period that it is about."""
        return Period.from_numbers(self.first_month, self.last_month)
