"""No browser keeps what it was shown to somebody: after log-out the machine knows nothing more."""

from collections import Counter
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from taizhang.web.accounts.models import User
from taizhang.web.accounts.permission import PUBLIC
from taizhang.web.accounts.routes import pages
from taizhang.web.instance.paths import Home
from tests.web.accounts.world import COMMUNITY, data_of, furnish, value_of

#: Answers that are the same for everybody and hold nobody's name.
SAME_FOR_ALL = {"office:document-style", "ledger:sw"}


@pytest.mark.usefixtures("instance")
def test_no_answer_to_a_person_is_kept() -> None:
    """Every address, whatever it answers: pages, pictures, files, errors, ways elsewhere."""
    furnish()
    answers: Counter[int] = Counter()
    kept = []
    for user in User.objects.filter(username__in=("recorder-own", "system-whole")):
        client = Client(headers={"host": "localhost"}, raise_request_exception=False)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for page in pages():
            door = page.door
            if door is None or "GET" not in door.methods or page.name == "accounts:sign_out":
                continue
            made = {name: value_of(page.name, name) for name in page.parameters}
            filled = {name: value.make(user) for name, value in made.items() if value is not None}
            asked = {"unit": COMMUNITY, **data_of(page.name)} if door.unit == "query" else {}
            address = reverse(page.name, kwargs=filled)
            response = client.get(f"{address}?{urlencode(asked, doseq=True)}")
            answers[response.status_code] += 1
            is_same = door.action == PUBLIC and page.name in SAME_FOR_ALL
            if "no-store" not in response.headers.get("Cache-Control", "") and not is_same:
                kept.append((user.username, page.name, response.status_code))
    assert kept == []
    assert answers[200] > 50
    assert answers[404] > 10
    nowhere = client.get("/no/such/page/")
    assert "no-store" in nowhere.headers["Cache-Control"]
    style = client.get("/static/web/base.css")
    assert "no-store" not in style.headers["Cache-Control"]
    style.close()


def test_a_picture_of_evidence_is_not_kept(instance: Home) -> None:
    from taizhang.web.ledger.models import Evidence

    furnish()
    client = Client(headers={"host": "localhost"})
    owner = User.objects.get(pk=Evidence.objects.values_list("attached_by", flat=True)[0])
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    number = Evidence.objects.values_list("pk", flat=True)[0]
    for asked in ("", "?small=1", "?keep=1"):
        response = client.get(f"/evidence/{number}/{asked}")
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "private, no-store"
