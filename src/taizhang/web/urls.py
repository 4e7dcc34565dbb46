"""Which address leads to which view."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from taizhang.web.base.health import healthz

#: What Django asks for when a request ended in an exception.
handler500 = "taizhang.web.base.trouble.fault"
urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language", set_language, name="set_language"),
    path("", include("taizhang.web.accounts.urls")),
    path("", include("taizhang.web.ledger.urls")),
    path("", include("taizhang.web.exchange.urls")),
    path("", include("taizhang.web.cases.urls")),
    path("", include("taizhang.web.things.urls")),
    path("", include("taizhang.web.figures.urls")),
    path("", include("taizhang.web.plans.urls")),
    path("", include("taizhang.web.assess.urls")),
    path("", include("taizhang.web.office.urls")),
    path("", include("taizhang.web.administration.urls")),
    path("", include("taizhang.web.desk.urls")),
]
