"""Addresses of recording and of records."""

from __future__ import annotations

from django.urls import path

from taizhang.web.ledger.phone import views
from taizhang.web.ledger.record import views as views_records

app_name = "ledger"
urlpatterns = [
    path("records/", views_records.records, name="records"),
    path("records/<path:uid>/", views_records.record_page, name="record_page"),
    path("credits/", views_records.credits_page, name="credits"),
    path("credits/answer/", views_records.credit_answer, name="credit"),
    path("review/<path:uid>/", views_records.review, name="review"),
    path("archive/<path:uid>/", views_records.archive, name="archive"),
    path("evidence/<int:number>/", views_records.evidence, name="evidence"),
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
