"""Tables of people, their grants, and the instance itself."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
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

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = Users()

    class Meta:
        db_table = "accounts_user"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name or self.username


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


class Instance(models.Model):
    """The host: one row of what holds for the whole instance."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    key = models.CharField(max_length=32)  # names its keys
    name = models.CharField(max_length=100, blank=True)
    synthetic = models.BooleanField(default=False)  # demo data: every page and document says so
    # A month closes by itself so many days after its end; null: only by a person.
    close_after = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_instance"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_instance_one")
        ]

    def __str__(self) -> str:
        return self.name or self.key
