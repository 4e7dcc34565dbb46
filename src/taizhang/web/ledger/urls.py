"""Addresses of recording and of records."""

from __future__ import annotations

from django.urls import path

from taizhang.web.ledger import views
from taizhang.web.ledger.urls_records import records_urlpatterns

app_name = "ledger"
urlpatterns = [
    *records_urlpatterns,
    path("record/", views.record, name="record"),
    path("record/form/<str:form>/", views.form, name="form"),
    path("record/forms/<str:form>.json", views.form_sheet, name="sheet"),
    path("record/known.json", views.known, name="known"),
    path("record/session.json", views.session, name="session"),
    path("record/queue/", views.queue, name="queue"),
    path("record/offline/", views.offline, name="offline"),
    path("record/send", views.send, name="send"),
    path("record/correct/<path:uid>/", views.correct, name="correct"),
    path("record/withdraw/<path:uid>/", views.withdraw, name="withdraw"),
    path("sw.js", views.service_worker, name="sw"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
