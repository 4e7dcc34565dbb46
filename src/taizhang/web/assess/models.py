"""Tables: decisions of assessors, assessments with their frozen versions, appeals."""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from taizhang.core.base.period import Period
from taizhang.core.base.quantity import SCALE


def months_of(period: Period) -> dict[str, int]:
    """Give a period as the tables hold it: its first and last month (yyyymm)."""
    return {"first_month": period.first.number, "last_month": period.last.number}


class Decision(models.Model):
    """What an assessor decided for one item, unit and period; never changed, the latest stands.

    ``points`` are stored in ten-thousandths.  ``errors`` of ``checked`` fields is what a sample
    found, where the rubric turns it into points.  A decision that answers an appeal (``appeal``) or
    a stated circumstance stands in place of whatever the rule gave.
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
    appeal = models.OneToOneField(
        "assess.Appeal", on_delete=models.PROTECT, null=True, related_name="decision"
    )
    circumstance = models.OneToOneField(
        "assess.Circumstance", on_delete=models.PROTECT, null=True, related_name="decision"
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
            models.CheckConstraint(
                condition=Q(appeal__isnull=True) | Q(points__isnull=False),
                name="decision_on_appeal_gives_points",
            ),
            models.CheckConstraint(
                condition=Q(circumstance__isnull=True)
                | Q(points__isnull=False, appeal__isnull=True),
                name="decision_for_circumstance_gives_points",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rubric} {self.item} {self.unit} {self.first_month}..{self.last_month}"

    @property
    def given(self) -> Fraction | None:
        """Give the points that were decided."""
        return None if self.points is None else Fraction(self.points, SCALE)


class State(models.TextChoices):
    """How far an assessment has come."""

    OPEN = "open", _("open")
    SCORED = "scored", _("scored")
    PUBLISHED = "published", _("published, appeals are heard")
    SIGNED = "signed", _("signed off")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Round(models.Model):
    """The assessment of some units by one rubric for one period, under its filed plan number."""

    rubric = models.CharField(max_length=64)
    title = models.CharField(max_length=200)  # of the rubric, as it was when opened
    unit = models.CharField(max_length=32)  # the office that assesses
    first_month = models.PositiveIntegerField()
    last_month = models.PositiveIntegerField()
    plan_number = models.CharField(max_length=120)  # 督检考 备案号
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    run_at = models.DateTimeField(null=True)  # begin of the last computing of all scores
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    appeal_until = models.DateField(null=True)  # its end is the deadline
    closed_at = models.DateTimeField(null=True)  # signed or withdrawn
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_reason = models.TextField(blank=True)
    #: Why units are assessed twice for overlapping periods; no value where none is, so that rows
    #: of an earlier version stay as the log knows them.
    overlap_reason = models.TextField(null=True, blank=True)  # noqa: DJ001

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="round_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(plan_number=""), name="round_has_its_plan_number"),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="round_months_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("published", "signed"))
                | Q(published_at__isnull=False, appeal_until__isnull=False),
                name="round_published_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("signed", "withdrawn"), closed_at__isnull=False)
                | Q(~Q(state__in=("signed", "withdrawn")), closed_at__isnull=True),
                name="round_closed_at_its_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rubric} {self.first_month}..{self.last_month} {self.unit}"

    @property
    def period(self) -> Period:
        """Give the period that is assessed."""
        return Period.from_numbers(self.first_month, self.last_month)


class Assessment(models.Model):
    """One unit in a round.  ``draft`` is its score as computed last, before anything is frozen."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assessments")
    rubric = models.CharField(max_length=64)
    unit = models.CharField(max_length=32)
    unit_name = models.CharField(max_length=100)
    first_month = models.PositiveIntegerField()
    last_month = models.PositiveIntegerField()
    live = models.BooleanField(default=True)  # false once the round is withdrawn
    draft = models.TextField(blank=True)
    scored_at = models.DateTimeField(null=True)
    #: total, max, pending, lost, bonus as they are shown, and how many items wait
    shown = models.JSONField(default=dict)
    accepted_at = models.DateTimeField(null=True)  # the unit accepts its result, no appeal follows
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("rubric", "first_month", "last_month", "unit"),
                condition=Q(live=True),
                name="assessment_once_a_period",
            ),
            models.UniqueConstraint(fields=("round", "unit"), name="assessment_once_in_its_round"),
        )

    def __str__(self) -> str:
        return f"{self.rubric} {self.first_month}..{self.last_month} {self.unit}"

    @property
    def period(self) -> Period:
        """Give the period that is assessed."""
        return Period.from_numbers(self.first_month, self.last_month)


class Stage(models.TextChoices):
    """What a frozen version is."""

    PUBLISHED = "published", _("published")
    SIGNED = "signed", _("signed off")
    CORRECTED = "corrected", _("corrected")


class Version(models.Model):
    """A frozen score: canonical text and its SHA-256; never changed, never deleted."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=10, choices=Stage.choices)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "number"), name="version_numbered_once"),
            models.UniqueConstraint(
                fields=("assessment", "stage"),
                condition=Q(stage__in=("published", "signed")),
                name="version_published_and_signed_once",
            ),
            models.CheckConstraint(
                condition=~Q(stage="corrected") | ~Q(reason=""),
                name="version_corrected_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id}.{self.number} {self.stage}"


class Outcome(models.TextChoices):
    """What became of an appeal."""

    DISMISSED = "dismissed", _("the score stands")
    ALLOWED = "allowed", _("the score is changed")


class Appeal(models.Model):
    """A unit asks for the points of one item; answered once, by somebody who did not decide it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="appeals")
    item = models.CharField(max_length=64)
    text = models.TextField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=9, blank=True, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "item"), name="appeal_once_an_item"),
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_something"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(
                    ~Q(reason=""),
                    outcome__in=Outcome.values,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="appeal_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.item}"


class CircumstanceOutcome(models.TextChoices):
    """What became of a stated circumstance."""

    DECLINED = "declined", _("not adjusted")
    ADJUSTED = "adjusted", _("adjusted")


class Circumstance(models.Model):
    """What a unit states about an item before publication: once, answered once by somebody else."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="circumstances"
    )
    item = models.CharField(max_length=64)
    text = models.TextField()  # about the unit's work, never about a person
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=8, blank=True, choices=CircumstanceOutcome.choices)
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "item"), name="circumstance_once_an_item"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="circumstance_says_something"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(
                    ~Q(reason=""),
                    outcome__in=CircumstanceOutcome.values,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="circumstance_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.item}"
