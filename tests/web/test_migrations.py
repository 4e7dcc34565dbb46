"""The tables that migrations make are the tables of the models."""

import io

import pytest
from django.core.management import call_command

from taizhang.web.instance.paths import Home


@pytest.mark.usefixtures("instance")
def test_no_model_differs_from_its_migrations() -> None:
    out = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=3)
    except SystemExit as stop:
        pytest.fail(f"write the migration ({stop.code}):\n{out.getvalue()}")


def test_a_model_that_differs_is_seen(instance: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.web.accounts.models import User

    monkeypatch.setattr(User._meta.get_field("name"), "max_length", 99)
    with pytest.raises(SystemExit):
        call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())


@pytest.mark.usefixtures("instance")
def test_every_migration_is_applied_to_a_new_instance() -> None:
    call_command("migrate", check_unapplied=True, verbosity=0)
