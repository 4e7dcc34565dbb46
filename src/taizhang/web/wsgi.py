"""The application that ``taizhang serve`` hands to the web server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from taizhang.web.reception import Reception

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taizhang.web.settings")
#: Requests at work at once: one that waits for the database's one writer keeps no other from
#: answering, and more would only share the same processor.
PLACES = 4
application = Reception(get_wsgi_application(), PLACES)

from taizhang.web.desk.warm import warm_beside  # noqa: E402 - models exist only now

warm_beside()
