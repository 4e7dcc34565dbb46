"""A ledger whose lock another program keeps answers that it is busy, and stores nothing."""

import sqlite3

from django.db import connection

from taizhang.web.instance.paths import Home
from tests.web.exchange.furnish import Phone, lecture, message_of


def test_a_kept_lock_is_told_and_the_form_can_be_sent_again(phone: Phone, instance: Home) -> None:
    from taizhang.web.ledger.models import Record

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 200")
    other = sqlite3.connect(instance.database, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        response = phone.send(lecture("uuid:1"))
        assert response.status_code == 503
        assert response["Retry-After"] == "60"
        assert "台账正忙" in message_of(response)
        other.execute("ROLLBACK")
    finally:
        other.close()
    assert Record.objects.count() == 0
    assert phone.send(lecture("uuid:1")).status_code == 201
