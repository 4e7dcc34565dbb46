"""The application that ``taizhang serve`` hands to the web server."""

from __future__ import annotations

import sys

from taizhang.web.instance.reception import Limits, Reception
from taizhang.web.instance.wsgi import application as django_application


def session_known(key: str) -> bool:
    """Say whether a key is that of a session that has not ended."""
    from django.contrib.sessions.models import Session
    from django.db import close_old_connections
    from django.utils import timezone

    close_old_connections()
    return Session.objects.filter(session_key=key, expire_date__gt=timezone.now()).exists()


#: Seconds until a thread at work lets another go on: the loop that takes requests in, above all.
sys.setswitchinterval(0.002)
application = Reception(django_application, session_known, Limits())

from taizhang.web.desk.warmup import warm_beside  # noqa: E402 - models exist only now

warm_beside()
