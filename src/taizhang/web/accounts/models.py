"""Tables of people, their grants, and the instance itself."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Users(BaseUserManager["User"]):
    """Finds users by the name they log in with."""


class User(AbstractBaseUser):
    """A person who works with the ledger: the fewest fields, no mail address, no telephone."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=100, blank=True)  # as shown beside what they did
    is_active = models.BooleanField(default=True)
    # Somebody else chose the password: the person sets their own before anything else.
    must_change = models.BooleanField(default=False)
    # Counts up when the person signs out everywhere: sessions of an earlier count have ended.
    sessions_count = models.PositiveIntegerField(default=0)

    # When a person was last here is nobody's business; Django would note it at each log-in.
    last_login = None

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()

    class Meta:
        db_table = "accounts_user"
        ordering = ("username",)

    def __str__(self) -> str:
        if not self.name and self.username == Role.OWNER.value:
            return str(Role.OWNER.label)
        return self.name or self.username

    def check_password(self, raw_password: str | None) -> bool:
        """Compare and write nothing; ``own.password_rehash`` keeps it at today's cost."""
        return check_password(raw_password, self.password)

    def get_session_auth_hash(self) -> str:
        """Give what a session must carry: another password or count ends the older ones."""
        held = f"{self.password}\n{self.sessions_count}"
        return salted_hmac("taizhang.accounts.session", held, algorithm="sha256").hexdigest()


class Role(models.TextChoices):
    """What a person is; :mod:`taizhang.web.accounts.access` says what each may do."""

    OWNER = "owner", _("Owner at the command line")
    RECORDER = "recorder", _("Recorder")
    LEAD = "lead", _("Unit lead")
    REVIEWER = "reviewer", _("Street reviewer")
    OFFICER = "officer", _("District officer")
    ASSESSOR = "assessor", _("Assessor")
    VIEWER = "viewer", _("Reader")
    SYSTEM = "system", _("System administrator")
    SECURITY = "security", _("Security administrator")
    AUDITOR = "auditor", _("Audit administrator")


class Grant(models.Model):
    """A user has a role for a unit and all below it; ``unit`` is '' for the whole instance."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=16, choices=Role.choices)
    unit = models.CharField(max_length=32, blank=True)

    class Meta:
        db_table = "accounts_grant"
        constraints = [
            models.UniqueConstraint(fields=("user", "role", "unit"), name="accounts_grant_key")
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.unit}".strip()


class PastGrant(models.Model):
    """A role that was taken from somebody, and when: what waited on their phone may still come."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_grants")
    role = models.CharField(max_length=16)
    unit = models.CharField(max_length=32, blank=True)
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_pastgrant"

    def __str__(self) -> str:
        return f"{self.role} {self.unit}".strip()


class Instance(models.Model):
    """The host: one row of what holds for the whole instance."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    key = models.CharField(max_length=32)  # names its keys
    name = models.CharField(max_length=100, blank=True)
    synthetic = models.BooleanField(default=False)  # demo data: every page and document says so
    # What the instance began with; what was set since is in ClosingSetting.
    close_after = models.PositiveSmallIntegerField(null=True)
    starts_on = models.DateField(null=True)
    # Keyed digest of the code that lets the first administrators be made; '' when none waits.
    setup_digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_instance"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_instance_one")
        ]

    def __str__(self) -> str:
        return self.name or self.key


class ClosingSetting(models.Model):
    """What holds for closings from a day on, so that what was said before that day stays."""

    holds_from = models.DateField(unique=True)
    # A month is due on this day of the next month.
    closing_day = models.PositiveSmallIntegerField()
    # A month closes by itself so many days after its end; null: only by a person.
    close_after = models.PositiveSmallIntegerField(null=True)
    # Months before that of this day are never due; null: every month since records began.
    starts_on = models.DateField(null=True)

    class Meta:
        db_table = "accounts_closingsetting"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closing_day__gte=1, closing_day__lte=28),
                name="accounts_closingsetting_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.holds_from}"


class RecoveryCode(models.Model):
    """A code that stands in once for the one-time code of a lost telephone; kept as a digest."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "accounts_recoverycode"
        constraints = [
            models.UniqueConstraint(fields=("user", "digest"), name="accounts_recoverycode_key")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Hold(models.Model):
    """An administrator's account that rests after ``action`` until another one has confirmed it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="holds")
    action = models.CharField(max_length=32)  # as the log names it
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "accounts_hold"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="accounts_hold_confirmed",
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("asked_by"))
                & ~models.Q(confirmed_by=models.F("user")),
                name="accounts_hold_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.action}"


class Job(models.Model):
    """Long work that a person asked for; ``kind`` names the function in :mod:`.jobs`."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("At work")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=64)
    arguments = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="jobs")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # 0: not known
    finished_at = models.DateTimeField(null=True)
    answer = models.JSONField(default=dict)  # what the function gave back

    class Meta:
        db_table = "accounts_job"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or is at work, so that its page asks again."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
